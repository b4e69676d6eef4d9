"""Read Word and PDF files in a process of its own, bounded in time and memory.

Such files are made by anybody, and a small one can ask for hours or gigabytes. What goes wrong in
there ends that process only.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from learn.authoring.documents.blocks import BlockDocument, BlockKind, TextBlock

SECONDS = 60
_MEMORY = 1536 * 2**20
_PACKAGES = {"word": "mammoth", "pdf": "pypdf"}


class SandboxError(Exception):
    """Raised for a file that isn't read; the message goes on after the file's name."""


def read_in_sandbox(kind: str, path: Path) -> BlockDocument:
    """Read the file in another process; `kind` is “word” or “pdf”."""
    try:
        ran = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__, kind, str(path.absolute())],
            capture_output=True,
            timeout=SECONDS + 5,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SandboxError("takes too long to read") from error
    if ran.returncode:
        raise SandboxError("takes too long, or too much memory, to read")
    data = json.loads(ran.stdout)
    if "refused" in data:
        raise SandboxError(data["refused"])
    blocks = (
        TextBlock(text, BlockKind[kind_], 0, doubt, is_first)
        for text, kind_, doubt, is_first in data["blocks"]
    )
    return BlockDocument(tuple(blocks), data["title"], data["language"], tuple(data["notes"]))


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _read(kind: str, path: Path) -> BlockDocument:
    if kind == "word":
        from learn.authoring.documents.word import read_word  # noqa: PLC0415 - only one of them

        return read_word(path)
    from learn.authoring.documents.pdf import read_pdf  # noqa: PLC0415

    return read_pdf(path)


def main(kind: str, path: Path) -> dict[str, object]:
    """Return what the file says, or why it isn't read, as values for JSON."""
    from learn.authoring.documents.pdf import PdfError  # noqa: PLC0415
    from learn.authoring.documents.word import WordError  # noqa: PLC0415

    try:
        read = _read(kind, path)
    except (PdfError, WordError) as error:
        return {"refused": str(error)}
    except ModuleNotFoundError as error:
        if error.name != _PACKAGES[kind]:
            raise
        name = "Word documents" if kind == "word" else "PDF"
        return {"refused": f"needs a reader for {name}: pip install 'learn-all[documents]'"}
    except (MemoryError, RecursionError):
        return {"refused": "takes too much memory to read"}
    except Exception:  # noqa: BLE001 - whatever the library stumbles over, the file is why
        return {
            "refused": f"is not a {'Word document' if kind == 'word' else 'PDF'} that can be read"
        }
    blocks = [(b.text, b.kind.name, b.doubt, b.is_first) for b in read.blocks]
    return {
        "blocks": blocks,
        "title": read.title,
        "language": read.language,
        "notes": read.notes,
    }


if __name__ == "__main__":
    _bound()
    json.dump(main(sys.argv[1], Path(sys.argv[2])), sys.stdout)
