"""What to teach next: what members missed in their latest answers.

First answers say what people didn't know when they were asked first; item analysis is about them
(`learn.results.build_report`). What to teach is what they miss now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from learn.library import headlines
from learn.library.content import Content
from learn.results.answer_counts import parts_and_beliefs
from learn.results.queries import LatestAnswers
from learn.results.report import BeliefCount, Outcomes, by_need
from questions.grading import Outcome, outcome_of
from questions.model import Objective
from questions.versions import QuestionSnapshot, VersionKey

FIRST_CARDS = 3
"""Objectives that a page suggests to teach."""

_MIN_BELIEVERS = 3  # people who chose the same wrong idea, or it isn't named
_MIN_BELIEVING = 1 / 3  # share of those who missed it


@dataclass(frozen=True, slots=True)
class Need(Outcomes):
    """The latest answers to an objective, one for each member: `n` is a number of people.

    `most_missed` is the id of the question that was missed most, by the rule of all pages. `belief`
    is the wrong idea that many of them chose, if at least three people did and at least a third of
    those who missed it.
    """

    objective: Objective
    lesson: str
    outcomes: Mapping[Outcome, int]
    belief: BeliefCount | None
    most_missed: str

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


def _need(
    content: Content,
    objective: Objective,
    answers: Iterable[LatestAnswers],
    earlier: Mapping[VersionKey, QuestionSnapshot],
) -> Need:
    outcomes: Counter[Outcome] = Counter()
    answer_counts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    believers: Counter[str] = Counter()
    for answer in answers:
        response = answer.response or {}
        outcome = outcome_of(answer.score, unsure=bool(response.get("unsure")))
        outcomes[outcome] += answer.count
        answer_counts[answer.question] += answer.count
        if outcome is Outcome.RIGHT or outcome is Outcome.ALMOST:
            continue
        missed[answer.question] += answer.count
        if answer.version is None or outcome is Outcome.UNSURE:
            continue
        question = content.bank.questions.get(answer.question)
        if question is None or question.version != answer.version:
            kept = earlier.get((answer.question, answer.version))
            question = kept.question if kept else None
        _, beliefs = parts_and_beliefs(question, response)
        for belief in {*beliefs} & content.bank.misconceptions.keys():
            believers[belief] += answer.count
    return Need(
        objective=objective,
        lesson=content.lessons[objective.lesson].title,
        outcomes=outcomes,
        belief=common_belief(content, believers, missed.total()),
        most_missed=min(
            (q.id for q in objective.questions),
            key=lambda q: (not answer_counts[q], *by_need(missed[q], answer_counts[q])),
        ),
    )


def common_belief(content: Content, believers: Counter[str], missed: int) -> BeliefCount | None:
    """Return the wrong idea that most chose, if enough of those who missed it did."""
    if not believers:
        return None
    belief = max(sorted(believers), key=lambda b: believers[b])
    count = believers[belief]
    if count < _MIN_BELIEVERS or count < missed * _MIN_BELIEVING:
        return None
    return BeliefCount(content.bank.misconceptions[belief], count, missed)
