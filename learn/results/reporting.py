"""How a report is made of what counts: pure, and the same every time.

Every figure is a sum over answers, each by itself, and so keeps what blocks promise
(`questions.disclosure`). What needs all answers of a person is of people with a name alone
(`learn.results.items`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from learn.library.content import Content
from learn.results.filters import Filter
from learn.results.items import Figures, Items
from learn.results.marks import Sums
from learn.results.queries import Assigned, Members, Tally
from learn.results.report import Answered, Asked, Belief, Part, Report, Understood
from learn.results.totals import Cell, Counted
from questions.advice import Advice, advice, shared_mistake
from questions.analysis import Item, wilson95
from questions.distractors import Option
from questions.model import Objective, Question

_ByVersion = Mapping[str, Mapping[str, Sums]]
"""Sums by question and version."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a report is made with: the filter, the zone of its days, what the group was assigned."""

    content: Content
    chosen: Filter
    zone: ZoneInfo
    assigned: tuple[Assigned, ...] = ()

    def passes(self, cell: Cell) -> bool:
        """Whether answers of the cell pass the filter, apart from their days."""
        if self.chosen.assignment and cell.assignment != self.chosen.assignment:
            return False
        if not self.chosen.lesson:
            return True
        if cell.question not in self.content.bank.questions:
            return False
        return self.content.bank.objective_of(cell.question).lesson == self.chosen.lesson

    def passes_whole(self, block: Iterable[tuple[Cell, Tally]]) -> bool:
        """Whether every answer of a block passes the filter, with its day."""
        begin, end = self.chosen.span(self.zone)
        return all(
            self.passes(cell) and begin <= tally.first_at and tally.last_at < end
            for cell, tally in block
        )

    @property
    def fixed(self) -> tuple[str, ...]:
        """The questions that everybody got in the assignment that is chosen."""
        of_all = next((a.fixed for a in self.assigned if a.id == self.chosen.assignment), ())
        return tuple(q for q in of_all if self.passes(Cell(q, "", self.chosen.assignment)))


def report(asking: Asking, members: Members, found: Counted, items: Items | None = None) -> Report:
    """The report of what counts and passes the filter; without `items`, without its questions."""
    content, chosen = asking.content, asking.chosen
    named = [one for one in found.named if asking.passes(one[0])]
    blocks = {b: some for b, some in found.blocks.items() if asking.passes_whole(some)}
    in_totals = [one for some in blocks.values() for one in some]
    sums = _summed(content, [*named, *in_totals])
    known: Collection[Objective] = content.bank.objectives.values()
    if chosen.lesson:
        known = content.bank.of_lesson(chosen.lesson)
    objectives = [_understood(content, objective, sums) for objective in known]
    met = sorted((u for u in objectives if u.n), key=lambda u: (-u.missed, -u.share))
    return Report(
        members=members,
        chosen=chosen,
        assignment=next((a.title for a in asking.assigned if a.id == chosen.assignment), ""),
        lesson=content.lessons[chosen.lesson].title if chosen.lesson else "",
        named=sum(tally.count for _, tally in named),
        in_totals=sum(tally.count for _, tally in in_totals),
        blocks=frozenset(blocks),
        objectives=tuple(met),
        unmet=len(objectives) - len(met),
        questions=tuple(_questions(content, sums, items)) if items else (),
        items=items or Items(),
    )


def _summed(content: Content, every: Iterable[tuple[Cell, Tally]]) -> _ByVersion:
    sums: defaultdict[str, defaultdict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for cell, tally in every:
        question = content.bank.questions.get(cell.question)
        if question is not None and question.version != cell.version:
            question = None  # its parts may have been others
        sums[cell.question][cell.version].add(question, tally)
    return sums


def _understood(content: Content, objective: Objective, sums: _ByVersion) -> Understood:
    own = [(q, version, s) for q in objective.questions for version, s in _of(sums, q.id).items()]
    now = [(q, s) for q, version, s in own if version == q.version]
    n = sum(s.n for _, _, s in own)
    samples = sorted(now, key=lambda one: (one[1].right / one[1].n, -one[1].n))
    return Understood(
        objective=objective,
        lesson=content.lessons[objective.lesson].title,
        n=n,
        missed=n - sum(s.right for _, _, s in own),
        unsure=sum(s.unsure for _, _, s in own),
        belief=_belief(content, now),
        sample=samples[0][0].id if samples else objective.questions[0].id,
    )


def _of(sums: _ByVersion, question: str) -> Mapping[str, Sums]:
    return sums.get(question, {})


def _belief(content: Content, now: Collection[tuple[Question, Sums]]) -> Belief | None:
    """The wrong idea that most answers show; of several, the one with the larger share."""
    count: defaultdict[str, int] = defaultdict(int)
    of: defaultdict[str, int] = defaultdict(int)
    for question, sums in now:
        for belief in question.misconceptions:
            count[belief] += sums.beliefs[belief]
            of[belief] += sums.n
    most = max(count, key=lambda b: (count[b], -of[b], b), default=None)
    if most is None or not count[most]:
        return None
    return Belief(content.bank.misconceptions[most], count[most], of[most])


def _questions(content: Content, sums: _ByVersion, items: Items) -> Iterator[Answered]:
    for question in content.bank.questions.values():
        found = _of(sums, question.id)
        for version in sorted(found, key=lambda v: (v != question.version, -found[v].n, v)):
            asked = Asked.NOW if version == question.version else Asked.OLDER
            now = question if asked is Asked.NOW else None
            figures = items.of.get((question.id, version), Figures())
            yield _answered((question.id, version, asked), now, found[version], figures, content)
    for gone in sorted(sums.keys() - content.bank.questions.keys()):
        for version in sorted(sums[gone], key=lambda v: (-sums[gone][v].n, v)):
            figures = items.of.get((gone, version), Figures())
            yield _answered(
                (gone, version, Asked.GONE), None, sums[gone][version], figures, content
            )


def _answered(
    name: tuple[str, str, Asked],
    question: Question | None,
    sums: Sums,
    figures: Figures,
    content: Content,
) -> Answered:
    parts = tuple(_parts(content, question, sums))
    item = Item(
        n=sums.n,
        missed=sums.n - sums.right,
        facility=sums.points / sums.n if sums.n else None,
        wilson95=wilson95(sums.right, sums.n),
        discrimination=figures.discrimination,
        discriminative_efficiency=figures.efficiency,
        effective_weight=None,
        alpha_if_dropped=None,
        options={
            p.id: Option(bool(p.right), p.count, p.share, None, None)
            for p in parts
            if question is not None and question.counts_chosen
        },
    )
    mistake = shared_mistake(item)
    return Answered(
        *name,
        question=question,
        n=sums.n,
        right=sums.right,
        unsure=sums.unsure,
        facility=item.facility,
        likely=item.wilson95,
        parts=parts,
        figures=figures,
        advice=tuple(a for a in advice(item) if a is not Advice.TOO_FEW),
        mistake=next((p for p in parts if p.id == mistake), None),
    )


def _parts(content: Content, question: Question | None, sums: Sums) -> Iterator[Part]:
    if question is None:
        for part in sorted(sums.parts):
            yield Part(part, "", None, sums.parts[part], sums.n)
        return
    beliefs = content.bank.misconceptions
    for own in question.parts:
        belief = ""
        if question.counts_chosen and own.misconception:
            belief = beliefs[own.misconception].belief
        yield Part(own.id, own.text, own.right, sums.parts[own.id], sums.n, belief)
