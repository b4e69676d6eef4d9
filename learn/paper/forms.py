"""Forms of paper quizzes: which one to print, and the grid to type papers into."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from wtforms import HiddenField, StringField

from learn.forms import TokenForm
from learn.paper.actions import FormLine
from learn.paper.letters import GridCell, read
from learn.paper.printed import PaperItem

FIRST_ROWS = 10
"""Rows of a new form, and how many are added at a time."""

MAX_ROWS = 100
"""Rows of a form. More would be slow on a phone; the next papers go into the next form."""
_MOST_READ = 5 * MAX_ROWS
"""Rows that are read of what was sent: no page has so many, and a body has room for thousands."""

_CELL = re.compile(r"(?:[0-9a-f]{6}-)?([1-9][0-9]{0,3})-([1-9][0-9]?)")
"""Name of a cell: its row and question, after the end of the form's id.

So no browser offers what was typed into other forms, and covers the rows below with it.
"""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row as it was typed, with a cell for each question."""

    line: int
    cells: tuple[GridCell, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it: then it's no paper."""
        return all(cell.is_empty for cell in self.cells)

    @property
    def problems(self) -> int:
        """How many of its cells can't be read."""
        return sum(cell.problem is not None for cell in self.cells)

    def as_line(self) -> FormLine:
        """Return what is stored of it."""
        given = ((n, cell.response) for n, cell in enumerate(self.cells, 1))
        return FormLine(self.line, {str(n): r.to_json() for n, r in given if r is not None})


class SittingForm(TokenForm):
    """The quiz to print; `new_id` is the id that the sitting will have."""

    source = StringField()
    new_id = HiddenField()

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed, so that sending it twice makes one sitting."""
        return form_id(self.new_id.data) or default


class GridForm(TokenForm):
    """Rows of papers. `new_id` names this form, so that sending it twice saves it once.

    With `check`, it is only looked at; with `more`, it gets more rows; with `anyway`, papers are
    saved that look like others. `revision` is that of a single paper, when it was shown.
    """

    new_id = HiddenField()
    rows = HiddenField()
    revision = HiddenField()
    check = StringField()
    more = StringField()
    anyway = StringField()

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed."""
        return form_id(self.new_id.data) or default

    @property
    def revision_number(self) -> int:
        """Return the revision that the page showed; -1 if it can't be read."""
        data = self.revision.data or ""
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else -1

    @cached_property
    def sent(self) -> dict[tuple[int, int], str]:
        """What stands in each cell that was sent, by row and question."""
        found = {}
        for name, value in request.form.items():
            if match := _CELL.fullmatch(name):
                found[int(match[1]), int(match[2])] = value
        return found

    @property
    def lines(self) -> list[int]:
        """Return the rows that were sent: those that the page showed, and any with a cell."""
        data = self.rows.data or ""
        shown = int(data) if data.isascii() and data.isdigit() and len(data) <= 4 else 0
        lines = {*range(1, min(shown, MAX_ROWS) + 1), *(line for line, _ in self.sent)}
        return sorted(lines)[:_MOST_READ]

    @property
    def as_sent(self) -> list[str]:
        """Return each row with something in it as one text, to copy from."""
        rows: dict[int, dict[int, str]] = {}
        for (line, place), typed in self.sent.items():
            if typed:
                rows.setdefault(line, {})[place] = typed
        return [
            " | ".join(cells.get(place, "") for place in range(1, max(cells) + 1))
            for _, cells in sorted(rows.items())[:_MOST_READ]
        ]

    def typed(self, items: Sequence[PaperItem]) -> list[TypedRow]:
        """Read every row that was sent."""
        return [self._row(line, items) for line in self.lines]

    def _row(self, line: int, items: Sequence[PaperItem]) -> TypedRow:
        cells = (
            read(self.sent.get((line, item.number), ""), item.question, item.shown)
            for item in items
        )
        return TypedRow(line, tuple(cells))


def empty_rows(items: Sequence[PaperItem], first: int, count: int) -> list[TypedRow]:
    """Return rows with nothing in them."""
    return [
        TypedRow(line, tuple(GridCell() for _ in items)) for line in range(first, first + count)
    ]


def form_id(value: Any) -> uuid.UUID | None:
    """Return the id in a text, or None."""
    try:
        return uuid.UUID(hex=value)
    except (ValueError, TypeError, AttributeError):
        return None
