"""Read a table of scores or answers into one column of scores for each item.

Whatever could also be meant otherwise is remembered as a guess.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from learn.authoring.tables.cells import CODES, TEXT, Kind, TableCell, divided, number, read_cell
from learn.authoring.tables.errors import MAX_ERRORS, Remarks, TableError, listed, quoted
from learn.authoring.tables.files import Grid, read_grid
from learn.authoring.tables.forms import Form, ItemColumns, Layout, layout_of
from learn.authoring.tables.summaries import (
    RowKind,
    fits_mean,
    is_key_row,
    is_total,
    row_summary,
    sums_others,
)

T = TypeVar("T")
Answers = Sequence[frozenset[str]]
_NO_ANSWER = frozenset({"-", "--", "–", "—", "#n/a"})  # a word may be an option
_NO_ANSWER_CODES = frozenset({"na", "n/a", "nan", "null", "#null!"})
_WORTH = re.compile(
    r"(?:/|\(|\bout of) ?([0-9]+(?:[.,][0-9]+)?) ?(?:pts?\.?|points?|puntos)?\)?$", re.IGNORECASE
)
_MANY_MEANS = 5  # columns whose means no learner has by chance
_FEW_NAMED = 20  # rows that may be means by their names, or have none
_FEW = 3  # rows at each end that may be means without a name
_TEST_STUDENT = frozenset({"student, test", "test student", "test student (test student)"})


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


def read_scores(path: Path, remarks: Remarks, asked: ReadingOptions) -> ScoreTable[float]:
    """Read a file of scores or answers. Raises TableError, or DocumentError if it is no text."""
    return _Table(path, remarks, asked).scores()


def read_options(
    path: Path, remarks: Remarks, asked: ReadingOptions, left_out: frozenset[str]
) -> ScoreTable[frozenset[str]]:
    """Read a file of chosen options. Raises TableError or DocumentError."""
    return _Table(path, remarks, asked).options(left_out)


@dataclass(slots=True)
class _Errors:
    """Errors of cells and rows, to be told in the order of the table."""

    found: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, row: int, column: int, text: str) -> None:
        self.found.append((row, column, text))

    def raise_any(self, path: Path) -> None:
        if self.found:
            found = sorted(self.found)[:MAX_ERRORS]
            raise TableError(path, [f"row {row}: {text}" for row, _column, text in found])


class _Table:
    """One table on its way from cells to scores."""

    def __init__(self, path: Path, remarks: Remarks, asked: ReadingOptions) -> None:
        self.path, self.remarks, self.asked = path, remarks, asked
        self.missing = {code.strip().casefold() for code in asked.missing}
        self.grid: Grid = read_grid(path, remarks, asked.sheet)
        self.layout: Layout = layout_of(self.grid)
        self.errors = _Errors([(row, -1, text) for row, text in self.grid.shape])
        self.possible: dict[int, float] = {}
        self.right_row: dict[int, str] = {}
        self.left_out: set[str] = set()
        self.by_scores: list[str] = []  # items whose right answers are known from their scores
        self._check_header()
        self.learners = self._learners()

    def scores(self) -> ScoreTable[float]:
        self._tell_form()
        self._keep_one_attempt()
        self._leave_out_rows()
        self._check_learners()
        self._choose_answers()
        self._leave_out_columns()
        columns: dict[str, MutableSequence[float]] = {}
        answers: dict[str, Answers] = {}
        right: dict[str, frozenset[str]] = {}
        words = _Words()
        for item in self.layout.items:
            if item.answer is not None:
                self._answers(item, answers, right, words)
            if item.score is not None:
                columns[item.name] = self._scores(item, words)
            elif item.name in answers:
                of = right[item.name]
                columns[item.name] = array("d", (float(bool(a & of)) for a in answers[item.name]))
        self.errors.raise_any(self.path)
        if not columns:
            raise TableError(
                self.path, ["no right answer is known; name the right ones with --key FILE."]
            )
        words.tell(self.remarks)
        if self.by_scores:
            self.remarks.guess(
                "answers that always got full points were taken as right, of "
                f"{listed(self.by_scores)}."
            )
        known = {item: given for item, given in answers.items() if item in right}
        return ScoreTable(
            self.path,
            tuple(self.learners),
            columns,
            known,
            right,
            frozenset(self.left_out),
            tuple(self.grid.numbers),
        )

    def options(self, left_out: frozenset[str]) -> ScoreTable[frozenset[str]]:
        self._tell_form()
        self._keep_one_attempt()
        self._drop([i for i, name in enumerate(self.learners) if name in left_out])
        self._check_learners()
        self.errors.raise_any(self.path)
        columns: dict[str, MutableSequence[frozenset[str]]] = {}
        for item in self.layout.items:
            place = item.score if item.answer is None else item.answer
            if place is not None:
                columns[item.name] = [*map(self._choice, self.grid.columns[place])]
        return ScoreTable(self.path, tuple(self.learners), columns)

    def _check_header(self) -> None:
        header, items = self.grid.header, self.layout.items
        if len(header) < 2 or not items:
            reason = "it has no items: the first line names the learner, then each item."
            raise TableError(self.path, [reason])
        reasons = []
        names: set[str] = set()
        for item in [*items]:
            place = item.score if item.score is not None else item.answer
            if not item.name and place is not None and not any(self.grid.columns[place]):
                items.remove(item)
            elif not item.name:
                reasons.append(f"column {(place or 0) + 1} has no name in the first line.")
            elif item.name in names:
                reasons.append(
                    f"two columns are named {quoted(item.name)}; each item needs its own name."
                )
            names.add(item.name)
        if reasons:
            raise TableError(self.path, reasons)

    def _learners(self) -> list[str]:
        """Return the name of each row's learner; rows are numbered where there are no names."""
        layout, grid = self.layout, self.grid
        if layout.form is Form.PLAIN and layout.learner == (0,) and self._has_no_learners():
            layout.items.insert(0, ItemColumns(grid.header[0], score=0))
            layout.learner = ()
        if not layout.learner:
            self.remarks.guess(
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

    def _has_no_learners(self) -> bool:
        """Return whether the first column can only be an item: scores, some of them repeated."""
        column = [cell for cell in self.grid.columns[0] if cell]
        name = self.grid.header[0].casefold()
        people = {"", "person", "learner", "student", "name", "id"}
        if len({*column}) == len(column) or name in people:
            return False
        cells = [read_cell(cell) for cell in {*column}]
        return all(c.is_score and 0 <= c.value <= c.most for c in cells)

    def _tell_form(self) -> None:
        layout, header = self.layout, self.grid.header
        others = [header[place] for place in layout.others if header[place]]
        if layout.form is not Form.PLAIN:
            by = [header[place] for place in layout.learner]
            text = f"it was read as {layout.form}"
            text += f", with learners by {listed(by)}" if by else ""
            others = [*dict.fromkeys(others)]
            self.remarks.guess(f"{text}.{f' Left out: {listed(others)}.' if others else ''}")
            if layout.form in {Form.CANVAS_NEW_QUIZZES, Form.MICROSOFT_FORMS}:
                self.remarks.guess(
                    "it doesn't say what each question is worth: the most that anybody got was"
                    " taken for it."
                )
        elif others:
            self.remarks.guess(f"these columns are no items, and were left out: {listed(others)}.")

    def _drop(self, places: Sequence[int]) -> None:
        self.grid.drop_rows(places)
        for place in sorted(places, reverse=True):
            del self.learners[place]

    def _keep_one_attempt(self) -> None:
        if not self.asked.attempt:
            return
        rows: dict[str, list[int]] = {}
        for place, name in enumerate(self.learners):
            rows.setdefault(name, []).append(place)
        keep = 0 if self.asked.attempt == "first" else -1
        many = {name: places for name, places in rows.items() if name and len(places) > 1}
        self._drop([p for places in many.values() for p in places if p != places[keep]])
        if many:
            self.remarks.note(f"only the {self.asked.attempt} row counts, of {listed(many)}.")

    def _leave_out_rows(self) -> None:
        """Leave out what is no learner: summaries, points possible, a key, and test students."""
        gone: dict[int, str] = {}
        numbers, grid = self.grid.numbers, self.grid
        scored = [item.score for item in self.layout.items if item.score is not None]
        for place, name in enumerate(self.learners):
            kind = row_summary(name)
            row = f"row {numbers[place]}{f', {quoted(name)},' if name else ''}"
            if kind is RowKind.POSSIBLE:
                self._take_points_possible(place, scored)
                gone[place] = f"{row} is what each item is worth"
            elif kind is RowKind.SUMMARY:
                gone[place] = f"{row} sums up the others"
            elif is_key_row(name) and self._holds_answers():
                self.right_row = {i: column[place] for i, column in enumerate(grid.columns)}
                gone[place] = f"{row} has the right answers"
            elif self.layout.form is not Form.PLAIN and (reason := self._no_attempt(place)):
                gone[place] = f"{row} {reason}"
        gone |= self._means(scored, gone)
        for place, name in enumerate(self.learners):
            if place not in gone and row_summary(name) is RowKind.MAYBE:
                self.remarks.guess(
                    f"row {numbers[place]}, {quoted(name)}, was counted as a learner; "
                    "it could also sum up the others."
                )
        many = [*gone.values()]
        for reason in many[:MAX_ERRORS]:
            self.remarks.guess(f"{reason}; left out.")
        if len(many) > MAX_ERRORS:
            self.remarks.guess(f"{len(many) - MAX_ERRORS} more rows like these were left out.")
        self.left_out |= {self.learners[place] for place in gone}
        numbers_gone = {numbers[place] for place in gone}
        self.errors.found = [e for e in self.errors.found if e[0] not in numbers_gone]
        self._drop([*gone])

    def _take_points_possible(self, place: int, scored: Iterable[int]) -> None:
        for column in scored:
            cell = read_cell(self.grid.columns[column][place])
            if cell.kind is Kind.NUMBER:
                self.possible[column] = cell.value

    def _no_attempt(self, place: int) -> str:
        """Return why a row of an export is no attempt; empty if it is one."""
        columns = self.grid.columns
        name = self.learners[place].casefold()
        if self.layout.form is Form.CANVAS_GRADEBOOK and name in _TEST_STUDENT:
            return "is Canvas’s test student"
        places = [
            i for item in self.layout.items for i in (item.score, item.answer) if i is not None
        ]
        kinds = {read_cell(columns[i][place]).kind for i in places}
        if kinds <= {Kind.BLANK, Kind.MISSING}:
            return "has no answers"
        if not name and kinds <= {Kind.BLANK, Kind.TEXT}:
            return "says how grades are posted"
        return ""

    def _means(self, scored: Sequence[int], gone: Mapping[int, str]) -> dict[int, str]:
        """Return the rows, without a name that says so, that equal the means of their columns."""
        count = len(self.learners)
        candidates = {*range(min(_FEW, count)), *range(max(0, count - _FEW), count)}
        named = [i for i, n in enumerate(self.learners) if not n or row_summary(n)]
        candidates |= {*named[:_FEW_NAMED]}
        left = dict.fromkeys(candidates - {*gone}, 0)
        if count - len(gone) <= _FEW:
            return {}
        for place in scored:
            column = self.grid.columns[place]
            known = {text: read_cell(text) for text in {*column}} if left else {}
            for row in [*left]:
                cell = known[column[row]]
                others = [
                    known[text] for i, text in enumerate(column) if i != row and i not in gone
                ]
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
            if telling > 1 and (is_certain or self._has_own_value(row, scored, {*gone})):
                told = f", {quoted(self.learners[row])}," if self.learners[row] else ""
                found[row] = f"row {self.grid.numbers[row]}{told} equals the means of the columns"
        return found

    def _has_own_value(self, row: int, scored: Sequence[int], gone: set[int]) -> bool:
        """Return whether a row has a value that no other has in any column, as means do."""
        columns = [self.grid.columns[place] for place in scored]
        others = {
            read_cell(text).value
            for column in columns
            for i, text in enumerate(column)
            if i != row and i not in gone
        }
        return any(read_cell(column[row]).value not in others for column in columns)

    def _check_learners(self) -> None:
        first: dict[str, int] = {}
        for row, name in zip(self.grid.numbers, self.learners, strict=True):
            if not name:
                self.errors.add(row, -2, "the learner is missing.")
            elif (before := first.setdefault(name, row)) != row:
                self.errors.add(
                    row,
                    -2,
                    f"the learner {quoted(name)} is in row {before} already; "
                    "--attempt first (or last) keeps one row of each.",
                )

    def _holds_answers(self) -> bool:
        """Return whether a table holds answers: in a plain one, texts or numbers of options."""
        if self.layout.form is not Form.PLAIN:
            return any(item.score is None for item in self.layout.items)
        return any(
            (cell := read_cell(text)) is TEXT or cell.value > 1
            for item in self.layout.items
            if item.score is not None
            for text in self.grid.columns[item.score][:200]
        )

    def _choose_answers(self) -> None:
        """Decide whether a plain table holds answers, which need a key, or scores."""
        if self.layout.form is not Form.PLAIN:
            return
        key = self.asked.key
        if self.right_row or (key and self._fits(key)):
            for item in self.layout.items:
                item.answer, item.score = item.score, None
        elif not key:
            texts = Counter(
                read_cell(cell) is TEXT
                for item in self.layout.items
                for cell in self.grid.columns[item.score or 0][:200]
                if cell
            )
            if texts[True] > texts[False] and texts[True] > 1:
                reason = (
                    "it has answers, not scores: name the right ones with --key FILE, or in a "
                    "row of the table that is called “Key”."
                )
                raise TableError(self.path, [reason])

    def _fits(self, key: Mapping[str, frozenset[str]]) -> bool:
        """Return whether the cells are answers that this key is about."""
        if self._holds_answers():
            return True
        cells = {
            item.name: {*map(_alike, self.grid.columns[item.score])}
            for item in self.layout.items
            if item.score is not None
        }
        return any({*map(_alike, right)} & cells.get(name, set()) for name, right in key.items())

    def _leave_out_columns(self) -> None:
        """Leave out columns that add up others, by their names or by what they hold."""
        items = self.layout.items
        if self.layout.form is Form.PLAIN:
            key = self.asked.key or {}
            named = [item for item in items if is_total(item.name) and item.name not in key]
            for item in named if len(named) < len(items) else ():
                self._leave_out(item, "sums up the others, by its name")
        scored = [item for item in items if item.score is not None]
        for item in [*scored]:
            if self._most(item) == 0:
                scored.remove(item)
                self._leave_out(item, "is worth no points")
        several = [item for item in scored if self._has_several(item)]
        if len(scored) < 3 or not several:
            return
        totals = [math.fsum(row) for row in zip(*(self._values(i)[0] for i in scored), strict=True)]
        others = len(scored) - 1
        for item in reversed(several):
            values, decimals = self._values(item)
            if sums_others(values, totals, others, decimals):
                self._leave_out(item, "is the sum of the others, scaled")
                totals = [total - value for total, value in zip(totals, values, strict=True)]
                others -= 1

    def _has_several(self, item: ItemColumns) -> bool:
        """Return whether an item has at least three different scores, as totals do."""
        column = self.grid.columns[item.score or 0]
        return len({read_cell(text).value for text in {*column}}) > 2

    def _values(self, item: ItemColumns) -> tuple[list[float], int]:
        column = self.grid.columns[item.score or 0]
        known = {text: read_cell(text) for text in {*column}}
        codes = _codes(known, self._most(item))
        worth = {
            text: cell.value if cell.is_score and text not in codes else 0.0
            for text, cell in known.items()
        }
        values = [*map(worth.__getitem__, column)]
        return values, max((cell.decimals for cell in known.values()), default=0)

    def _leave_out(self, item: ItemColumns, why: str) -> None:
        self.layout.items.remove(item)
        self.remarks.guess(f"the column {quoted(item.name)} {why}; left out.")

    def _choice(self, cell: str) -> frozenset[str]:
        text = cell.casefold()
        return (
            frozenset()
            if not cell or text in self.missing or text in _NO_ANSWER
            else frozenset({cell})
        )

    def _answers(
        self,
        item: ItemColumns,
        answers: dict[str, Answers],
        right: dict[str, frozenset[str]],
        words: _Words,
    ) -> None:
        """Read what was chosen, and find what is right: by the key, by a column, or by scores."""
        column = self.grid.columns[item.answer or 0]
        chosen: list[frozenset[str]] = [*map(self._choice, column)]
        key = self._right_options(item, chosen)
        if key is None:
            if item.score is None:
                self._without_key(item)
            return
        spelled = {_alike(option): option for option in sorted(key)}
        for place, one in enumerate(chosen):
            for option in one:
                if _is_code(option) and _alike(option) not in spelled:
                    chosen[place] = frozenset()
                    words.missing[option] += 1
                    continue
                spelled.setdefault(_alike(option), option)
        answers[item.name] = [frozenset(spelled[_alike(o)] for o in one) for one in chosen]
        right[item.name] = frozenset(spelled[_alike(o)] for o in key)

    def _right_options(self, item: ItemColumns, chosen: Answers) -> frozenset[str] | None:
        if self.asked.key is not None and item.name in self.asked.key:
            return self.asked.key[item.name]
        if item.right is not None:
            return frozenset(cell for cell in self.grid.columns[item.right] if cell)
        if item.answer is not None and (cell := self.right_row.get(item.answer)):
            return frozenset({cell})
        if item.score is None or self.asked.key is not None:
            return None
        self.by_scores.append(item.name)
        most = self._most(item)
        full: dict[str, bool] = {}
        for one, text in zip(chosen, self.grid.columns[item.score], strict=True):
            points = read_cell(text)
            worth = points.most if points.kind is Kind.OF else most
            for option in one:
                is_full = points.is_score and points.value >= worth
                full[option] = full.get(option, True) and is_full
        return frozenset(option for option, is_full in full.items() if is_full)

    def _without_key(self, item: ItemColumns) -> None:
        self.remarks.guess(f"the column {quoted(item.name)} has no right answer; left out.")

    def _most(self, item: ItemColumns) -> float:
        if item.most is not None:
            return item.most
        return self.possible.get(item.score if item.score is not None else -1, 1.0)

    def _scores(self, item: ItemColumns, words: _Words) -> MutableSequence[float]:
        """Return the scores of an item; what can't be read is remembered as an error."""
        place = item.score or 0
        column = self.grid.columns[place]
        cells = {text: self._cell(text) for text in {*column}}
        most = self._most(item)
        top = max((c.value for c in cells.values() if c.kind is Kind.NUMBER), default=0.0)
        if most == 1 and top > 1 and (worth := _WORTH.search(item.name)):
            named = number(worth.group(1))
            if top <= named:
                most = named
                self.remarks.guess(
                    f"the column {quoted(item.name)} was read as points of {worth.group(1)}."
                )
        meaning: dict[str, float] = {}
        wrong: dict[str, str] = {}
        codes = _codes(cells, most)
        has_percent = any(c.kind is Kind.PERCENT for c in cells.values())
        of = {c.most for c in cells.values() if c.kind is Kind.OF}
        for text, cell in cells.items():
            try:
                if text in codes:
                    words.codes[text] += column.count(text)
                    meaning[text] = 0.0
                else:
                    meaning[text] = _score(text, cell, most, has_percent=has_percent, of=of)
            except ValueError as error:
                wrong[text] = str(error)
                meaning[text] = 0.0
            if cell.kind is Kind.MISSING and text.casefold() not in self.missing:
                words.missing[text] += column.count(text)
            elif cell.kind is Kind.WORD:
                words.words[text] = cell.value
        if wrong:
            self._tell_wrong(item, place, wrong)
        return array("d", map(meaning.__getitem__, column))

    def _cell(self, text: str) -> TableCell:
        return (
            TableCell(Kind.MISSING) if text and text.casefold() in self.missing else read_cell(text)
        )

    def _tell_wrong(self, item: ItemColumns, place: int, wrong: Mapping[str, str]) -> None:
        told = 0
        rows = zip(self.grid.numbers, self.grid.columns[place], strict=True)
        for row, text in rows:
            if text in wrong:
                self.errors.add(row, place, f"column {quoted(item.name)}: {wrong[text]}.")
                told += 1
                if told >= MAX_ERRORS:
                    return


@dataclass(slots=True)
class _Words:
    """What stood for scores or for no answer in the whole table, to be told once."""

    missing: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    words: dict[str, float] = field(default_factory=dict)

    def tell(self, remarks: Remarks) -> None:
        for text, count in (self.missing + self.codes).items():
            where = f"{count} cells" if count > 1 else "1 cell"
            code = " a code for" if text in self.codes else ""
            remarks.guess(
                f"{quoted(text)} in {where} was read as{code} no answer, which counts as 0."
            )
        for value in (1.0, 0.0):
            if said := [text for text, of in self.words.items() if of == value]:
                remarks.guess(f"{listed(sorted(said))} was read as {value:.0f}.")


def _is_code(option: str) -> bool:
    """Return whether a text can hardly be an option, but stands for no answer."""
    if option.casefold() in _NO_ANSWER_CODES:
        return True
    cell = read_cell(option)
    return cell.kind is Kind.NUMBER and cell.value in CODES


def _alike(option: str) -> str:
    return " ".join(option.casefold().split())


def _codes(cells: Mapping[str, TableCell], most: float) -> frozenset[str]:
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
