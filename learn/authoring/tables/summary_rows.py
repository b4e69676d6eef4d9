"""Leave out rows that are no learners: summaries, points possible, a key, and test students."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from learn.authoring.tables.answers import holds_answers
from learn.authoring.tables.cells import Kind, read_cell
from learn.authoring.tables.errors import MAX_ERRORS, quoted
from learn.authoring.tables.forms import Form
from learn.authoring.tables.summaries import (
    RowKind,
    fits_mean,
    is_key_row,
    row_summary,
)
from learn.authoring.tables.table import RawTable

_MANY_MEANS = 5  # columns whose means no learner has by chance
_FEW_NAMED = 20  # rows that may be means by their names, or have none
_FEW = 3  # rows at each end that may be means without a name
_TEST_STUDENT = frozenset({"student, test", "test student", "test student (test student)"})


def leave_out_rows(table: RawTable) -> None:
    """Leave out what is no learner: summaries, points possible, a key, and test students."""
    gone: dict[int, str] = {}
    numbers, grid = table.grid.numbers, table.grid
    scored = [item.score for item in table.layout.items if item.score is not None]
    for place, name in enumerate(table.learners):
        kind = row_summary(name)
        row = f"row {numbers[place]}{f', {quoted(name)},' if name else ''}"
        if kind is RowKind.POSSIBLE:
            _take_points_possible(table, place, scored)
            gone[place] = f"{row} is what each item is worth"
        elif kind is RowKind.SUMMARY:
            gone[place] = f"{row} sums up the others"
        elif is_key_row(name) and holds_answers(table):
            table.right_row = {i: column[place] for i, column in enumerate(grid.columns)}
            gone[place] = f"{row} has the right answers"
        elif table.layout.form is not Form.PLAIN and (reason := _why_no_attempt(table, place)):
            gone[place] = f"{row} {reason}"
    gone |= _mean_rows(table, scored, gone)
    for place, name in enumerate(table.learners):
        if place not in gone and row_summary(name) is RowKind.MAYBE:
            table.remarks.guess(
                f"row {numbers[place]}, {quoted(name)}, was counted as a learner; "
                "it could also sum up the others."
            )
    many = [*gone.values()]
    for reason in many[:MAX_ERRORS]:
        table.remarks.guess(f"{reason}; left out.")
    if len(many) > MAX_ERRORS:
        table.remarks.guess(f"{len(many) - MAX_ERRORS} more rows like these were left out.")
    table.left_out |= {table.learners[place] for place in gone}
    numbers_gone = {numbers[place] for place in gone}
    table.errors.found = [e for e in table.errors.found if e[0] not in numbers_gone]
    table.drop_rows([*gone])


def _take_points_possible(table: RawTable, place: int, scored: Iterable[int]) -> None:
    for column in scored:
        cell = read_cell(table.grid.columns[column][place])
        if cell.kind is Kind.NUMBER:
            table.possible[column] = cell.value


def _why_no_attempt(table: RawTable, place: int) -> str:
    """Return why a row of an export is no attempt; empty if it is one."""
    columns = table.grid.columns
    name = table.learners[place].casefold()
    if table.layout.form is Form.CANVAS_GRADEBOOK and name in _TEST_STUDENT:
        return "is Canvas’s test student"
    places = [i for item in table.layout.items for i in (item.score, item.answer) if i is not None]
    kinds = {read_cell(columns[i][place]).kind for i in places}
    if kinds <= {Kind.BLANK, Kind.MISSING}:
        return "has no answers"
    if not name and kinds <= {Kind.BLANK, Kind.TEXT}:
        return "says how grades are posted"
    return ""


def _mean_rows(table: RawTable, scored: Sequence[int], gone: Mapping[int, str]) -> dict[int, str]:
    """Return the rows, without a name that says so, that equal the means of their columns."""
    count = len(table.learners)
    candidates = {*range(min(_FEW, count)), *range(max(0, count - _FEW), count)}
    named = [i for i, n in enumerate(table.learners) if not n or row_summary(n)]
    candidates |= {*named[:_FEW_NAMED]}
    left = dict.fromkeys(candidates - {*gone}, 0)
    if count - len(gone) <= _FEW:
        return {}
    for place in scored:
        column = table.grid.columns[place]
        known = {text: read_cell(text) for text in {*column}} if left else {}
        for row in [*left]:
            cell = known[column[row]]
            others = [known[text] for i, text in enumerate(column) if i != row and i not in gone]
            fits = fits_mean(
                cell.value,
                [c.value if c.is_score else 0.0 for c in others],
                [c.is_score for c in others],
                cell.decimals,
            )
            if fits is None or not cell.is_score:
                del left[row]
            else:
                left[row] += fits
    found = {}
    for row, telling in left.items():
        is_certain = row in named or telling >= _MANY_MEANS
        if telling > 1 and (is_certain or _has_own_value(table, row, scored, {*gone})):
            told = f", {quoted(table.learners[row])}," if table.learners[row] else ""
            found[row] = f"row {table.grid.numbers[row]}{told} equals the means of the columns"
    return found


def _has_own_value(table: RawTable, row: int, scored: Sequence[int], gone: set[int]) -> bool:
    """Return whether a row has a value that no other has in any column, as means do."""
    columns = [table.grid.columns[place] for place in scored]
    others = {
        read_cell(text).value
        for column in columns
        for i, text in enumerate(column)
        if i != row and i not in gone
    }
    return any(read_cell(column[row]).value not in others for column in columns)
