"""Decide how far a learner is with an objective, by one rule for all pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """A learner's progress with an objective, or with several combined."""

    NOT_STARTED = "not-started"
    GETTING_THERE = "getting-there"
    MASTERED = "solid"  # the word on pages


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question of an objective: its attempt (`sitting`), day, and result."""

    sitting: str
    day: date
    right: bool


def standing(answers: Iterable[Answer]) -> Standing:
    """Return the standing of an objective from its `answers`, oldest first.

    Mastered: the last answer was right, and right answers were given in at least two sittings and
    on at least two days.
    """
    last: Answer | None = None
    sittings: set[str] = set()
    days: set[date] = set()
    for answer in answers:
        last = answer
        if answer.right:
            sittings.add(answer.sitting)
            days.add(answer.day)
    if last is None:
        return Standing.NOT_STARTED
    if last.right and len(sittings) > 1 and len(days) > 1:
        return Standing.MASTERED
    return Standing.GETTING_THERE


def combined_standing(standings: Iterable[Standing]) -> Standing:
    """Combine the standings of a lesson or topic: mastered if all are, not started if none is."""
    distinct = {*standings}
    if distinct <= {Standing.NOT_STARTED}:
        return Standing.NOT_STARTED
    return Standing.MASTERED if distinct == {Standing.MASTERED} else Standing.GETTING_THERE
