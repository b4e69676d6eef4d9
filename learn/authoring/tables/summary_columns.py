"""Leave out columns that add up others, or that are worth no points."""

from __future__ import annotations

import math

from learn.authoring.tables.cells import read_cell
from learn.authoring.tables.errors import quoted
from learn.authoring.tables.forms import Form, ItemColumns
from learn.authoring.tables.scores import missing_codes
from learn.authoring.tables.summaries import (
    is_total,
    sums_others,
)
from learn.authoring.tables.table import RawTable


def leave_out_columns(table: RawTable) -> None:
    """Leave out columns that add up others, by their names or by what they hold."""
    items = table.layout.items
    if table.layout.form is Form.PLAIN:
        key = table.options.key or {}
        named = [item for item in items if is_total(item.name) and item.name not in key]
        for item in named if len(named) < len(items) else ():
            _leave_out(table, item, "sums up the others, by its name")
    scored = [item for item in items if item.score is not None]
    for item in [*scored]:
        if table.max_points(item) == 0:
            scored.remove(item)
            _leave_out(table, item, "is worth no points")
    several = [item for item in scored if _has_several(table, item)]
    if len(scored) < 3 or not several:
        return
    totals = [math.fsum(row) for row in zip(*(_values(table, i)[0] for i in scored), strict=True)]
    others = len(scored) - 1
    for item in reversed(several):
        values, decimals = _values(table, item)
        if sums_others(values, totals, others, decimals):
            _leave_out(table, item, "is the sum of the others, scaled")
            totals = [total - value for total, value in zip(totals, values, strict=True)]
            others -= 1


def _has_several(table: RawTable, item: ItemColumns) -> bool:
    """Return whether an item has at least three different scores, as totals do."""
    column = table.grid.columns[item.score or 0]
    return len({read_cell(text).value for text in {*column}}) > 2


def _values(table: RawTable, item: ItemColumns) -> tuple[list[float], int]:
    column = table.grid.columns[item.score or 0]
    known = {text: read_cell(text) for text in {*column}}
    codes = missing_codes(known, table.max_points(item))
    worth = {
        text: cell.value if cell.is_score and text not in codes else 0.0
        for text, cell in known.items()
    }
    values = [*map(worth.__getitem__, column)]
    return values, max((cell.decimals for cell in known.values()), default=0)


def _leave_out(table: RawTable, item: ItemColumns, why: str) -> None:
    table.layout.items.remove(item)
    table.remarks.guess(f"the column {quoted(item.name)} {why}; left out.")
