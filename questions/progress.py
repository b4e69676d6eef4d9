"""What counts as known: one rule, shown with the same words to learners and educators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """Where a learner stands with an objective, or with several together."""

    NOT_STARTED = "not-started"
    GETTING_THERE = "getting-there"
    SOLID = "solid"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to any question of an objective: in which sitting, on which day, right or not."""

    sitting: str
    day: date
    right: bool


def standing(answers: Iterable[Answer]) -> Standing:
    """The standing that `answers`, from first to last, give an objective.

    Solid means: the last answer was right, and there were right answers in at least two sittings
    on different days. One good evening is not yet memory.
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
        return Standing.SOLID
    return Standing.GETTING_THERE


def together(standings: Iterable[Standing]) -> Standing:
    """The standing of a lesson or topic: solid when every objective is, not started when none."""
    found = {*standings}
    if found <= {Standing.NOT_STARTED}:
        return Standing.NOT_STARTED
    return Standing.SOLID if found == {Standing.SOLID} else Standing.GETTING_THERE
