"""Read any document into sentences, by the version of the reader that a ledger names.

Reader 1 knew plain text and a little of Markdown. A folder that was begun with it is compared by
its rules until `learn source rebase`, so that a better reader rings no false alarm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from learn.authoring.documents.blocks import (
    BOLD_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    is_dated_line,
)
from learn.authoring.documents.html import NestedError, read_html
from learn.authoring.documents.markdown import read_markdown
from learn.authoring.documents.plain import read_plain
from learn.authoring.documents.sandbox import SandboxError, read_in_sandbox
from learn.authoring.documents.sentences import language_of, split
from learn.authoring.source_text import (
    LARGEST,
    DocumentError,
    Sentence,
    read_file,
    read_sentences,
    words,
)

NEWEST = 2
_LARGEST_FILE = {"html": 10 * 2**20, "word": 20 * 2**20, "pdf": 20 * 2**20}
_MARKDOWN = frozenset({".md", ".markdown", ".mkd", ".mdown", ".qmd", ".rmd", ".mdx"})
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as sentences; `text` is all that it says, for digests of its runs of words.

    `place` names what the numbers of its sentences count, and `notes` what the reader can't know.
    """

    sentences: tuple[Sentence, ...]
    title: str = ""
    language: str = ""
    place: str = "line"
    parts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All sentences, one a line."""
        return "\n".join(s.text for s in self.sentences)


def read_document(path: Path, reader: int = NEWEST) -> ReadDocument:
    """Read a document by its kind. Raises DocumentError."""
    kind = _kind(path)
    if reader == 1 and kind in {"markdown", "plain", "html"}:
        return ReadDocument(tuple(read_sentences(read_file(path))))
    return to_sentences(_read(kind, path))


def read_text(text: str, *, markdown: bool = True) -> ReadDocument:
    """Read a text that is at hand."""
    return to_sentences(read_markdown(text) if markdown else read_plain(text))


def to_sentences(document: BlockDocument) -> ReadDocument:
    """Split the blocks of a document into sentences.

    A format without lines numbers its blocks.
    """
    blocks = [b for b in document.blocks if words(b.text) and not is_dated_line(b.text)]
    if all(b.kind is not BlockKind.HEADING for b in blocks):
        blocks = [
            replace(b, kind=BlockKind.HEADING) if b.doubt == BOLD_DOUBT else b for b in blocks
        ]
    language = language_of("\n".join(b.text for b in blocks)) or document.language
    has_lines = any(block.line for block in blocks)
    heading = ""
    found: list[Sentence] = []
    for number, block in enumerate(blocks, 1):
        is_heading = block.kind is BlockKind.HEADING
        heading = block.text if is_heading else heading
        whole = is_heading or block.kind is BlockKind.ROW
        found += (
            Sentence(part, heading, is_heading, block.line if has_lines else number, block.doubt)
            for part in ([block.text] if whole else split(block.text, language))
            if words(part)
        )
    return ReadDocument(
        tuple(found),
        document.title,
        language,
        "line" if has_lines else "paragraph",
        parts_of(blocks),
        document.notes,
    )


def parts_of(blocks: Sequence[TextBlock]) -> dict[str, int]:
    """Count the parts of a document, as somebody does who goes through it with a pencil."""
    kinds = Counter(block.kind for block in blocks)
    return {
        "heading": kinds[BlockKind.HEADING],
        "paragraph": kinds[BlockKind.TEXT],
        "list item": kinds[BlockKind.ITEM],
        "table": sum(block.is_first for block in blocks),
        "row": kinds[BlockKind.ROW],
    }


def _kind(path: Path) -> str:
    """Return the kind of a file, by its first bytes before its name."""
    try:
        with path.open("rb") as file:
            first = file.read(4096)
    except OSError:
        return "plain"  # reading it says why
    suffix = path.suffix.lower()
    if first.lstrip()[:5] == b"%PDF-" or (suffix == ".pdf" and first):
        return "pdf"
    if first[:4] == b"PK\x03\x04" or (suffix in {".docx", ".docm", ".dotx"} and first):
        return "word"
    if suffix in {".html", ".htm", ".xhtml"} or _HTML.match(first.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "markdown" if suffix in _MARKDOWN else "plain"


def _read(kind: str, path: Path) -> BlockDocument:
    if kind in {"word", "pdf"}:
        _check_size(path, kind)
        try:
            read = read_in_sandbox(kind, path)
        except SandboxError as error:
            raise DocumentError(f"{path} {error}.") from error
    elif kind == "html":
        try:
            read = read_html(_decoded(path))
        except NestedError as error:
            raise DocumentError(f"{path} nests its parts far too deep for a page.") from error
    else:
        text = read_file(path)
        return read_markdown(text) if kind == "markdown" else read_plain(text)
    size = sum(len(b.text) for b in read.blocks)
    if size > LARGEST:
        raise DocumentError(
            f"{path} has {size / 2**20:.1f} MB of text; a document has at most 2 MB."
        )
    if not size:
        raise DocumentError(f"{path} has no text in it.")
    return read


def _check_size(path: Path, kind: str) -> None:
    size, largest = path.stat().st_size, _LARGEST_FILE[kind]
    if size > largest:
        raise DocumentError(
            f"{path} has {size / 2**20:.1f} MB; such a document has at most {largest // 2**20} MB."
        )


def _decoded(path: Path) -> str:
    """Return the text of a web page, in the encoding that it names."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE["html"] else b""
    except OSError:
        raw = b""
    named = _CHARSET.search(raw[:4096])
    if named and raw[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return raw.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return read_file(path, _LARGEST_FILE["html"])
