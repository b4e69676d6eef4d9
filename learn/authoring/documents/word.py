"""Read Word documents (.docx), in a process of its own: see `apart`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from learn.authoring.documents.blocks import BlockDocument
from learn.authoring.documents.html import read_html

_UNPACKED = 64 * 2**20  # bytes of XML
_RATIO = 200  # how much smaller than its text a part can be
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
comment-reference => !
"""
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class WordError(Exception):
    """Raised for a file that isn't read; the message goes on after the file's name."""


def read_word(path: Path) -> BlockDocument:
    """Read a Word document. Macros are never run, and nothing outside the file is opened."""
    import mammoth  # noqa: PLC0415 - optional

    _check(path)
    with path.open("rb") as file:
        converted = mammoth.convert_to_html(
            file,
            style_map=_STYLES,
            convert_image=lambda _image: [],
            include_embedded_style_map=False,
            external_file_access=False,
        )
    return read_html(f"<main>{converted.value}</main>")


def _check(path: Path) -> None:
    """Refuse what is no Word document, or would unpack to more than a document has."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "word/document.xml" not in {part.filename for part in parts}:
                raise WordError("is not a Word document (.docx)")
            if any(part.flag_bits & 1 for part in parts):
                raise WordError("is encrypted: save it without a password")
            texts = [p for p in parts if p.filename.endswith((".xml", ".rels"))]
            size = sum(part.file_size for part in texts)
            if size > _UNPACKED or any(
                p.file_size > 2**20 and p.file_size > _RATIO * max(p.compress_size, 1)
                for p in texts
            ):
                raise WordError("unpacks to far more than a document has")
            for part in texts:
                with archive.open(part) as content:
                    if _ENTITY.search(content.read(part.file_size + 1)):
                        raise WordError("has definitions in its XML that no document needs")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise WordError("is not a whole Word document (.docx)") from error
