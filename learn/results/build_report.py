"""Build a report from countable answers: pure functions with the same result every time.

Every figure is a sum over single answers, which keeps the guarantee of disclosure blocks
(`questions.disclosure`). Figures that need all answers of a person cover named members only
(`learn.results.item_statistics`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from learn.library.content import Content
from learn.results.answer_counts import AnswerCounts
from learn.results.disclosure_blocks import Cell, CountableAnswers
from learn.results.filters import Filter
from learn.results.item_statistics import GroupStatistics, ItemStatistics
from learn.results.queries import AssignedQuiz, IdenticalAnswers, MemberCounts
from learn.results.report import (
    BeliefCount,
    ObjectiveResult,
    PartCount,
    Report,
    VersionResult,
    VersionStatus,
    by_need,
)
from questions.advice import Advice, advice, shared_mistake
from questions.analysis import ItemAnalysis, wilson95
from questions.distractors import Option
from questions.grading import Outcome
from questions.model import Objective, Question, Response
from questions.versions import (
    DisplayedVersion,
    QuestionSnapshot,
    VersionKey,
    is_counted,
    shown_with_all,
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts for one version of a question, and what its answers are shown with."""

    counts: AnswerCounts
    snapshot: QuestionSnapshot | None
    wording: DisplayedVersion


_CountsByVersion = Mapping[str, Mapping[str, _Counted]]
"""Counts by question id and version."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What a report depends on besides the answers. `zone` determines the dates of `filters`.

    `earlier` has the versions that are not asked now, as far as they were kept: without statistics,
    those of questions that are no longer in the bank.
    """

    content: Content
    filters: Filter
    zone: ZoneInfo
    assigned: tuple[AssignedQuiz, ...] = ()
    earlier: Mapping[VersionKey, QuestionSnapshot] = field(default_factory=dict)

    def shown(
        self, question: str, version: str, answers: Iterable[IdenticalAnswers]
    ) -> tuple[QuestionSnapshot | None, DisplayedVersion]:
        """Return what to show these answers to a version of the question with."""
        bank = self.content.bank
        kept, now = self.earlier.get((question, version)), bank.questions.get(question)
        if now is not None and now.version == version:
            return QuestionSnapshot(now, bank.misconceptions), DisplayedVersion.SAME
        best, wording = shown_with_all(
            [Response.from_json(one.response) for one in answers],
            version,
            kept.question if kept else None,
            now,
        )
        if best is not None and best is now:
            return QuestionSnapshot(now, bank.misconceptions), wording
        return kept, wording

    def includes(self, cell: Cell) -> bool:
        """Whether answers of the cell count and pass the filters, apart from their days."""
        question = self.content.bank.questions.get(cell.question)
        if not self._is_counted(cell, question):
            return False
        if self.filters.assignment and cell.assignment != self.filters.assignment:
            return False
        if not self.filters.lesson:
            return True
        if question is None:
            return False
        return self.content.bank.objectives[question.objective].lesson == self.filters.lesson

    def _is_counted(self, cell: Cell, question: Question | None) -> bool:
        """Whether the question is not for practice only, or was not when it left the bank."""
        bank = self.content.bank
        if question is not None:
            return question.objective in bank.counted
        kept = self.earlier.get((cell.question, cell.version))
        return kept is None or is_counted(bank, kept)

    def includes_block(self, block: Iterable[tuple[Cell, IdenticalAnswers]]) -> bool:
        """Whether every answer of a block passes the filters.

        None passes a filter by days: moved day by day, it would tell when somebody answered.
        """
        return not self.filters.has_days and all(self.includes(cell) for cell, _ in block)

    @property
    def fixed_questions(self) -> tuple[str, ...]:
        """Questions of the chosen assignment that everybody got."""
        chosen = self.filters.assignment
        fixed = next((a.fixed_questions for a in self.assigned if a.id == chosen), ())
        return tuple(q for q in fixed if self.includes(Cell(q, "", chosen)))


def build_report(
    request: ReportRequest,
    members: MemberCounts,
    countable: CountableAnswers,
    statistics: GroupStatistics | None = None,
) -> Report:
    """Report on the countable answers that pass the filters.

    Without `statistics`, the report has no questions.
    """
    content, filters = request.content, request.filters
    named = [answer for answer in countable.named if request.includes(answer[0])]
    blocks = {
        id_: block for id_, block in countable.blocks.items() if request.includes_block(block)
    }
    in_totals = [answer for block in blocks.values() for answer in block]
    counts = _count_answers(request, [*named, *in_totals])
    objectives = [o for o in content.bank.counted.values() if filters.lesson in {"", o.lesson}]
    results = [_objective_result(content, objective, counts) for objective in objectives]
    answered = sorted((r for r in results if r.n), key=lambda r: r.by_need)
    chosen = next((a.title for a in request.assigned if a.id == filters.assignment), "")
    return Report(
        members=members,
        filters=filters,
        assignment=chosen,
        lesson=content.lessons[filters.lesson].title if filters.lesson else "",
        named=sum(answers.count for _, answers in named),
        in_totals=sum(answers.count for _, answers in in_totals),
        blocks=frozenset(blocks),
        objectives=tuple(answered),
        unanswered=len(results) - len(answered),
        questions=tuple(_version_results(request, counts, statistics)) if statistics else (),
        statistics=statistics or GroupStatistics(),
        latest=members.latest,
    )


def _count_answers(
    request: ReportRequest, cells: Iterable[tuple[Cell, IdenticalAnswers]]
) -> _CountsByVersion:
    by_version: defaultdict[VersionKey, list[IdenticalAnswers]] = defaultdict(list)
    for cell, answers in cells:
        by_version[cell.question, cell.version].append(answers)
    counted: defaultdict[str, dict[str, _Counted]] = defaultdict(dict)
    for (question, version), given in by_version.items():
        snapshot, wording = request.shown(question, version, given)
        counts = AnswerCounts()
        for answers in given:
            counts.add(snapshot.question if snapshot else None, answers)
        counted[question][version] = _Counted(counts, snapshot, wording)
    return counted


def _objective_result(
    content: Content, objective: Objective, counts: _CountsByVersion
) -> ObjectiveResult:
    versions = [
        (question, version, counted.counts)
        for question in objective.questions
        for version, counted in counts.get(question.id, {}).items()
    ]
    current = [(question, c) for question, version, c in versions if version == question.version]
    outcomes = sum((count.outcomes for _, _, count in versions), Counter[Outcome]())
    points = sum(count.points for _, _, count in versions)
    needed = min(versions, key=lambda entry: _need(entry[0].id, entry[2]), default=None)
    return ObjectiveResult(
        objective=objective,
        lesson=content.lessons[objective.lesson].title,
        outcomes=outcomes,
        mean_score=points / outcomes.total() if outcomes else None,
        belief=_most_common_belief(content, current),
        most_missed=needed[0].id if needed else objective.questions[0].id,
    )


def _need(question: str, counts: AnswerCounts) -> tuple[object, ...]:
    """Return how much a question is needed, as a key, in the order of the list of questions."""
    outcomes = counts.outcomes
    missed = outcomes[Outcome.MISSED] + outcomes[Outcome.UNSURE]
    return *by_need(missed, counts.n), outcomes[Outcome.RIGHT] / counts.n, question


def _most_common_belief(
    content: Content, counts: Collection[tuple[Question, AnswerCounts]]
) -> BeliefCount | None:
    """Return the misconception that most answers reveal; of equals, the larger share."""
    revealed: defaultdict[str, int] = defaultdict(int)
    total: defaultdict[str, int] = defaultdict(int)
    for question, count in counts:
        for belief in question.misconceptions:
            revealed[belief] += count.beliefs[belief]
            total[belief] += count.n
    most = max(revealed, key=lambda b: (revealed[b], -total[b], b), default=None)
    if most is None or not revealed[most]:
        return None
    return BeliefCount(content.bank.misconceptions[most], revealed[most], total[most])


def _version_results(
    request: ReportRequest, counts: _CountsByVersion, statistics: GroupStatistics
) -> Iterator[VersionResult]:
    questions = request.content.bank.questions
    for id_ in (*questions, *sorted(counts.keys() - questions.keys())):
        by_version = counts.get(id_, {})
        now = questions[id_].version if id_ in questions else ""
        for version in sorted(by_version, key=lambda v: (v != now, -by_version[v].counts.n, v)):
            status = VersionStatus.OLDER if id_ in questions else VersionStatus.RETIRED
            if version == now:
                status = VersionStatus.CURRENT
            yield _version_result(
                (id_, version, status),
                by_version[version],
                statistics.by_version.get((id_, version), ItemStatistics()),
            )


def _version_result(
    name: tuple[str, str, VersionStatus],
    counted: _Counted,
    statistics: ItemStatistics,
) -> VersionResult:
    snapshot, counts = counted.snapshot, counted.counts
    question = snapshot.question if snapshot else None
    parts = tuple(_part_counts(snapshot, counts))
    item = ItemAnalysis(
        n=counts.n,
        missed=counts.n - counts.outcomes[Outcome.RIGHT],
        facility=counts.points / counts.n if counts.n else None,
        wilson95=wilson95(counts.outcomes[Outcome.RIGHT], counts.n),
        discrimination=statistics.discrimination,
        discriminative_efficiency=statistics.efficiency,
        effective_weight=None,
        alpha_if_dropped=None,
        options={
            p.id: Option(bool(p.right), p.count, p.share, None, None)
            for p in parts
            if question is not None and question.counts_chosen
        },
    )
    mistake = shared_mistake(item)
    return VersionResult(
        *name,
        question=question,
        outcomes=counts.outcomes,
        facility=item.facility,
        wilson95=item.wilson95,
        parts=parts,
        statistics=statistics,
        advice=tuple(
            a for a in advice(item, counts.outcomes[Outcome.ALMOST]) if a is not Advice.TOO_FEW
        ),
        shared_mistake=next((p for p in parts if p.id == mistake), None),
        wording=counted.wording,
    )


def _part_counts(snapshot: QuestionSnapshot | None, counts: AnswerCounts) -> Iterator[PartCount]:
    if snapshot is None:
        for id_ in sorted(counts.parts):
            yield PartCount(id_, "", None, counts.parts[id_], counts.n)
        return
    for part in snapshot.question.parts:
        belief = ""
        if snapshot.question.counts_chosen and part.misconception:
            belief = snapshot.misconceptions[part.misconception].belief
        count = counts.parts[part.id]
        yield PartCount(
            part.id, part.text, part.right, count, counts.n, belief, part.rationale or ""
        )
