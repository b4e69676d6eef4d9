"""Read the cells of a table from a text file or a workbook, whichever it is, whatever its name.

The first row names the columns. In a text file, the delimiter is a comma, semicolon, or tab; the
encoding is UTF-8 with or without a byte-order mark, UTF-16, or Windows-1252. Blank rows and
trailing blank columns are ignored.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterator, MutableSequence, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from learn.authoring.source_text import DocumentError, read_file
from learn.authoring.tables.errors import MAX_ERRORS, Remarks, TableError
from learn.authoring.tables.workbooks import Merged, rows_of_workbook

LARGEST = 512 * 2**20
_KEPT = 100_000  # distinct texts that are kept once
_BATCH_ROWS = 4096  # rows transposed at a time
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\r?\n', re.IGNORECASE)  # a hint for Excel
_NUMBER = re.compile(r"\s*[-+]?[0-9.,]+\s*%?\s*")
_MOST_TITLES = 10  # rows above the names of the columns

_KINDS = (
    (b"PK", ""),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "it is an old Excel workbook (.xls), or one with a password; save it as .xlsx without one.",
    ),
    (b"%PDF-", "it is a PDF; export the table as CSV or .xlsx instead."),
    (b"\x1f\x8b", "it is packed with gzip; unpack it first."),
)
_WEB_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|\?xml)\b", re.IGNORECASE
)


@dataclass(slots=True)
class Grid:
    """The cells of a table without their white space, by column, and where its rows stand.

    `shape` has the errors of rows that are too short or too long, by row.
    """

    path: Path
    header: list[str]
    numbers: MutableSequence[int]
    columns: list[list[str]]
    shape: list[tuple[int, str]]

    def drop_rows(self, places: Sequence[int]) -> None:
        """Remove the rows at these places."""
        for place in sorted(places, reverse=True):
            del self.numbers[place]
            for column in self.columns:
                del column[place]


def read_grid(path: Path, remarks: Remarks, sheet: str | None = None) -> Grid:
    """Read a file. Raises TableError, or DocumentError for a file that can't be read as text."""
    rows, merged = _rows(path, remarks, sheet)
    is_text = merged is None
    filled: Iterator[tuple[int, list[str]]] = (
        (number, cells) for number, cells in rows if not _is_blank(cells)
    )
    top, cells, filled = _names(filled, remarks)
    if cells is None:
        raise TableError(path, ["it is empty."])
    header = [cell.strip() for cell in cells]
    while not header[-1]:
        header.pop()
    _check_merged(path, merged or [], top, len(header))
    grid = Grid(path, header, array("q"), [[] for _ in header], [])
    kept: dict[str, str] = {}
    batch: list[list[str]] = []
    for number, row in filled:
        grid.shape += ((number, reason) for reason in _shape(header, row, is_text=is_text))
        grid.numbers.append(number)
        width = len(header)
        stripped = [cell.strip() for cell in row[:width]] + [""] * (width - len(row))
        if len(kept) < _KEPT:
            stripped = [kept.setdefault(cell, cell) for cell in stripped]
        batch.append(stripped)
        if len(batch) >= _BATCH_ROWS:
            _move(batch, grid.columns)
        if len(grid.shape) >= MAX_ERRORS:
            break
    _move(batch, grid.columns)
    return grid


def _rows(
    path: Path, remarks: Remarks, sheet: str | None
) -> tuple[Iterator[tuple[int, list[str]]], list[Merged] | None]:
    """Return the rows with their numbers, and a workbook's merged cells; None for a text."""
    begins = _beginning(path)
    for mark, reason in _KINDS:
        if begins.startswith(mark) and reason:
            raise TableError(path, [reason])
        if begins.startswith(mark):
            rows, merged = rows_of_workbook(path, sheet, remarks)
            if path.suffix.lower() not in {".xlsx", ".xlsm"}:
                remarks.note(f"it is an Excel workbook, though its name ends in “{path.suffix}”.")
            return enumerate(rows, 1), merged
    if _WEB_PAGE.match(begins):
        raise TableError(path, ["it is a web page or XML; export the table as CSV or .xlsx."])
    if sheet is not None:
        raise TableError(path, ["it is no workbook, so it has no sheets to choose from."])
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"}:
        remarks.note(f"it is plain text, though its name ends in “{path.suffix}”.")
    return _text_rows(path, _text(path, begins)), None


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error.strerror}.") from error


def _text(path: Path, begins: bytes) -> str:
    """Return the text of a file; UTF-16 without a byte-order mark is known by its zeros."""
    pairs = len(begins) // 2
    few = pairs // 10
    for encoding, zeros, others in (
        ("utf-16-le", begins[1::2], begins[0::2]),
        ("utf-16-be", begins[0::2], begins[1::2]),
    ):
        if pairs > 1 and zeros.count(0) >= pairs - few and others.count(0) == 0:
            if path.stat().st_size > LARGEST:
                break
            try:
                return path.read_bytes().decode(encoding)
            except UnicodeDecodeError:
                break
    return read_file(path, LARGEST)


def _text_rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = ""
    if named := _SEPARATOR_LINE.match(text):
        delimiter, text = named.group(1), text[named.end() :]
    number = 0
    try:
        for number, cells in enumerate(_split(text, delimiter or _delimiter(text)), 1):
            yield number, cells
    except csv.Error as error:
        reason = f"row {number + 1} can’t be split into cells; look at its quotes ({error})."
        raise TableError(path, [reason]) from error


def _split(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = (line.group() for line in _LINE.finditer(text))  # one at a time: no second copy
    return csv.reader(lines, delimiter=delimiter, strict=True)


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


def _names(
    rows: Iterator[tuple[int, list[str]]], remarks: Remarks
) -> tuple[int, list[str] | None, Iterator[tuple[int, list[str]]]]:
    """Return the row that names the columns, and the rows below; titles above it are left out.

    A title has one cell, and what follows it has several, none of them a number.
    """
    first = next(rows, None)
    if first is None:
        return 0, None, rows
    looked = [first, *islice(rows, _MOST_TITLES)]
    place = next((i for i, (_, cells) in enumerate(looked) if _filled(cells) > 1), 0)
    number, cells = looked[place]
    if place and not any(_NUMBER.fullmatch(cell) for cell in cells if cell.strip()):
        remarks.guess(f"the columns are named in row {number}; what stands above is left out.")
    else:
        place, (number, cells) = 0, first
    return number, cells, chain(looked[place + 1 :], rows)


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_blank(cells: list[str]) -> bool:
    return not any(cell.strip() for cell in cells)


def _check_merged(path: Path, merged: list[Merged], header: int, width: int) -> None:
    """Refuse merged cells in the table: what they hold could belong to each of the cells."""
    inside = [
        f"row {top}: cells are merged, up to row {bottom}, column {right}; unmerge them."
        for top, bottom, left, right in merged
        if bottom >= header and left <= width
    ]
    if inside:
        raise TableError(path, inside)


def _shape(header: list[str], cells: list[str], *, is_text: bool) -> Iterator[str]:
    """Yield what is wrong with the length of a row; in a workbook, blank cells end none."""
    if is_text and len(cells) < len(header):
        yield f"it ends after {len(cells)} of {len(header)} cells."
    if not _is_blank(cells[len(header) :]):
        yield f"it has more cells than the first line, which has {len(header)}."


def _move(rows: list[list[str]], columns: list[list[str]]) -> None:
    for column, values in zip(columns, zip(*rows, strict=True), strict=False):
        column.extend(values)
    rows.clear()
