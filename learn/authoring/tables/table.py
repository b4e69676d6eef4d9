"""A table while it is read: its cells, what its columns are, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from learn.authoring.tables.cells import Kind, TableCell, read_cell
from learn.authoring.tables.errors import MAX_ERRORS, Remarks, TableError, listed, quoted
from learn.authoring.tables.files import Grid
from learn.authoring.tables.forms import ItemColumns, Layout

Answers = Sequence[frozenset[str]]
_NO_ANSWER = frozenset({"-", "--", "–", "—", "#n/a"})  # a word may be an option


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a table is to be read, as far as somebody said so.

    `missing` has the codes for no answer; `attempt` is "first" or "last", the row of a learner
    that counts.
    """

    key: Mapping[str, frozenset[str]] | None = None
    sheet: str | None = None
    missing: frozenset[str] = frozenset()
    attempt: str = ""


@dataclass(slots=True)
class CellErrors:
    """The errors of cells and rows, to be reported in the order of the table."""

    found: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, row: int, column: int, text: str) -> None:
        self.found.append((row, column, text))

    def raise_any(self, path: Path) -> None:
        if self.found:
            found = sorted(self.found)[:MAX_ERRORS]
            raise TableError(path, [f"row {row}: {text}" for row, _column, text in found])


@dataclass(slots=True)
class TextMeanings:
    """Texts that were read as scores or as no answer in the whole table, to be reported once."""

    missing: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    words: dict[str, float] = field(default_factory=dict)

    def report(self, remarks: Remarks) -> None:
        for text, count in (self.missing + self.codes).items():
            where = f"{count} cells" if count > 1 else "1 cell"
            code = " a code for" if text in self.codes else ""
            remarks.guess(
                f"{quoted(text)} in {where} was read as{code} no answer, which counts as 0."
            )
        for value in (1.0, 0.0):
            if said := [text for text, of in self.words.items() if of == value]:
                remarks.guess(f"{listed(sorted(said))} was read as {value:.0f}.")


@dataclass(slots=True)
class RawTable:
    """A table on its way from cells to scores: what it holds, and what is known about it.

    `possible` has the points that a row gives for columns, and `right_row` the right answers.
    `left_out` has the names of rows that are no learners, and `by_scores` the items whose right
    answers are known from their scores.
    """

    path: Path
    remarks: Remarks
    options: ReadingOptions
    grid: Grid
    layout: Layout
    errors: CellErrors
    missing: frozenset[str]
    learners: list[str] = field(default_factory=list)
    possible: dict[int, float] = field(default_factory=dict)
    right_row: dict[int, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    by_scores: list[str] = field(default_factory=list)

    def drop_rows(self, places: Sequence[int]) -> None:
        """Drop these rows, counted from 0, with their learners."""
        self.grid.drop_rows(places)
        for place in sorted(places, reverse=True):
            del self.learners[place]

    def max_points(self, item: ItemColumns) -> float:
        """Return what an item is worth: as its form or a row says, else 1."""
        if item.most is not None:
            return item.most
        return self.possible.get(item.score if item.score is not None else -1, 1.0)

    def cell(self, text: str) -> TableCell:
        """Read a cell of scores; codes that were named are no answer."""
        return (
            TableCell(Kind.MISSING) if text and text.casefold() in self.missing else read_cell(text)
        )

    def choice(self, cell: str) -> frozenset[str]:
        """Return the option in a cell of answers; none if it stands for no answer."""
        text = cell.casefold()
        return (
            frozenset()
            if not cell or text in self.missing or text in _NO_ANSWER
            else frozenset({cell})
        )
