"""Put the words of a page of a PDF into lines, columns, and rows of tables, by where they stand.

A PDF has no tables. Words that begin at the same places in several lines, with gaps before them,
are taken for one, unless each column is filled as running text is: then the columns are read one
after the other.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

BULLET = re.compile(r"\s*(?:[•◦▪‣·●○■–]|\(?\d{1,2}[.)](?=\s|$)|[\uf0b7\uf0a7])\s*")
_SAME_PLACE = 2.0  # points
_SOME_GAP, _GAP = 0.4, 1.2  # of the size of the letters; that between words is 0.25
_TIGHT = 1.45  # of the size: from one line of a cell to its next
_COLUMN_LINES = 5
_FULL = 0.7  # of the longest line of a column of running text
_HEAD_WORDS = 6
_NARROW, _WIDE = frozenset("iljftI.,;:'’|!()[]- "), frozenset("mwMW%—")


@dataclass(slots=True)
class Piece:
    """Words that stand together; `y` grows upward, `size` is that of the letters."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool = False

    @property
    def end(self) -> float:
        """About where it ends, rather too early: by the letters of a narrow font."""
        return self.x + self.size * sum(map(_width, self.text.strip()))


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table, put together by where its words stand."""

    heads: list[str]
    rows: list[list[str]]


@dataclass(slots=True)
class PageText:
    """What a page says, in order; `has_columns` if they stood line beside line."""

    parts: list[Piece | PageTable] = field(default_factory=list)
    has_columns: bool = False


def _width(letter: str) -> float:
    if letter in _NARROW:
        return 0.27
    if letter in _WIDE:
        return 0.76
    return 0.66 if letter.isupper() else 0.5 if letter.isdigit() else 0.45


def read_page(page: Any) -> PageText:
    """Read a page of pypdf."""
    lines = [*_lines(_pieces(page))]
    starts = _starts(lines)
    read = PageText()
    at = 0
    while at < len(lines):
        end = _end_of_zone(lines, at, starts)
        if end == at:
            read.parts.append(_whole(lines[at]))
            at += 1
            continue
        zone = [_split(line, starts) for line in lines[at:end]]
        columns = _columns(zone)
        if _is_running_text(zone, columns):
            read.has_columns = True
            for column in range(len(columns)):
                read.parts += [p for line in zone for p in line if _column(p, columns) == column]
        else:
            if at and (heads := _centered_heads(lines[at - 1], zone, len(columns))):
                read.parts.pop()
            read.parts.append(_table(zone, columns, heads))
        at = end
    return read


def _pieces(page: Any) -> list[Piece | None]:
    """Return what stands on a page, with None where the reader begins a new line."""
    found: list[Piece | None] = []

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        scale = abs(float(tm[3]) or float(tm[0])) * (abs(float(cm[3])) or 1)
        x = float(tm[4]) * float(cm[0]) + float(tm[5]) * float(cm[2]) + float(cm[4])
        y = float(tm[4]) * float(cm[1]) + float(tm[5]) * float(cm[3]) + float(cm[5])
        points = round(float(size) * scale, 1)
        is_bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for place, one in enumerate(text.split("\n")):
            if place:
                found.append(None)
                y -= points * 1.2 if one.strip() else 0
            if one.strip():
                found.append(Piece(one, x, y, points, is_bold))
            elif one and found and (before := found[-1]):
                before.text += " "

    page.extract_text(visitor_text=visit)
    return found


def _lines(pieces: Sequence[Piece | None]) -> Iterator[list[Piece]]:
    """Yield the pieces that stand in one line, from left to right."""
    line: list[Piece] = []
    begins = False
    for piece in pieces:
        if piece is None:
            begins = True
            continue
        before = line[-1] if line else None
        goes_on = (
            before is not None
            and piece.x >= before.x
            and (
                abs(piece.y - before.y) <= 0.45 * max(piece.size, before.size)
                if not begins
                else abs(piece.y - before.y) < 1
            )
        )
        if line and not goes_on:
            yield line
            line = []
        line.append(piece)
        begins = False
    if line:
        yield line


def _gaps(line: Sequence[Piece], width: float) -> Iterator[Piece]:
    """Yield the pieces of a line that stand apart from the one before."""
    for before, piece in pairwise(line):
        if (
            piece.x - before.end > width * piece.size
            and not BULLET.fullmatch(before.text)
            and not _is_hyphen(piece, line)
        ):
            yield piece


def _is_hyphen(piece: Piece, line: Sequence[Piece]) -> bool:
    """Whether a piece is what breaks a word at the end of a line."""
    return piece is line[-1] and piece.text.strip() in {"-", "\u2010", "\u00ad"}


def _starts(lines: Sequence[Sequence[Piece]]) -> list[float]:
    """Return the places at which pieces begin in more than one line, once after a wide gap."""
    places = sorted(piece.x for line in lines for piece in _gaps(line, _SOME_GAP))
    wide = sorted(piece.x for line in lines for piece in _gaps(line, _GAP))
    found: list[float] = []
    for before, place in pairwise(places):
        is_near = place - before <= _SAME_PLACE
        if is_near and not (found and before - found[-1] <= _SAME_PLACE):
            at = bisect_left(wide, before - _SAME_PLACE)
            found += [before] if at < len(wide) and wide[at] <= place + _SAME_PLACE else []
    return found


def _is_at(place: float, places: Sequence[float]) -> bool:
    return any(abs(place - one) <= 2 * _SAME_PLACE for one in places)


def _split(line: Sequence[Piece], starts: Sequence[float]) -> list[Piece]:
    """Return a line in parts that begin at the places of columns."""
    apart = {id(piece) for piece in _gaps(line, _SOME_GAP) if _is_at(piece.x, starts)}
    parts: list[list[Piece]] = []
    for piece in line:
        if not parts or id(piece) in apart:
            parts.append([])
        parts[-1].append(piece)
    return [_whole(part) for part in parts]


def _whole(line: Sequence[Piece]) -> Piece:
    """Return the pieces of a line as one."""
    said = ""
    for before, piece in zip([None, *line[:-1]], line, strict=True):
        if before is not None and _is_hyphen(piece, line):
            said = f"{said.rstrip()}{piece.text.strip()}"
            continue
        is_apart = before is not None and piece.x - before.end > 0.6 * piece.size
        said += (" " if is_apart else "") + piece.text
    main = max(line, key=lambda p: len(p.text))
    is_bold = all(piece.is_bold for piece in line)
    return Piece(said.strip(), line[0].x, line[0].y, main.size, is_bold)


def _end_of_zone(lines: Sequence[Sequence[Piece]], at: int, starts: Sequence[float]) -> int:
    """Return where a part with columns ends that begins at `at`; `at` if none does."""
    if not starts or len(first := _split(lines[at], starts)) < 2:
        return at
    left, second = first[0].x, first[1].x
    size = median(p.size for p in first)
    end, rows = at + 1, 1
    for number in range(at + 1, len(lines)):
        parts = _split(lines[number], starts)
        if abs(parts[0].size - size) > 0.12 * size:
            break
        if len(parts) > 1:
            end, rows = number + 1, rows + 1
            second = min(second, parts[1].x)
        elif _is_at(parts[0].x, starts) and parts[0].x > left + _SAME_PLACE:
            end = number + 1
        elif parts[0].x < left - _SAME_PLACE or parts[0].end > second + size:
            break
    return end if rows > 1 else at


def _centered_heads(
    line: Sequence[Piece], zone: Sequence[Sequence[Piece]], columns: int
) -> list[str]:
    """Return the line before a table if it has a head for each column, at another place."""
    apart = [id(piece) for piece in _gaps(line, _GAP)]
    first = zone[0][0]
    is_near = 0 < line[0].y - first.y <= 3 * first.size
    if len(apart) + 1 != columns or not is_near:
        return []
    heads: list[str] = []
    for piece in line:
        if not heads or id(piece) in apart:
            heads.append("")
        heads[-1] = f"{heads[-1]} {piece.text.strip()}".strip()
    return heads


def _columns(zone: Sequence[Sequence[Piece]]) -> list[float]:
    places: list[float] = []
    for place in sorted(piece.x for line in zone for piece in line):
        if not places or place - places[-1] > 2 * _SAME_PLACE:
            places.append(place)
    return places


def _column(piece: Piece, columns: Sequence[float]) -> int:
    return max(i for i, place in enumerate(columns) if place <= piece.x + 2 * _SAME_PLACE)


def _is_running_text(zone: Sequence[Sequence[Piece]], columns: Sequence[float]) -> bool:
    """Whether each column is filled to its edge, line after line."""
    if sum(len(line) > 1 for line in zone) < _COLUMN_LINES or len(columns) > 3:
        return False
    for column in range(len(columns)):
        parts = [p for line in zone for p in line if _column(p, columns) == column]
        longest = max(p.end - p.x for p in parts)
        full = sum(p.end - p.x >= _FULL * longest for p in parts)
        if full < 0.6 * len(parts) or median(len(p.text.split()) for p in parts) < 4:
            return False
    return True


def _table(
    zone: Sequence[Sequence[Piece]], columns: Sequence[float], heads: list[str]
) -> PageTable:
    rows: list[list[list[Piece]]] = []
    last = -1
    for line in zone:
        begins = _column(line[0], columns) == 0 and not (
            last == 0 and _is_tight(rows[-1][0], line[0]) and len(line) == 1
        )
        for piece in line:
            column = _column(piece, columns)
            row = rows[-1] if rows else None
            above = row[column] if row else []
            goes_on = (
                row is not None
                and not begins
                and (_is_tight(above, piece) if above else _is_beside(row, piece))
            )
            if not goes_on:
                rows.append([[] for _ in columns])
            rows[-1][column].append(piece)
            last, begins = column, False
    told = [[" ".join(p.text.strip() for p in cell) for cell in row] for row in rows]
    if not heads and len(told) > 2 and _are_heads(told[0], rows):
        return PageTable(told[0], told[1:])
    return PageTable(heads, told)


def _is_tight(above: Sequence[Piece], piece: Piece) -> bool:
    return bool(above) and 0 < above[-1].y - piece.y <= _TIGHT * piece.size


def _is_beside(row: Sequence[Sequence[Piece]], piece: Piece) -> bool:
    lowest = min((p.y for cell in row for p in cell), default=piece.y)
    return piece.y > lowest - _TIGHT * piece.size


def _are_heads(cells: Sequence[str], rows: Sequence[Sequence[Sequence[Piece]]]) -> bool:
    if not all(cells) or len({*cells}) < len(cells):
        return False
    bold = [all(p.is_bold for cell in row for p in cell) for row in rows]
    return (bold[0] and not all(bold)) or not any(
        re.search(r"\d|[.!]$", cell) or len(cell.split()) > _HEAD_WORDS for cell in cells
    )
