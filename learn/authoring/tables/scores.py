"""Read the cells of an item as scores from 0 to 1."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, MutableSequence

from learn.authoring.tables.cells import CODES, Kind, TableCell, divided, number
from learn.authoring.tables.errors import MAX_ERRORS, quoted
from learn.authoring.tables.forms import ItemColumns
from learn.authoring.tables.table import RawTable, TextMeanings

_WORTH = re.compile(
    r"(?:/|\(|\bout of) ?([0-9]+(?:[.,][0-9]+)?) ?(?:pts?\.?|points?|puntos)?\)?$", re.IGNORECASE
)


def item_scores(
    table: RawTable, item: ItemColumns, meanings: TextMeanings
) -> MutableSequence[float]:
    """Return the scores of an item; what can't be read is remembered as an error."""
    place = item.score or 0
    column = table.grid.columns[place]
    cells = {text: table.cell(text) for text in {*column}}
    most = table.max_points(item)
    top = max((c.value for c in cells.values() if c.kind is Kind.NUMBER), default=0.0)
    if most == 1 and top > 1 and (worth := _WORTH.search(item.name)):
        named = number(worth.group(1))
        if top <= named:
            most = named
            table.remarks.guess(
                f"the column {quoted(item.name)} was read as points of {worth.group(1)}."
            )
    meaning: dict[str, float] = {}
    wrong: dict[str, str] = {}
    codes = missing_codes(cells, most)
    has_percent = any(c.kind is Kind.PERCENT for c in cells.values())
    of = {c.most for c in cells.values() if c.kind is Kind.OF}
    for text, cell in cells.items():
        try:
            if text in codes:
                meanings.codes[text] += column.count(text)
                meaning[text] = 0.0
            else:
                meaning[text] = _score(text, cell, most, has_percent=has_percent, of=of)
        except ValueError as error:
            wrong[text] = str(error)
            meaning[text] = 0.0
        if cell.kind is Kind.MISSING and text.casefold() not in table.missing:
            meanings.missing[text] += column.count(text)
        elif cell.kind is Kind.WORD:
            meanings.words[text] = cell.value
    if wrong:
        _report_errors(table, item, place, wrong)
    return array("d", map(meaning.__getitem__, column))


def _report_errors(
    table: RawTable, item: ItemColumns, place: int, wrong: Mapping[str, str]
) -> None:
    told = 0
    rows = zip(table.grid.numbers, table.grid.columns[place], strict=True)
    for row, text in rows:
        if text in wrong:
            table.errors.add(row, place, f"column {quoted(item.name)}: {wrong[text]}.")
            told += 1
            if told >= MAX_ERRORS:
                return


def missing_codes(cells: Mapping[str, TableCell], most: float) -> frozenset[str]:
    """Return the numbers that can only be codes for no answer: all others are scores."""
    odd = {
        text: c.value
        for text, c in cells.items()
        if c.kind is Kind.NUMBER and not 0 <= c.value <= most
    }
    clear = most < 90 and {*odd.values()} <= CODES
    return frozenset(odd) if clear else frozenset()


def _score(text: str, cell: TableCell, most: float, *, has_percent: bool, of: set[float]) -> float:
    """Return the score from 0 to 1. Raises ValueError with the reason if there is none."""
    if cell.kind in (Kind.BLANK, Kind.MISSING):
        return 0.0
    if cell.kind is Kind.TEXT:
        raise ValueError(f"{quoted(text)} is not a number; leave the cell blank for no answer")
    if cell.kind is Kind.OF:
        if len(of) > 1:
            parts = " and ".join(f"{part:g}" for part in sorted(of)[:3])
            raise ValueError(f"{quoted(text)} is of another number of points than others: {parts}")
        most = cell.most
        if most == 0:
            return 0.0
    elif cell.kind is Kind.NUMBER:
        if has_percent and cell.value:
            raise ValueError(f"{quoted(text)} has no percent sign, but others in its column do")
    else:
        most = 1.0
    value = cell.value
    if not 0 <= value <= most:
        _refuse(text, value, most)
    return value if most == 1 else divided(value, most)


def _refuse(text: str, value: float, most: float) -> None:
    if value < 0:
        raise ValueError(
            f"{quoted(text)} is below 0; if it stands for no answer, leave the cell blank, "
            f"or add --missing={text}"
        )
    if most != 1:
        raise ValueError(f"{quoted(text)} is above {most:g}, which its item is worth")
    raise ValueError(
        f"{quoted(text)} is above 1; scores go from 0 to 1 (divide points by the most that the "
        "item gives, or name that in a row “Points Possible”)"
    )
