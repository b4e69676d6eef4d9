"""What papers show: how each question went, and whether the questions work together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from learn.library.content import Content
from learn.paper.letters import written
from learn.paper.printed import PaperItem
from learn.paper.queries import Paper
from learn.results.report import BeliefCount
from learn.results.teach_next import common_belief
from questions.advice import Advice, advice, is_too_few, shared_mistake
from questions.analysis import Analysis, ItemAnalysis, analyze
from questions.grading import InvalidResponse, Outcome, grade, outcome_of
from questions.model import Response
from questions.parts import KeyEntry


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """A paper's answer to a question, as letters. `outcome` is None for a blank one."""

    letters: str
    outcome: Outcome | None
    score: float
    response: Response | None
    beliefs: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Return the outcome as text, or `blank`."""
        return self.outcome or "blank"


BLANK = PaperAnswer("", None, 0.0, None)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper, with an answer for each question, and its points."""

    number: int
    answers: tuple[PaperAnswer, ...]
    points: float


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many of the papers have an option's letter."""

    entry: KeyEntry
    count: int
    beliefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How a question went on `n` papers. `belief` is the wrong idea that many of them chose.

    `missed` have less than all its points, blank ones too. `shared_mistake` is the wrong option
    that more than half of those who missed it or weren't sure chose, `with_mistake` of
    `missed_or_unsure`, who are counted for `belief`, too. `statistics` are about all papers,
    and None for so few that they would say nothing.
    """

    item: PaperItem
    n: int
    outcomes: Mapping[Outcome, int]
    blank: int
    mean: float
    options: tuple[OptionCount, ...]
    belief: BeliefCount | None
    advice: tuple[Advice, ...]
    missed: int
    shared_mistake: KeyEntry | None
    with_mistake: int
    missed_or_unsure: int
    statistics: ItemAnalysis | None

    @property
    def right(self) -> int:
        """How many got it wholly right."""
        return self.outcomes.get(Outcome.RIGHT, 0)

    @property
    def share(self) -> float:
        """Share of papers with the right answer, from 0 to 1."""
        return self.right / self.n


@dataclass(frozen=True)
class PaperReport:
    """All papers of a sitting, and how each question went. Blank answers score 0."""

    items: tuple[PaperItem, ...]
    rows: tuple[PaperRow, ...]
    results: tuple[ItemResult, ...]
    analysis: Analysis

    @property
    def n(self) -> int:
        """Number of papers."""
        return len(self.rows)

    @property
    def mean(self) -> float | None:
        """Mean of the papers' points; each question is worth one."""
        return self.analysis.test.mean

    @cached_property
    def has_statistics(self) -> bool:
        """Whether there are enough papers for discrimination and reliability."""
        return not is_too_few(self.n)


def report_of(content: Content, items: Sequence[PaperItem], sheets: Sequence[Paper]) -> PaperReport:
    """Grade the papers by the questions as they were printed."""
    known: dict[tuple[int, str], PaperAnswer] = {}
    rows = []
    for sheet in sheets:
        answers = tuple(_answer(item, sheet, known) for item in items)
        rows.append(PaperRow(sheet.number, answers, sum(answer.score for answer in answers)))
    columns = {str(item.number): [row.answers[i] for row in rows] for i, item in enumerate(items)}
    analysis = analyze(
        {name: [answer.score for answer in column] for name, column in columns.items()},
        {name: [_chosen(answer) for answer in column] for name, column in columns.items()},
        {str(i.number): {e.part.id: bool(e.part.right) for e in i.parts} for i in items},
    )
    results = tuple(
        _result(content, item, columns[str(item.number)], analysis) for item in items if rows
    )
    return PaperReport(tuple(items), tuple(rows), results, analysis)


def _answer(
    item: PaperItem, sheet: Paper, known: dict[tuple[int, str], PaperAnswer]
) -> PaperAnswer:
    """Return one answer. Most papers have the same ones, so each is graded once."""
    response = sheet.response(item.number)
    if response is None or item.question is None:
        return BLANK
    key = item.number, repr(response)
    if key not in known:
        try:
            graded = grade(item.question, response)
        except InvalidResponse:  # another site, with another question of this version, wrote it
            return BLANK
        known[key] = PaperAnswer(
            written(response, item.question, item.shown),
            outcome_of(graded.score, unsure=graded.unsure),
            graded.score,
            response,
            graded.misconceptions,
        )
    return known[key]


def _chosen(answer: PaperAnswer) -> frozenset[str]:
    return frozenset(answer.response.chosen) if answer.response else frozenset()


def _result(
    content: Content, item: PaperItem, answers: Sequence[PaperAnswer], analysis: Analysis
) -> ItemResult:
    outcomes = Counter(answer.outcome for answer in answers if answer.outcome is not None)
    believers: Counter[str] = Counter()
    for answer in answers:
        if answer.outcome is Outcome.MISSED:
            believers.update({*answer.beliefs} & content.bank.misconceptions.keys())
    found = analysis.items[str(item.number)]
    missed_or_unsure = outcomes[Outcome.MISSED] + outcomes[Outcome.UNSURE]
    mistake = shared_mistake(found)
    with_mistake = sum(
        mistake in _chosen(answer) for answer in answers if answer.outcome is Outcome.MISSED
    )
    if 2 * with_mistake <= missed_or_unsure:
        mistake, with_mistake = None, 0
    counts = Counter(part for answer in answers for part in _chosen(answer))
    return ItemResult(
        item=item,
        n=len(answers),
        outcomes=outcomes,
        blank=len(answers) - outcomes.total(),
        mean=found.facility or 0.0,
        options=tuple(
            OptionCount(entry, counts[entry.part.id], item.beliefs(entry.misconceptions))
            for entry in item.parts
        ),
        belief=common_belief(content, believers, missed_or_unsure),
        advice=advice(found, outcomes[Outcome.ALMOST]) if outcomes else (),
        missed=found.missed,
        shared_mistake=next((e for e in item.parts if e.part.id == mistake), None),
        with_mistake=with_mistake,
        missed_or_unsure=missed_or_unsure,
        statistics=None if is_too_few(len(answers)) else found,
    )
