"""Read tables of learners and items from CSV files of any spreadsheet program and locale.

The first row names the columns: the learner, then one for each item. The delimiter is a comma,
semicolon, or tab; the encoding is UTF-8 with or without a byte-order mark, UTF-16 with one, or
Windows-1252. Decimals have a point or a comma. Blank rows and trailing blank columns are ignored.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Callable, Iterator, Mapping, MutableSequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from learn.authoring.source_text import read_file

LARGEST = 512 * 2**20
MAX_ERRORS = 10  # reported per run
_CACHE_SIZE = 100_000  # distinct cells; bounds the memory of the cell cache
_BATCH_ROWS = 4096  # rows transposed at a time
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)  # a hint for Excel

T = TypeVar("T")


class TableError(Exception):
    """Raised when a table can't be used; the message has a line for each reason."""

    def __init__(self, path: Path, errors: list[str]) -> None:
        lines = [f"{path}: {error}" for error in errors[:MAX_ERRORS]]
        if len(errors) >= MAX_ERRORS:
            lines.append("There may be more; reading stopped here.")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class ScoreTable(Generic[T]):
    """Learners, and for each item its cells in the order of the learners."""

    path: Path
    learners: tuple[str, ...]
    columns: Mapping[str, MutableSequence[T]]


class _Cells(dict[str, T]):
    """Converts cells. Raises ValueError with the reason for an invalid cell."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> T:
        meaning = self._read(cell.strip())
        if len(self) < _CACHE_SIZE:
            self[cell] = meaning
        return meaning


def _score(cell: str) -> float:
    if not cell:
        return 0.0
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{quoted(cell)} is not a number; leave the cell blank for no answer")
    score = float(cell.replace(",", "."))
    if not 0 <= score <= 1:
        raise ValueError(
            f"{quoted(cell)} is {'above 1' if score > 1 else 'below 0'}; scores go from 0 to 1 "
            "(divide points by the most that the item gives)"
        )
    return score


def _options(cell: str) -> frozenset[str]:
    return frozenset({cell}) if cell else frozenset()


def read_scores(path: Path) -> ScoreTable[float]:
    """Read a file of scores. Raises TableError, or DocumentError for a file that is no text."""
    rows = _rows(path)
    header = _header(path, rows)
    return _table(path, header, rows, _Cells(_score), {item: array("d") for item in header[1:]})


def read_options(path: Path) -> ScoreTable[frozenset[str]]:
    """Read a file of chosen options, one in each cell. Raises TableError or DocumentError."""
    rows = _rows(path)
    header = _header(path, rows)
    columns: dict[str, MutableSequence[frozenset[str]]] = {item: [] for item in header[1:]}
    return _table(path, header, rows, _Cells(_options), columns)


def read_key(path: Path) -> dict[str, frozenset[str]]:
    """Read the right options of each item, one in each row, from the columns “item” and “key”.

    Raises TableError or DocumentError.
    """
    rows = _rows(path)
    _, header = next(rows)
    names = [cell.strip().casefold() for cell in header]
    if names.count("item") != 1 or names.count("key") != 1:
        raise TableError(path, ["the first line must name the columns “item” and “key”."])
    places = names.index("item"), names.index("key")
    errors: list[str] = []
    keys: dict[str, frozenset[str]] = {}
    for number, cells in rows:
        item, key = (cells[i].strip() if i < len(cells) else "" for i in places)
        if item and key:
            keys[item] = keys.get(item, frozenset()) | {key}
        else:
            errors.append(f"row {number}: the {'key' if item else 'item'} is missing.")
    if errors:
        raise TableError(path, errors)
    return keys


def quoted(text: str) -> str:
    """`text` in quotes, truncated if it is long."""
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39]}…”"


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, at least one, with their row numbers in a spreadsheet."""
    text = read_file(path, LARGEST)
    delimiter = ""
    if named := _SEPARATOR_LINE.match(text):
        delimiter, text = named.group(1), text[named.end() :]
    rows = _split(text, delimiter or _delimiter(text))
    number, blank = 0, True
    try:
        for number, cells in enumerate(rows, 1):
            if not _is_blank(cells):
                blank = False
                yield number, cells
    except csv.Error as error:
        reason = f"row {number + 1} can’t be split into cells; look at its quotes ({error})."
        raise TableError(path, [reason]) from error
    if blank:
        raise TableError(path, ["it is empty."])


def _split(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = (line.group() for line in _LINE.finditer(text))  # one at a time: no second copy
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _delimiter(text: str) -> str:
    """Return the delimiter with which the first two rows have equally many cells, and the most.

    Among equals, the comma comes last, since it also occurs in texts and numbers.
    """

    def fits(delimiter: str) -> tuple[bool, int]:
        widths: list[int] = []
        rows = (cells for cells in _split(text, delimiter) if not _is_blank(cells))
        try:
            widths.extend(len(cells) for cells in islice(rows, 2))
        except csv.Error:
            return False, max(widths, default=0)
        return len({*widths}) == 1 and widths[0] > 1, max(widths, default=0)

    return max("\t;,", key=fits)


def _header(path: Path, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the names of the columns: the learner's, and one for each item."""
    _, cells = next(rows)
    names = [cell.strip() for cell in cells]
    while not names[-1]:
        names.pop()
    errors = []
    if len(names) < 2:
        errors.append("it has no items: the first line names the learner, then each item.")
    for place, name in enumerate(names[1:], 2):
        if not name:
            errors.append(f"column {place} has no name in the first line.")
        elif name in names[1 : place - 1]:
            errors.append(f"two columns are named {quoted(name)}; each item needs its own name.")
    if errors:
        raise TableError(path, errors)
    return names


def _table(
    path: Path,
    header: list[str],
    rows: Iterator[tuple[int, list[str]]],
    meaning: _Cells[T],
    columns: Mapping[str, MutableSequence[T]],
) -> ScoreTable[T]:
    learners: dict[str, int] = {}
    errors: list[str] = []
    read: list[list[T]] = []
    for number, cells in rows:
        reasons = _shape(header, cells)
        learner = cells[0].strip()
        if learner and (first := learners.setdefault(learner, number)) != number:
            reasons.append(f"the learner {quoted(learner)} is in row {first} already.")
        try:
            read.append([meaning[cell] for cell in cells[1 : len(header)]])
        except ValueError:
            reasons += _meaningless(header, cells, meaning)
        errors += (f"row {number}: {reason}" for reason in reasons)
        if len(errors) >= MAX_ERRORS:
            break
        if len(read) >= _BATCH_ROWS and not errors:
            _move(read, columns)
    if errors:
        raise TableError(path, errors)
    _move(read, columns)
    return ScoreTable(path, tuple(learners), columns)


def _shape(header: list[str], cells: list[str]) -> list[str]:
    reasons = []
    if not cells[0].strip():
        reasons.append("the learner is missing.")
    if len(cells) < len(header):
        reasons.append(f"it ends after {len(cells)} of {len(header)} cells.")
    if not _is_blank(cells[len(header) :]):
        reasons.append(f"it has more cells than the first line, which has {len(header)}.")
    return reasons


def _meaningless(header: list[str], cells: list[str], meaning: _Cells[T]) -> Iterator[str]:
    for item, cell in zip(header[1:], cells[1:], strict=False):
        try:
            meaning[cell]
        except ValueError as error:
            yield f"column {quoted(item)}: {error}."


def _move(rows: list[list[T]], columns: Mapping[str, MutableSequence[T]]) -> None:
    for column, values in zip(columns.values(), zip(*rows, strict=True), strict=False):
        column.extend(values)
    rows.clear()
