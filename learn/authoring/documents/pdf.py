"""Read the text of PDF files, in a process of its own: see `sandbox`.

A PDF has letters in places, no paragraphs. Lines are put together by their distance, columns and
tables by where words begin (see `pdf_lines`), what repeats at the top or bottom of pages is left
out, and larger letters make a heading, which is a doubt unless the bookmarks name it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from learn.authoring.documents.blocks import (
    HYPHEN_DOUBT,
    PLACES_DOUBT,
    SIZE_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    has_words,
    plain,
    row_text,
)
from learn.authoring.documents.pdf_lines import BULLET, PageTable, PageText, read_page
from learn.authoring.source_text import words

_BROKEN = re.compile(r"([^\W_]+(?:-[^\W_]+)*)-$")
_BEGINNING = re.compile(r"[^\W_]+")
_PAGES = 500
_HEADING_WORDS = 16
_SHORT = 0.6  # of the length of a full line, after which a paragraph or item has ended
_EDGE = 3  # lines at the top and at the bottom of a page
_SAME_HEIGHT = 3.0  # points
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|página|pág\.)\s*)?\d{1,4}(?:\s*(?:of|/|de)\s*\d{1,4})?[-–—|\s]*"
)


class PdfError(Exception):
    """Raised for a file that isn't read; the message goes on after the file's name."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    y: float
    page: int
    x: float = 0.0
    table: PageTable | None = None


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
        pages = [read_page(page) for page in reader.pages]
        lines = [line for number, page in enumerate(pages) for line in _on_page(page, number)]
        named = {words(title) for title in _bookmarks(reader.outline)}
        info = reader.metadata
        title = plain(str(info.title or "")) if info is not None else ""
        has_form = "/AcroForm" in reader.root_object
        language = str(reader.root_object.get("/Lang", ""))[:2].lower()
    except DependencyError as error:
        raise PdfError("is encrypted: save it without a password") from error
    except PyPdfError as error:
        raise PdfError("is not a whole PDF") from error
    if not any(line.table or has_words(line.text) for line in lines):
        raise PdfError("has no text in it: its pages are pictures. Use a copy with text")
    if re.search(r"\.\w{2,5}$", title) or "_" in title:  # the name of a file
        title = ""
    named |= {words(title)}
    blocks = tuple(_blocks(_without_repeats(lines, len(reader.pages)), named))
    return BlockDocument(
        blocks,
        title,
        language if language.isalpha() else "",
        tuple(_notes(pages, has_form=has_form)),
    )


def _on_page(read: PageText, number: int) -> Iterator[_Line]:
    for part in read.parts:
        if isinstance(part, PageTable):
            yield _Line("", 0.0, 0.0, number, table=part)
        else:
            yield _Line(part.text, part.size, part.y, number, part.x)


def _notes(pages: Sequence[PageText], *, has_form: bool) -> Iterator[str]:
    """Say what isn't read, or may be read in another order than it stands."""
    if empty := [n for n, page in enumerate(pages, 1) if not page.parts]:
        yield f"{_named(empty)} no text: it is a picture, or empty, and nothing of it was read."
    if columns := [n for n, page in enumerate(pages, 1) if page.has_columns]:
        yield f"{_named(columns)} columns, which were read one after the other."
    if has_form:
        yield "What is filled into its form isn't read."


def _named(pages: Sequence[int]) -> str:
    if len(pages) == 1:
        return f"Page {pages[0]} has"
    first = ", ".join(map(str, pages[:-1]))
    return f"Each of the pages {first} and {pages[-1]} has"


def _bookmarks(outline: Iterable[Any]) -> Iterator[str]:
    left = [*outline]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left += one
        else:
            yield str(getattr(one, "title", "") or "")


def _without_repeats(lines: list[_Line], pages: int) -> list[_Line]:
    """Leave out page numbers, and lines that stand at the same edge of several pages."""
    by_page: dict[int, list[_Line]] = {}
    for line in lines:
        if line.table is None:
            by_page.setdefault(line.page, []).append(line)
    edges = [
        line
        for page in by_page.values()
        for at in (sorted(page, key=lambda one: one.y),)
        for line in {id(one): one for one in [*at[:_EDGE], *at[-_EDGE:]]}.values()
    ]
    places: dict[str, list[_Line]] = {}
    for line in edges:
        places.setdefault(_DIGITS.sub("#", line.text), []).append(line)
    often = max(2, pages * 2 / 5)
    repeated = {
        id(line)
        for line in edges
        if sum(
            abs(other.y - line.y) < _SAME_HEIGHT for other in places[_DIGITS.sub("#", line.text)]
        )
        >= often
        or _PAGE_NUMBER.fullmatch(line.text.lower())
    }
    return [line for line in lines if id(line) not in repeated]


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
    known = _whole_words(lines)
    said: list[str] = []
    kind, doubt = BlockKind.TEXT, ""
    before: _Line | None = None
    for line in lines:
        if line.table is not None:
            yield from _block(said, kind, doubt, known)
            yield from _rows(line.table)
            said, before = [], None
            continue
        is_large = line.size > body * 1.12 or words(line.text) in named
        bullet = BULLET.match(line.text)
        goes_on = (
            before is not None
            and not bullet
            and not (len(before.text) < _SHORT * full and _begins(line.text))
            and (line.size > body * 1.12) == (before.size > body * 1.12)
            and _is_next(before, line, usual, is_large=is_large)
        )
        if not goes_on:
            yield from _block(said, kind, doubt, known)
            said = []
            is_heading = is_large and len(words(line.text)) <= _HEADING_WORDS
            kind = BlockKind.ITEM if bullet else BlockKind.TEXT
            kind = BlockKind.HEADING if is_heading else kind
            doubt = SIZE_DOUBT if is_heading and words(line.text) not in named else ""
        said.append(line.text[bullet.end() :] if bullet else line.text)
        before = line
    yield from _block(said, kind, doubt, known)


def _rows(table: PageTable) -> Iterator[TextBlock]:
    doubt = PLACES_DOUBT
    for cells in table.rows:
        if has_words(row := row_text(table.heads, [plain(cell) for cell in cells])):
            yield TextBlock(row, BlockKind.ROW, doubt=doubt, is_first=bool(doubt))
            doubt = ""


def _begins(text: str) -> bool:
    """Whether a line begins with a capital or a number."""
    first = next((c for c in text if c.isalnum()), "a")
    return not first.islower()


def _is_next(before: _Line, line: _Line, usual: int, *, is_large: bool) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if before.page != line.page or line.y > before.y + line.size:  # or in the next column
        return before.text[-1:] not in '.!?:”"' and line.text[:1].islower()
    if before.text[-1:] in ".!?" and line.x < before.x - line.size:
        return False  # after an indented part
    if is_large:
        return before.y - line.y <= line.size * 1.5 and before.size == line.size
    return not usual or 0 <= before.y - line.y <= usual * 1.25 + 1


def _block(
    lines: list[str], kind: BlockKind, doubt: str, known: Collection[str]
) -> Iterator[TextBlock]:
    text = ""
    for line in lines:
        broken = _BROKEN.search(text)
        after = _BEGINNING.match(line)
        if not text or text.endswith("\u00ad"):
            text = text[:-1] + line
        elif broken and after:
            keeps, asks = _keeps_hyphen(broken[1], after[0], known)
            doubt = doubt or (HYPHEN_DOUBT if asks else "")
            text = (text if keeps else text[:-1]) + line
        else:
            text = f"{text} {line}"
    if has_words(said := plain(text)):
        yield TextBlock(said, kind, doubt=doubt)


def _whole_words(lines: Iterable[_Line]) -> set[str]:
    """Return the words of all lines, without the halves of those that were broken."""
    known: set[str] = set()
    is_broken = False
    for line in lines:
        said = words(line.text)
        ends = 1 if _BROKEN.search(line.text) else 0
        known.update(said[int(is_broken) : len(said) - ends])
        is_broken = bool(ends)
    return known


def _keeps_hyphen(before: str, after: str, known: Collection[str]) -> tuple[bool, bool]:
    """Whether a hyphen at the end of a line belongs to the word, and whether to ask about it."""
    if not after[0].islower() or f"{before}-{after}".casefold() in known:
        return True, False
    if f"{before}{after}".casefold() in known:
        return False, False
    are_words = before.casefold() in known and after.casefold() in known
    return are_words, are_words
