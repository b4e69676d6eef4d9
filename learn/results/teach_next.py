"""What to teach next: what members missed in their latest answers.

First answers say what people didn't know when they were asked first; item analysis is about them
(`learn.results.build_report`). What to teach is what they miss now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from learn.library import headlines
from learn.library.content import Content
from learn.results.answer_counts import parts_and_beliefs
from learn.results.queries import LatestAnswers
from learn.results.report import LEADS, BeliefCount, Outcomes, by_need
from questions.grading import Outcome, outcome_of
from questions.model import Objective, Question
from questions.versions import QuestionSnapshot, VersionKey

FIRST_CARDS = 3
"""Objectives that a page suggests to teach."""

_MIN_BELIEVERS = 3  # people who chose the same wrong idea, or it isn't named
_MIN_BELIEVING = 1 / 3  # share of those who missed it
_MOST_TEXTS = 3  # answers that a card quotes
_NEAR = 1 / 2  # of the lower end of an idea in doubt, from which another one stands before it
_MISS_SAFETY = 0.1  # lower end of the share that misses an idea about safety, for it to lead


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """The question that a need is shown with: `missed` of its `n` latest answers missed it.

    `count` of these chose an answer that shows the need's `belief`; `texts` are these answers, the
    most frequent first. They are empty for a question whose answers are put together from parts.
    """

    id: str
    stem: str
    n: int
    missed: int
    count: int = 0
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestCount:
    """A number of people's latest answers to a question or an objective; `missed` missed it.

    As `MissedQuestion` counts them.
    """

    n: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Need(Outcomes):
    """The latest answers to an objective, one for each member: `n` is a number of people.

    `most_missed` is the id of the question that was missed most, by the rule of all pages. `belief`
    is the wrong idea that their answers to it show, if those of at least three people did and at
    least a third of those who missed it; else that of all questions of the objective. `question` is
    the question that shows it most.
    """

    objective: Objective
    lesson: str
    outcomes: Mapping[Outcome, int]
    belief: BeliefCount | None
    most_missed: str
    question: MissedQuestion

    def truth(self, content: Content) -> str:
        """Return what is true, in words that need neither a question nor a wrong idea before."""
        if self.belief:
            return headlines.of_idea(content, self.belief.misconception, self.objective)
        question = next(q for q in self.objective.questions if q.id == self.most_missed)
        return headlines.of_question(
            content.lessons[self.objective.lesson], self.objective, question
        )

    @property
    def mostly_unsure(self) -> bool:
        """Whether most who missed it said “I’m not sure”."""
        return self.unsure * 2 > self.missed

    @property
    def share(self) -> float:
        """Share of people who missed it, from 0 to 1."""
        return self.missed / self.n


def first_cards(needs: Iterable[Need], doubted: Collection[str] = ()) -> tuple[Need, ...]:
    """Return the ideas that a page suggests to teach, of all in their order.

    The idea about safety that is needed most comes first if enough people miss it. One whose
    question is `doubted` gives way to ideas that are nearly as much needed.
    """
    rest = [need for need in needs if need.missed]
    cards = [need for need in rest if _leads(need) and need.question.id not in doubted][:1]
    rest = [need for need in rest if need not in cards]
    while rest and len(cards) < FIRST_CARDS:
        chosen = _instead(rest, doubted)
        cards.append(chosen)
        rest.remove(chosen)
    return tuple(cards)


def left_out(
    needs: Iterable[Need], cards: Sequence[Need], doubted: Collection[str]
) -> tuple[Need, ...]:
    """Return the ideas in doubt that others among the cards were suggested instead of."""
    order = [need for need in needs if need.missed]
    places = [order.index(card) for card in cards if not _is_ahead(order, card, cards)]
    before = order[: max(places, default=0)]
    return tuple(n for n in before if n not in cards and n.question.id in doubted)


def leads_for_safety(needs: Iterable[Need], cards: Sequence[Need]) -> bool:
    """Return whether the first card stands there because it is about safety."""
    order = [need for need in needs if need.missed]
    return bool(cards) and _is_ahead(order, cards[0], cards)


def _is_ahead(order: Sequence[Need], card: Need, cards: Sequence[Need]) -> bool:
    """Return whether the card stands before ideas that are needed more."""
    return card is cards[0] and order[0] is not card and _leads(card)


def latest_count(answers: Iterable[LatestAnswers], question: str) -> LatestCount:
    """Count the latest answers to one question."""
    return _count(answer for answer in answers if answer.question == question)


def count_by_objective(answers: Iterable[LatestAnswers]) -> Mapping[str, LatestCount]:
    """Count the latest answers to each objective, by its id."""
    found: defaultdict[str, list[LatestAnswers]] = defaultdict(list)
    for answer in answers:
        found[answer.objective].append(answer)
    return {objective: _count(some) for objective, some in found.items()}


def _count(answers: Iterable[LatestAnswers]) -> LatestCount:
    n = missed = 0
    for answer in answers:
        n += answer.count
        unsure = bool((answer.response or {}).get("unsure"))
        outcome = outcome_of(answer.score, unsure=unsure)
        missed += answer.count * (outcome in {Outcome.MISSED, Outcome.UNSURE})
    return LatestCount(n, missed)


def _leads(need: Need) -> bool:
    """Return whether the idea is about safety, and enough people miss it to teach it first."""
    return need.objective.about_safety and need.n >= LEADS and need.lower_bound >= _MISS_SAFETY


def _instead(needs: Sequence[Need], doubted: Collection[str]) -> Need:
    """Return the first need; if its question is in doubt, the next one that is near, if any."""
    first = needs[0]
    if first.question.id not in doubted:
        return first
    near = (
        need
        for need in needs[1:]
        if need.question.id not in doubted
        and need.n >= LEADS
        and need.lower_bound >= first.lower_bound * _NEAR
    )
    return next(near, first)


def versions_to_find(content: Content, answers: Iterable[LatestAnswers]) -> frozenset[VersionKey]:
    """Return the versions among the answers that were missed and are not asked now."""
    questions = content.bank.questions
    return frozenset(
        (answer.question, answer.version)
        for answer in answers
        if answer.version is not None
        and not ((now := questions.get(answer.question)) and now.version == answer.version)
    )


def teach_next(
    content: Content,
    answers: Iterable[LatestAnswers],
    earlier: Mapping[VersionKey, QuestionSnapshot],
    lesson: str = "",
) -> tuple[Need, ...]:
    """Return the counted objectives that were answered, what is needed most first.

    The order is that of `Outcomes.by_need`, so that 2 of 2 don't lead, then that of the content.
    `earlier` has the versions that are not asked now. With a `lesson`, only its objectives.
    """
    by_objective: dict[str, list[LatestAnswers]] = {}
    for answer in answers:
        by_objective.setdefault(answer.objective, []).append(answer)
    needs = [
        _need(content, objective, by_objective[id_], earlier)
        for id_, objective in content.bank.counted.items()
        if id_ in by_objective and lesson in {"", objective.lesson}
    ]
    return tuple(sorted(needs, key=lambda need: need.by_need))


@dataclass(slots=True)
class _LatestCounts:
    """Latest answers to one question: how many, how many missed it, and what these show."""

    n: int = 0
    missed: int = 0
    stem: str = ""
    beliefs: Counter[str] = field(default_factory=Counter)
    texts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add_wrong(self, question: Question, response: Mapping[str, Any], count: int) -> None:
        """Count what this response to a version of the question shows."""
        self.stem = question.stem
        parts, beliefs = parts_and_beliefs(question, response)
        for belief in {*beliefs}:
            self.beliefs[belief] += count
        for part in question.parts if question.counts_chosen else ():
            if part.id in parts and part.misconception in beliefs:
                self.texts[part.misconception][part.text] += count

    def summary(self, id_: str, stem: str, belief: str = "") -> MissedQuestion:
        """Return what is shown of the question, with a wrong idea."""
        texts = sorted(self.texts[belief].items(), key=lambda entry: (-entry[1], entry[0]))
        quoted = tuple(text for text, _ in texts[:_MOST_TEXTS])
        shown = self.stem if quoted else stem
        return MissedQuestion(id_, shown, self.n, self.missed, self.beliefs[belief], quoted)


def _need(
    content: Content,
    objective: Objective,
    answers: Iterable[LatestAnswers],
    earlier: Mapping[VersionKey, QuestionSnapshot],
) -> Need:
    outcomes: Counter[Outcome] = Counter()
    counts: defaultdict[str, _LatestCounts] = defaultdict(_LatestCounts)
    for answer in answers:
        response = answer.response or {}
        outcome = outcome_of(answer.score, unsure=bool(response.get("unsure")))
        outcomes[outcome] += answer.count
        of_question = counts[answer.question]
        of_question.n += answer.count
        if outcome is Outcome.RIGHT or outcome is Outcome.ALMOST:
            continue
        of_question.missed += answer.count
        question = _as_answered(content, answer, earlier)
        if question is not None and outcome is not Outcome.UNSURE:
            of_question.add_wrong(question, response, answer.count)
    stems = {question.id: question.stem for question in objective.questions}
    most_missed = min(
        stems, key=lambda q: (not counts[q].n, *by_need(counts[q].missed, counts[q].n))
    )
    belief, shown = _common_choice(content, counts, most_missed)
    return Need(
        objective=objective,
        lesson=content.lessons[objective.lesson].title,
        outcomes=outcomes,
        belief=belief,
        most_missed=most_missed,
        question=counts[shown].summary(
            shown, stems.get(shown, ""), belief.misconception.id if belief else ""
        ),
    )


def _as_answered(
    content: Content, answer: LatestAnswers, earlier: Mapping[VersionKey, QuestionSnapshot]
) -> Question | None:
    """Return the version of the question that was answered, if it is known."""
    if answer.version is None:
        return None
    question = content.bank.questions.get(answer.question)
    if question is not None and question.version == answer.version:
        return question
    kept = earlier.get((answer.question, answer.version))
    return kept.question if kept else None


def _common_choice(
    content: Content, counts: Mapping[str, _LatestCounts], most_missed: str
) -> tuple[BeliefCount | None, str]:
    """Return the common wrong idea, and the question that shows it most."""
    missed = counts[most_missed]
    if found := common_belief(content, missed.beliefs, missed.missed):
        return found, most_missed
    beliefs = sum((c.beliefs for c in counts.values()), Counter[str]())
    found = common_belief(content, beliefs, sum(c.missed for c in counts.values()))
    if found is None:
        return None, most_missed
    id_ = found.misconception.id
    shows = {q: c.beliefs[id_] for q, c in counts.items() if q in content.bank.questions}
    return found, max(sorted(shows), key=lambda q: shows[q], default=most_missed)


def common_belief(content: Content, believers: Counter[str], missed: int) -> BeliefCount | None:
    """Return the wrong idea that most chose, if enough of those who missed it did."""
    known = sorted(believers.keys() & content.bank.misconceptions.keys())
    if not known:
        return None
    belief = max(known, key=lambda b: believers[b])
    count = believers[belief]
    if count < _MIN_BELIEVERS or count < missed * _MIN_BELIEVING:
        return None
    return BeliefCount(content.bank.misconceptions[belief], count, missed)
