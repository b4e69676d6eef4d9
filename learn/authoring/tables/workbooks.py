"""Read a sheet of an Excel workbook (.xlsx) with openpyxl, an optional extra of the package.

A workbook is a ZIP archive of XML. What could unpack to more than fits into memory is refused
before anything is unpacked, and so is a DOCTYPE, which could define entities of any size.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from learn.authoring.tables.errors import Remarks, TableError, listed, quoted

if TYPE_CHECKING:
    from zipfile import ZipFile

LARGEST_UNPACKED = 128 * 2**20
MOST_FILES = 2000  # in the archive
MOST_CELLS = 2_000_000
MOST_ROWS = 2**20  # as in Excel
_XLSX = "xl/workbook.xml"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_CHUNK = 2**16

Merged = tuple[int, int, int, int]
"""First and last row, then first and last column, all from 1."""


def rows_of_workbook(
    path: Path, sheet: str | None, remarks: Remarks
) -> tuple[Iterator[list[str]], list[Merged]]:
    """Return the rows of one sheet from row 1 on, and its merged cells.

    Without a name, it is the first visible sheet that isn't empty. Raises TableError.
    """
    _check_archive(path)
    try:
        import openpyxl  # noqa: PLC0415 - an extra that most people never need
    except ImportError as error:
        reason = (
            "it is an Excel workbook, which needs the extra learn-all[xlsx]: "
            "“pip install openpyxl”, or save the sheet as CSV."
        )
        raise TableError(path, [reason]) from error
    try:
        with (
            warnings.catch_warnings(),
            path.open("rb") as saved,  # by its name, openpyxl opens no other than .xlsx
            path.open("rb") as typed,
        ):
            warnings.simplefilter("ignore")  # about styles and pictures, which aren't read
            values = openpyxl.load_workbook(saved, read_only=True, data_only=True)
            written = openpyxl.load_workbook(typed, read_only=True)
            name = _chosen(path, values, sheet, remarks)
            cells = _cells(path, values[name], written[name], remarks)
            return iter(cells), _merged(values[name])
    except TableError:
        raise
    except Exception as error:
        reason = f"it is an Excel workbook that can’t be opened ({type(error).__name__})."
        raise TableError(path, [reason]) from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_contents(path, archive)
    except TableError:
        raise
    except Exception as error:  # zipfile, zlib, and expat raise anything for what is damaged
        reason = "it is not a text file, and no workbook that can be opened; it may be damaged."
        raise TableError(path, [reason]) from error


def _check_contents(path: Path, archive: ZipFile) -> None:
    names = {*archive.namelist()}
    if _XLSX not in names:
        raise TableError(path, [_other_archive(archive, names)])
    files = archive.infolist()
    if any(file.flag_bits & 1 for file in files):
        raise TableError(path, ["it has a password; save it without one."])
    size = sum(file.file_size for file in files)
    if size > LARGEST_UNPACKED or len(files) > MOST_FILES:
        reason = (
            f"unpacked, it has {size / 2**20:.0f} MB in {len(files)} files; a workbook has at most "
            f"{LARGEST_UNPACKED // 2**20} MB in {MOST_FILES}. Save the sheet as CSV."
        )
        raise TableError(path, [reason])
    for file in files:
        try:
            _check_beginning(path, archive, file)
        except expat.ExpatError:  # no XML, such as a picture
            if file.filename.endswith((".xml", ".rels")):
                raise


def _other_archive(archive: ZipFile, names: set[str]) -> str:
    if "mimetype" in names and archive.read("mimetype").decode("latin-1").strip() == _ODS:
        return "it is an OpenDocument spreadsheet (.ods); save it as .xlsx or CSV."
    if any(name.startswith("word/") for name in names):
        return "it is a Word document; put the table into a spreadsheet, and save it as CSV."
    tables = sorted(name for name in names if name.lower().endswith((".csv", ".xlsx", ".tsv")))
    inside = f" It has {listed(tables)} inside; unpack it first." if tables else ""
    return f"it is a ZIP archive, not a text file and no workbook.{inside}"


class _DoctypeError(Exception):
    pass


class _BegunError(Exception):
    pass


def _check_beginning(path: Path, archive: ZipFile, file: zipfile.ZipInfo) -> None:
    """Refuse an XML file with a DOCTYPE; it can only stand before the first element.

    A workbook says itself which of its files are sheets, so the names tell nothing.
    """

    def stop(*_: object) -> None:
        raise _DoctypeError

    def begun(*_: object) -> None:
        raise _BegunError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = stop
    parser.StartElementHandler = begun
    try:
        with archive.open(file) as opened:
            while chunk := opened.read(_CHUNK):
                parser.Parse(chunk, False)
    except _BegunError:
        return
    except _DoctypeError as error:
        reason = f"its part {quoted(file.filename)} has a DOCTYPE, which no workbook needs."
        raise TableError(path, [reason]) from error


def _chosen(path: Path, book: Any, sheet: str | None, remarks: Remarks) -> str:
    """Return the name of the sheet to read, and say which one it is if there are several."""
    names = [each.title for each in book.worksheets]
    if sheet is not None:
        if sheet not in names:
            raise TableError(path, [f"it has no sheet {quoted(sheet)}, but {listed(names)}."])
        return sheet
    filled = [
        each.title for each in book.worksheets if each.sheet_state == "visible" and _has_cells(each)
    ]
    if not filled:
        raise TableError(path, ["it is empty."])
    if len(filled) > 1:
        remarks.guess(
            f"the sheet {quoted(filled[0])} was read, not {listed(filled[1:])}; "
            "--sheet NAME chooses another one."
        )
    return str(filled[0])


def _has_cells(sheet: Any) -> bool:
    return any(
        value is not None for row in sheet.iter_rows(max_row=100, values_only=True) for value in row
    )


def _cells(path: Path, values: Any, written: Any, remarks: Remarks) -> list[list[str]]:
    """Return the rows as texts; formulas as what they gave when the workbook was saved."""
    rows: list[list[str]] = []
    formulas = count = 0
    lost: list[str] = []
    for sheet in (values, written):
        sheet.reset_dimensions()  # programs other than Excel often write wrong ones
    for computed, typed in zip_longest(values.iter_rows(), written.iter_rows(), fillvalue=()):
        row = [_text(cell.value) for cell in computed]
        count += len(row)
        if count > MOST_CELLS or len(rows) >= MOST_ROWS:
            reason = f"the sheet has more than {MOST_CELLS:,} cells. Save it as CSV."
            raise TableError(path, [reason])
        for formula, result in zip(typed, computed, strict=False):
            if formula.data_type == "f":
                formulas += 1
                if result.value is None and result.data_type != "str":  # which would be no text
                    lost.append(str(formula.coordinate))
        rows.append(row)
    if lost:
        reason = (
            f"formulas were never computed, in {listed(lost)}; open the workbook in a "
            "spreadsheet program, and save it there."
        )
        raise TableError(path, [reason])
    if formulas:
        remarks.note(
            f"{formulas} cell{'s are formulas' if formulas > 1 else ' is a formula'}; read as "
            "computed when the workbook was saved."
        )
    return rows


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _merged(sheet: Any) -> list[Merged]:
    """Return the merged cells, which stand behind all others in the sheet's file."""
    from openpyxl.utils import column_index_from_string  # noqa: PLC0415 - see above

    found: list[Merged] = []
    rest = b""
    with sheet._get_source() as source:  # noqa: SLF001 - openpyxl doesn't tell otherwise
        while chunk := source.read(_CHUNK):
            text = rest + chunk
            end = 0
            for match in _MERGE.finditer(text):
                left, top, right, bottom = (part.decode() for part in match.groups())
                found.append(
                    (
                        int(top),
                        int(bottom),
                        column_index_from_string(left),
                        column_index_from_string(right),
                    )
                )
                end = match.end()
            rest = text[max(end, len(text) - 200) :]
    return found
