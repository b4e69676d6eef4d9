"""Who answered a question of an assignment how: the same answers together, pure functions.

It covers members who accepted the terms about single answers, and nobody in totals.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from learn.library.content import Content
from learn.results.assignment_queries import MemberWork, SingleAnswer
from learn.results.single_answer import AnswerInDetail, single_answer
from questions.grading import Outcome
from questions.parts import Mark
from questions.versions import QuestionSnapshot, VersionKey

_MISSED_FIRST = (Outcome.MISSED, Outcome.UNSURE, Outcome.ALMOST, Outcome.RIGHT)


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """An answer, and the people who gave it, by nickname."""

    shown: AnswerInDetail
    people: tuple[MemberWork, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What was chosen; of rows and steps, those that aren't right."""
        question = self.shown.question
        if question is None or self.shown.is_unsure:
            return ()
        if question.counts_chosen:
            return tuple(mark for mark in self.shown.marks if mark.given)
        return tuple(mark for mark in self.shown.marks if not mark.right)


@dataclass(frozen=True, slots=True)
class AnswersOfOutcome:
    """The answers with an outcome, those that most people gave first."""

    outcome: Outcome
    answers: tuple[SameAnswer, ...]

    @property
    def people(self) -> int:
        """How many people gave them."""
        return sum(len(answer.people) for answer in self.answers)


def by_outcome(
    content: Content,
    given: Iterable[tuple[MemberWork, SingleAnswer]],
    kept: Mapping[VersionKey, QuestionSnapshot],
) -> tuple[AnswersOfOutcome, ...]:
    """Return the answers of each outcome, what was missed first.

    `given` is in the order of the nicknames; `kept` has the versions that were kept.
    """
    people: dict[tuple[str, str, float], list[MemberWork]] = defaultdict(list)
    answers: dict[tuple[str, str, float], SingleAnswer] = {}
    for member, answer in given:
        key = answer.version, json.dumps(dict(answer.response), sort_keys=True), answer.score
        people[key].append(member)
        answers.setdefault(key, answer)
    same = [
        SameAnswer(single_answer(content, answer, kept), tuple(people[key]))
        for key, answer in answers.items()
    ]
    same.sort(key=lambda one: -len(one.people))
    found = (
        AnswersOfOutcome(outcome, tuple(one for one in same if one.shown.outcome is outcome))
        for outcome in _MISSED_FIRST
    )
    return tuple(one for one in found if one.answers)
