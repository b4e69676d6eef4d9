"""`learn analyse` reads Excel workbooks, and refuses those that can't be read with certainty."""

from __future__ import annotations

import builtins
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from learn.authoring.tables import workbooks
from learn.commands import main
from tests.learn.analyses import FIVE, Ran, analyses

ROWS: list[list[object]] = [
    ["learner", "one", "two", "three"],
    *([name, *map(int, scores)] for name, *scores in (r.split(",") for r in FIVE.split()[1:])),
]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    return analyses(tmp_path, monkeypatch, capsys)


def workbook(
    *sheets: Sequence[Sequence[object]], merged: Iterable[str] = (), hidden: Iterable[int] = ()
) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        if number in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rezipped(raw: bytes, **changed: bytes) -> bytes:
    """Return a workbook with other contents of some files; “__” stands for a slash."""
    new = {name.replace("__", "/") + ".xml": content for name, content in changed.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w") as archive:
        for name in {*old.namelist(), *new}:
            archive.writestr(name, new[name] if name in new else old.read(name), 8)
    return file.getvalue()


def test_a_workbook_gives_the_same_figures_as_a_text_file(run):
    ran = run(workbook(ROWS))

    assert ran.figures == run(FIVE).figures
    assert ran.said == "scores.csv: it is an Excel workbook, though its name ends in “.csv”.\n"


@pytest.mark.parametrize(
    ("one", "nought"), [(True, False), (1.0, None), ("1", "0"), ("100%", ""), ("1,0", "0,0")]
)
def test_cells_of_any_type_are_read(run, one, nought):
    rows = [[{1: one, 0: nought}.get(cell, cell) for cell in row] for row in ROWS]

    assert run(workbook(rows)).figures == run(FIVE).figures


def test_a_merged_title_is_left_out(run):
    ran = run(workbook([["Results of May"], [], *ROWS], merged=["A1:D1"]))

    assert ran.figures == run(FIVE).figures
    assert "the columns are named in row 3; what stands above is left out." in ran.said


@pytest.mark.parametrize("cells", ["A2:A3", "B2:B4", "B1:C1"])
def test_merged_cells_in_the_table_are_refused(run, cells):
    ran = run(workbook(ROWS, merged=[cells]))

    assert f"row {cells[1]}: cells are merged, up to row {cells[-1]}" in ran.said
    assert (ran.code, ran.out) == (1, "")


def test_the_first_filled_sheet_is_read_and_named(run):
    ran = run(workbook([], ROWS, [["item", "key"], ["one", "a"]]))

    assert ran.figures == run(FIVE).figures
    assert "the sheet “Sheet 2” was read, not “Sheet 3”; --sheet NAME" in ran.said


def test_a_sheet_may_be_chosen(run):
    book = workbook([["a", "b"]], ROWS)

    assert run(book, flags=["--sheet", "Sheet 2", "--strict"]).figures == run(FIVE).figures
    assert "it has no sheet “Three”, but “Sheet 1”, “Sheet 2”." in run(
        book, flags=["--sheet", "Three"]
    ).said  # fmt: skip
    assert "it is no workbook" in run(FIVE, flags=["--sheet", "Three"]).said


def test_hidden_sheets_are_read_only_if_they_are_named(run):
    book = workbook([["a", "b"], ["x", "y"]], ROWS, hidden=[1])

    assert run(book).figures == run(FIVE).figures
    assert "Sheet 1" not in run(book).said


def test_formulas_are_read_as_computed_when_the_workbook_was_saved(run, tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "made.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            if cell == 1:
                sheet.write_formula(number, column, "=2-1", value=1)
            elif cell == 0:
                sheet.write_formula(number, column, '=IF(FALSE,1,"")', value="")
            else:
                sheet.write(number, column, cell)
    book.close()
    raw = (tmp_path / "made.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        cells = archive.read("xl/worksheets/sheet1.xml")
    cells = re.sub(rb'"><f>IF', b'" t="str"><f>IF', cells)  # as Excel writes a text, also none
    ran = run(rezipped(raw, xl__worksheets__sheet1=cells), flags=["--strict"])

    assert ran.figures == run(FIVE).figures
    assert "15 cells are formulas; read as computed when the workbook was saved." in ran.said


def test_formulas_that_were_never_computed_are_refused(run):
    rows = [*ROWS[:-1], ["ed", 0, "=1-1", 0]]
    ran = run(workbook(rows))

    assert "formulas were never computed, in “C6”" in ran.said
    assert (ran.code, ran.out) == (1, "")


def test_without_openpyxl_one_line_says_what_to_install(run, monkeypatch):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    ran = run(workbook(ROWS))

    assert ran.said == (
        "scores.csv: it is an Excel workbook, which needs the extra learn-all[xlsx]: "
        "“pip install openpyxl”, or save the sheet as CSV.\n"
    )
    assert run(FIVE).code == 0


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def renamed(raw: bytes, sheet: bytes) -> bytes:
    """Return a workbook whose sheet has other contents, in a file that isn't called XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w") as archive:
        for name in old.namelist():
            if name == "xl/worksheets/sheet1.xml":
                archive.writestr("xl/worksheets/sheet1.png", sheet)
            else:
                archive.writestr(name, old.read(name).replace(b"sheet1.xml", b"sheet1.png"))
    return file.getvalue()


def sheet_of(raw: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")


def test_a_sheet_may_have_any_name_and_a_picture_is_no_sheet(run):
    raw = workbook(ROWS)
    assert run(renamed(raw, sheet_of(raw))).code == 0
    assert run(rezipped(raw, xl__media__picture=b"<a/>")).code == 0
    pictured = io.BytesIO(raw)
    with zipfile.ZipFile(pictured, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert run(pictured.getvalue()).code == 0


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (zipped(scores_csv=FIVE.encode()), "It has “scores.csv” inside; unpack it first."),
        (zipped(notes_txt=b"x"), "it is a ZIP archive, not a text file and no workbook."),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            "it is an OpenDocument spreadsheet (.ods)",
        ),
        (zipped(word__document_xml=b"<a/>"), "it is a Word document"),
        (zipped(xl__workbook_xml=b"<a/>"), "it is an Excel workbook that can’t be opened"),
        (zipped(xl__workbook_xml=b"<a"), "it is an Excel workbook that can’t be opened"),
        (workbook(ROWS)[:-200], "it is not a text file, and no workbook that can be opened"),
        (workbook(ROWS)[:200], "it is not a text file, and no workbook that can be opened"),
        (workbook([]), "it is empty"),
        (workbook([["learner"]]), "it has no items"),
        (
            rezipped(
                workbook(ROWS),
                xl__worksheets__sheet1=b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
            ),
            "has a DOCTYPE, which no workbook needs",
        ),
        (
            rezipped(
                workbook(ROWS),
                xl__sharedStrings=b'<!DOCTYPE a SYSTEM "file:///etc/hosts"><a/>',
            ),
            "has a DOCTYPE, which no workbook needs",
        ),
        (
            renamed(workbook(ROWS), b'<!DOCTYPE a [<!ENTITY b "bb">]>' + sheet_of(workbook(ROWS))),
            "its part “xl/worksheets/sheet1.png” has a DOCTYPE",
        ),
    ],
)
def test_what_is_no_workbook_is_rejected_with_a_line(run, raw, said):
    ran = run(raw)

    assert said in ran.said
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.said.splitlines()) == 1


def test_a_damaged_workbook_is_rejected_with_a_line_or_read(run):
    chance = random.Random(4)  # noqa: S311
    raw = workbook(ROWS)
    for _ in range(60):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(raw))] = chance.randrange(256)
        ran = run(bytes(damaged))

        assert ran.code in {0, 1}
        assert ran.code == 0 or ran.said.startswith("scores.csv")


def test_what_would_unpack_to_too_much_is_rejected_unopened(run):
    bomb = rezipped(workbook(ROWS), xl__media=b"\0" * (workbooks.LARGEST_UNPACKED + 1))

    assert len(bomb) < 200_000
    assert "a workbook has at most 128 MB" in run(bomb).said


def test_a_sheet_with_too_many_cells_is_rejected(run, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_CELLS", 20)

    assert "the sheet has more than 20 cells. Save it as CSV." in run(workbook(ROWS)).said


def test_a_far_row_does_not_make_the_sheet_endless(run):
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    ran = run(rezipped(workbook(ROWS), xl__worksheets__sheet1=sheet))

    assert (ran.code, len(ran.said.splitlines())) == (1, 1)


def test_text_that_is_named_as_a_workbook_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("scores.xlsx").write_text(FIVE)
    with pytest.raises(SystemExit) as left:
        main(["analyse", "scores.xlsx"])

    assert left.value.code == 0
    assert "it is plain text, though its name ends in “.xlsx”." in capsys.readouterr().err


def test_options_and_keys_may_be_workbooks_too(run):
    rows = [["learner", "one"], ["ana", "a"], ["ben", "a"], ["cy", "a"], ["di", "b"], ["ed", None]]
    ran = run(FIVE, options=workbook(rows), key=workbook([["item", "key"], ["one", "a"]]))

    assert ran.figures["items"]["one"]["distractors"]["b"]["count"] == 1
