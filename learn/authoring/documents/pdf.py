"""Read the text of PDF files, in a process of its own: see `apart`.

A PDF has letters in places, no paragraphs. Lines are put together by their distance, what repeats
at the top or bottom of pages is left out, and larger letters make a heading, which is a doubt
unless the bookmarks name it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from learn.authoring.documents.blocks import (
    SIZE_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    has_words,
    plain,
)
from learn.authoring.source_text import words

_PAGES = 500
_HEADING_WORDS = 16
_SHORT = 0.6  # of the length of a full line, after which a paragraph or item has ended
_BULLET = re.compile(r"\s*(?:[•◦▪‣·●○■–]|\(?\d{1,2}[.)]\s|[\uf0b7\uf0a7])\s*")


class PdfError(Exception):
    """Raised for a file that isn't read; the message goes on after the file's name."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    y: float
    page: int


def read_pdf(path: Path) -> BlockDocument:
    """Read the text of a PDF."""
    from pypdf import PdfReader  # noqa: PLC0415 - optional
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise PdfError("is encrypted: save it without a password")
        if len(reader.pages) > _PAGES:
            raise PdfError(f"has {len(reader.pages)} pages; a document has at most {_PAGES}")
        lines = [line for number, page in enumerate(reader.pages) for line in _lines(page, number)]
        named = {words(title) for title in _bookmarks(reader.outline)}
        info = reader.metadata
        title = plain(str(info.title or "")) if info is not None else ""
        language = str(reader.root_object.get("/Lang", ""))[:2].lower()
    except DependencyError as error:
        raise PdfError("is encrypted: save it without a password") from error
    except PyPdfError as error:
        raise PdfError("is not a whole PDF") from error
    if not any(has_words(line.text) for line in lines):
        raise PdfError("has no text in it: its pages are pictures. Use a copy with text")
    blocks = tuple(_blocks(_without_repeats(lines, len(reader.pages)), named))
    is_file_name = re.search(r"\.\w{2,5}$", title) is not None or "_" in title
    return BlockDocument(
        blocks, "" if is_file_name else title, language if language.isalpha() else ""
    )


def _lines(page: Any, number: int) -> Iterator[_Line]:
    parts: list[tuple[str, float, float]] = []

    def visit(text: str, cm: Any, tm: Any, _font: Any, size: float) -> None:
        scale = abs(float(tm[3]) or float(tm[0])) * (abs(float(cm[3])) or 1)
        y = float(tm[5]) * float(cm[3]) + float(cm[5])
        if text.strip():
            parts.append((text, round(float(size) * scale, 1), y))
        elif text and parts:
            parts.append((text, parts[-1][1], parts[-1][2]))

    page.extract_text(visitor_text=visit)
    said: list[str] = []
    sizes: Counter[float] = Counter()
    y = 0.0

    def done() -> Iterator[_Line]:
        text = "".join(said).strip()
        if text:
            yield _Line(text, sizes.most_common(1)[0][0], y, number)
        said.clear()
        sizes.clear()

    for text, size, at in parts:
        for place, piece in enumerate(text.split("\n")):
            if place:
                yield from done()
            if piece.strip():
                sizes[size] += len(piece)
                y = at
            said.append(piece)
    yield from done()


def _bookmarks(outline: Iterable[Any]) -> Iterator[str]:
    left = [*outline]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += one
        else:
            yield str(getattr(one, "title", "") or "")


def _without_repeats(lines: list[_Line], pages: int) -> list[_Line]:
    """Leave out page numbers, and lines that stand at the edge of most pages."""
    by_page: dict[int, list[_Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    edges = [line for page in by_page.values() for line in {*page[:2], *page[-2:]}]
    often = Counter(re.sub(r"\d+", "#", line.text) for line in edges)
    at_edge = {id(line) for line in edges}
    return [
        line
        for line in lines
        if id(line) not in at_edge
        or not (
            (pages > 2 and often[re.sub(r"\d+", "#", line.text)] * 2 > pages)
            or re.fullmatch(r"(?:page\s*)?\d{1,4}(?:\s*(?:of|/|de)\s*\d{1,4})?", line.text.lower())
        )
    ]


def _blocks(lines: list[_Line], named: set[tuple[str, ...]]) -> Iterator[TextBlock]:
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    gaps = Counter(
        round(before.y - line.y)
        for before, line in pairwise(lines)
        if before.page == line.page and before.size == line.size == body and before.y > line.y
    )
    usual = min((g for g, n in gaps.items() if n * 4 >= max(gaps.values())), default=0)
    lengths = sorted(len(line.text) for line in lines if line.size == body)
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    said: list[str] = []
    kind, doubt = BlockKind.TEXT, ""
    before: _Line | None = None
    for line in lines:
        is_large = line.size > body * 1.12 or words(line.text) in named
        bullet = _BULLET.match(line.text)
        goes_on = (
            before is not None
            and not bullet
            and not (len(before.text) < _SHORT * full and _begins(line.text))
            and (line.size > body * 1.12) == (before.size > body * 1.12)
            and _is_next(before, line, usual, is_large=is_large)
        )
        if not goes_on and said:
            yield from _block(said, kind, doubt)
            said = []
        if not said:
            is_heading = is_large and len(words(line.text)) <= _HEADING_WORDS
            kind = BlockKind.HEADING if is_heading else BlockKind.TEXT
            doubt = SIZE_DOUBT if is_heading and words(line.text) not in named else ""
        said.append(line.text[bullet.end() :] if bullet else line.text)
        before = line
    yield from _block(said, kind, doubt)


def _begins(text: str) -> bool:
    """Whether a line begins with a capital or a number."""
    first = next((c for c in text if c.isalnum()), "a")
    return not first.islower()


def _is_next(before: _Line, line: _Line, usual: int, *, is_large: bool) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if before.page != line.page:
        return before.text[-1:] not in '.!?:”"' and line.text[:1].islower()
    if is_large:
        return before.y - line.y <= line.size * 1.5 and before.size == line.size
    return not usual or 0 <= before.y - line.y <= usual * 1.25 + 1


def _block(lines: list[str], kind: BlockKind, doubt: str) -> Iterator[TextBlock]:
    text = ""
    for line in lines:
        if text.endswith(("-", "\u00ad")) and line[:1].islower() and text[-2:-1].isalpha():
            text = text[:-1] + line  # a word that was broken at the end of the line
        else:
            text = f"{text} {line}" if text else line
    if has_words(said := plain(text)):
        yield TextBlock(said, kind, doubt=doubt)
