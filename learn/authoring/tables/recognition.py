"""Recognize what the columns of a table are, and who its learners are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from learn.authoring.tables.cells import read_cell
from learn.authoring.tables.errors import Remarks, TableError, listed, quoted
from learn.authoring.tables.files import read_grid
from learn.authoring.tables.forms import Form, ItemColumns, layout_of
from learn.authoring.tables.table import CellErrors, RawTable, ReadingOptions


def open_table(path: Path, remarks: Remarks, options: ReadingOptions) -> RawTable:
    """Read the cells of a file, and recognize its columns and learners. Raises TableError."""
    grid = read_grid(path, remarks, options.sheet)
    table = RawTable(
        path,
        remarks,
        options,
        grid,
        layout_of(grid),
        CellErrors([(row, -1, text) for row, text in grid.shape]),
        frozenset(code.strip().casefold() for code in options.missing),
    )
    _check_header(table)
    table.learners = _learner_names(table)
    return table


def _check_header(table: RawTable) -> None:
    header, items = table.grid.header, table.layout.items
    if len(header) < 2 or not items:
        reason = "it has no items: the first line names the learner, then each item."
        raise TableError(table.path, [reason])
    reasons = []
    names: set[str] = set()
    for item in [*items]:
        place = item.score if item.score is not None else item.answer
        if not item.name and place is not None and not any(table.grid.columns[place]):
            items.remove(item)
        elif not item.name:
            reasons.append(f"column {(place or 0) + 1} has no name in the first line.")
        elif item.name in names:
            reasons.append(
                f"two columns are named {quoted(item.name)}; each item needs its own name."
            )
        names.add(item.name)
    if reasons:
        raise TableError(table.path, reasons)


def _learner_names(table: RawTable) -> list[str]:
    """Return the name of each row's learner; rows are numbered where there are no names."""
    layout, grid = table.layout, table.grid
    if layout.form is Form.PLAIN and layout.learner == (0,) and _has_no_learners(table):
        layout.items.insert(0, ItemColumns(grid.header[0], score=0))
        layout.learner = ()
    if not layout.learner:
        table.remarks.guess(
            "it has no column that names the learners, so they are called by their rows."
        )
        return [f"row {number_}" for number_ in grid.numbers]
    named = zip(*(grid.columns[place] for place in layout.learner), strict=True)
    names = [" ".join(part for part in parts if part) for parts in named]
    if layout.id_columns:
        many = {name for name, count in Counter(names).items() if count > 1}
        other = grid.columns[layout.id_columns[0]]
        names = [
            f"{name} ({more})" if more and name in many else name or more
            for name, more in zip(names, other, strict=True)
        ]
    return names


def _has_no_learners(table: RawTable) -> bool:
    """Return whether the first column can only be an item: scores, some of them repeated."""
    column = [cell for cell in table.grid.columns[0] if cell]
    name = table.grid.header[0].casefold()
    people = {"", "person", "learner", "student", "name", "id"}
    if len({*column}) == len(column) or name in people:
        return False
    cells = [read_cell(cell) for cell in {*column}]
    return all(c.is_score and 0 <= c.value <= c.most for c in cells)


def describe_form(table: RawTable) -> None:
    """Remark as what the table was read, and which columns were left out."""
    layout, header = table.layout, table.grid.header
    others = [header[place] for place in layout.others if header[place]]
    if layout.form is not Form.PLAIN:
        by = [header[place] for place in layout.learner]
        text = f"it was read as {layout.form}"
        text += f", with learners by {listed(by)}" if by else ""
        others = [*dict.fromkeys(others)]
        table.remarks.guess(f"{text}.{f' Left out: {listed(others)}.' if others else ''}")
        if layout.form in {Form.CANVAS_NEW_QUIZZES, Form.MICROSOFT_FORMS}:
            table.remarks.guess(
                "it doesn't say what each question is worth: the most that anybody got was"
                " taken for it."
            )
    elif others:
        table.remarks.guess(f"these columns are no items, and were left out: {listed(others)}.")


def keep_one_attempt(table: RawTable) -> None:
    """Keep the first or the last row of each learner, if that was asked for."""
    if not table.options.attempt:
        return
    rows: dict[str, list[int]] = {}
    for place, name in enumerate(table.learners):
        rows.setdefault(name, []).append(place)
    keep = 0 if table.options.attempt == "first" else -1
    many = {name: places for name, places in rows.items() if name and len(places) > 1}
    table.drop_rows([p for places in many.values() for p in places if p != places[keep]])
    if many:
        table.remarks.note(f"only the {table.options.attempt} row counts, of {listed(many)}.")


def check_learners(table: RawTable) -> None:
    """Note an error for each row without a learner, or with the learner of another row."""
    first: dict[str, int] = {}
    for row, name in zip(table.grid.numbers, table.learners, strict=True):
        if not name:
            table.errors.add(row, -2, "the learner is missing.")
        elif (before := first.setdefault(name, row)) != row:
            table.errors.add(
                row,
                -2,
                f"the learner {quoted(name)} is in row {before} already; "
                "--attempt first (or last) keeps one row of each.",
            )
