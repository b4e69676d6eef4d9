"""Read a table of scores or answers into one column of scores for each item.

Whatever could also be meant otherwise is remembered as a guess.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, MutableSequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from learn.authoring.tables.answers import choose_answers, read_answers
from learn.authoring.tables.errors import Remarks, TableError, listed
from learn.authoring.tables.recognition import (
    check_learners,
    describe_form,
    keep_one_attempt,
    open_table,
)
from learn.authoring.tables.scores import item_scores
from learn.authoring.tables.summary_columns import leave_out_columns
from learn.authoring.tables.summary_rows import leave_out_rows
from learn.authoring.tables.table import Answers, ReadingOptions, TextMeanings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ScoreTable(Generic[T]):
    """Learners, and for each item its cells in the order of the learners.

    `answers` has what they chose, for each item whose right options are in `right`. `left_out` has
    the names of rows that are no learners.
    """

    path: Path
    learners: tuple[str, ...]
    columns: Mapping[str, MutableSequence[T]]
    answers: Mapping[str, Answers] = field(default_factory=dict)
    right: Mapping[str, frozenset[str]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    rows: tuple[int, ...] = ()


def read_scores(path: Path, remarks: Remarks, options: ReadingOptions) -> ScoreTable[float]:
    """Read a file of scores or answers. Raises TableError, or DocumentError if it is no text."""
    table = open_table(path, remarks, options)
    describe_form(table)
    keep_one_attempt(table)
    leave_out_rows(table)
    check_learners(table)
    choose_answers(table)
    leave_out_columns(table)
    columns: dict[str, MutableSequence[float]] = {}
    answers: dict[str, Answers] = {}
    right: dict[str, frozenset[str]] = {}
    meanings = TextMeanings()
    for item in table.layout.items:
        if item.answer is not None:
            read_answers(table, item, answers, right, meanings)
        if item.score is not None:
            columns[item.name] = item_scores(table, item, meanings)
        elif item.name in answers:
            of = right[item.name]
            columns[item.name] = array("d", (float(bool(a & of)) for a in answers[item.name]))
    table.errors.raise_any(table.path)
    if not columns:
        raise TableError(
            table.path, ["no right answer is known; name the right ones with --key FILE."]
        )
    meanings.report(table.remarks)
    if table.by_scores:
        table.remarks.guess(
            "answers that always got full points were taken as right, of "
            f"{listed(table.by_scores)}."
        )
    known = {item: given for item, given in answers.items() if item in right}
    return ScoreTable(
        table.path,
        tuple(table.learners),
        columns,
        known,
        right,
        frozenset(table.left_out),
        tuple(table.grid.numbers),
    )


def read_options(
    path: Path, remarks: Remarks, options: ReadingOptions, left_out: frozenset[str]
) -> ScoreTable[frozenset[str]]:
    """Read a file of chosen options. Raises TableError or DocumentError."""
    table = open_table(path, remarks, options)
    describe_form(table)
    keep_one_attempt(table)
    table.drop_rows([i for i, name in enumerate(table.learners) if name in left_out])
    check_learners(table)
    table.errors.raise_any(table.path)
    columns: dict[str, MutableSequence[frozenset[str]]] = {}
    for item in table.layout.items:
        place = item.score if item.answer is None else item.answer
        if place is not None:
            columns[item.name] = [*map(table.choice, table.grid.columns[place])]
    return ScoreTable(table.path, tuple(table.learners), columns)
