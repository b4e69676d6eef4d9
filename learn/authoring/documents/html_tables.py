"""Read the tables of web pages and Word documents: heads of columns, rows, and what spans them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from learn.authoring.documents.blocks import has_words

_MAX_SPAN = 40
_MAX_CELLS = 200_000
_CELL_WORDS = 120  # a longer cell belongs to a table that is there for its looks
_HEAD_WORDS = 6


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table of data. `asks` tells that its first row may be the heads of its columns."""

    heads: list[str]
    rows: list[list[str]]
    asks: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    is_head: bool
    is_whole: bool  # one cell alone


def read_table(table: LexborNode, text_of: Callable[[LexborNode], str]) -> HtmlTable | None:
    """Return a table of data, or None for one that only puts things side by side.

    A cell that spans rows or columns stands in each of them, and one that spans all columns stands
    alone. Heads in several rows are put together.
    """
    if table.attributes.get("role") in {"presentation", "none"}:
        return None
    if len(table.css("table")) > 1 or table.css_first("h1, h2, h3, h4, ul ul, form") is not None:
        return None
    rows = _rows(table, text_of)
    if not rows:
        return None
    if len(rows) == 1 or len({len(r.cells) for r in rows}) == 1 == len(rows[0].cells):
        return HtmlTable([], [r.cells for r in rows])  # one column is a list
    width = max(len(r.cells) for r in rows)
    before: list[list[str]] = []
    while len(rows) > 1 and rows[0].is_whole and len(rows[0].cells) == width > 1:
        before.append(rows.pop(0).cells[:1])
    heads: list[str] = []
    while len(rows) > 1 and rows[0].is_head:
        heads = _joined(heads, rows.pop(0).cells)
    if heads and rows[0].is_head:
        heads = []
    asks = not heads and _may_have_heads(rows)
    if asks and _is_told_by_numbers(rows):
        asks, heads = False, rows.pop(0).cells
    others = [r.cells[:1] if r.is_whole and len(r.cells) == width > 1 else r.cells for r in rows]
    return HtmlTable(heads, before + others, asks)


def _rows(  # noqa: C901 - rows, cells, and what spans them
    table: LexborNode, text_of: Callable[[LexborNode], str]
) -> list[_Row]:
    rows: list[_Row] = []
    open_cells: dict[int, tuple[int, str]] = {}
    count = 0
    for row in table.css("tr"):
        cells: list[str] = []
        is_head: list[bool] = []
        own = 0
        cell = row.child
        while cell is not None:
            while len(cells) in open_cells:
                _continue(open_cells, cells)
            if cell.tag in {"td", "th"}:
                own += 1
                text = text_of(cell)
                if len(text.split()) > _CELL_WORDS:
                    return []
                is_head += [cell.tag == "th" or _is_bold(cell)] if text else []
                down = _span(cell, "rowspan")
                for _ in range(_span(cell, "colspan")):
                    if down > 1:
                        open_cells[len(cells)] = (down - 1, text)
                    cells.append(text)
            cell = cell.next
        while len(cells) in open_cells:
            _continue(open_cells, cells)
        count += len(cells)
        if count > _MAX_CELLS:
            return []
        if any(map(has_words, cells)):
            is_whole = own == 1 and len({*cells}) == 1
            rows.append(_Row(cells, bool(is_head) and all(is_head), is_whole))
    return rows


def _joined(heads: list[str], cells: list[str]) -> list[str]:
    """Return heads with those of the row below: “Dose” over “Children” is “Dose Children”."""
    both = [*zip(heads, cells, strict=False)]
    joined = [a if a == b or not b else f"{a} {b}".strip() for a, b in both]
    return [*joined, *(heads[len(both) :] or cells[len(both) :])]


def _may_have_heads(rows: list[_Row]) -> bool:
    first = rows[0].cells
    return (
        len(rows) > 2
        and len(first) > 1
        and len({*first}) == len(first)
        and all(
            has_words(c) and len(c.split()) <= _HEAD_WORDS and not re.search(r"\d|[.!]$", c)
            for c in first
        )
    )


def _is_told_by_numbers(rows: list[_Row]) -> bool:
    """Whether a column has numbers in every row but the first."""
    columns = zip(*(r.cells for r in rows[1:] if not r.is_whole), strict=False)
    return any(all(re.search(r"\d", cell) for cell in column) for column in columns)


def _continue(open_cells: dict[int, tuple[int, str]], cells: list[str]) -> None:
    left, text = open_cells.pop(len(cells))
    if left > 1:
        open_cells[len(cells)] = (left - 1, text)
    cells.append(text)


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() and len(value) < 5 else 1


def _is_bold(cell: LexborNode) -> bool:
    strong = cell.css("strong, b")
    return (
        bool(strong)
        and "".join(s.text() or "" for s in strong).split() == (cell.text() or "").split()
    )
