"""Decide how far a learner is with an objective, by one rule for all pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """A learner's progress with an objective, or with several combined."""

    NOT_STARTED = "not-started"
    ANOTHER_LOOK = "another-look"
    GETTING_THERE = "getting-there"
    MASTERED = "solid"  # “remembered” on pages


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about an objective: its question, day, and result.

    One that is almost right is not `right`, but not `missed` either.
    """

    question: str
    day: date
    right: bool
    missed: bool


def standing(answers: Iterable[Answer]) -> Standing:
    """Return the standing of an objective from its `answers`, oldest first.

    Another look: the last answer was missed, or "I'm not sure". Mastered: the last answer was
    right, and two different questions were answered right on different days.
    """
    last: Answer | None = None
    questions: set[str] = set()
    days: set[date] = set()
    for answer in answers:
        last = answer
        if answer.right:
            questions.add(answer.question)
            days.add(answer.day)
    if last is None:
        return Standing.NOT_STARTED
    if last.missed:
        return Standing.ANOTHER_LOOK
    if last.right and len(questions) > 1 and len(days) > 1:
        return Standing.MASTERED
    return Standing.GETTING_THERE


def without_last_result(standings: Mapping[str, Standing]) -> Mapping[str, Standing]:
    """Return the standings as educators see them: members haven't agreed to show their last answer.

    So what needs another look is shown as getting there.
    """
    replacements = {Standing.ANOTHER_LOOK: Standing.GETTING_THERE}
    return {objective: replacements.get(s, s) for objective, s in standings.items()}


def combined_standing(standings: Iterable[Standing]) -> Standing:
    """Combine the standings of a lesson or topic.

    Mastered if all are, not started if none is, another look if more than half of the started ones
    need it.
    """
    levels = [*standings]
    started = [s for s in levels if s is not Standing.NOT_STARTED]
    if not started:
        return Standing.NOT_STARTED
    if levels.count(Standing.MASTERED) == len(levels):
        return Standing.MASTERED
    if levels.count(Standing.ANOTHER_LOOK) * 2 > len(started):
        return Standing.ANOTHER_LOOK
    return Standing.GETTING_THERE
