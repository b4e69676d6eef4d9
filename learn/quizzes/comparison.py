"""What was known before the lessons and after them, idea by idea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from learn.library.content import Content
from learn.quizzes.queries import AttemptView, ItemView
from learn.quizzes.summary import Look, look_at


class Outcome(StrEnum):
    """How an answer was: not being sure is told apart from another answer."""

    RIGHT = "right"
    UNSURE = "unsure"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Twice:
    """An idea that was asked both times, with where it is explained."""

    look: Look
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` and `after` were right, of `total` ideas that were asked both times.

    `gained` were right after only, `kept` both times, and `looks` not right after. `left_out` ideas
    were asked before alone: their questions have left the bank or are withheld.
    """

    before: int
    after: int
    total: int
    gained: tuple[Twice, ...]
    kept: tuple[Twice, ...]
    looks: tuple[Twice, ...]
    left_out: int


def compare(content: Content, before: AttemptView, after: AttemptView) -> Comparison:
    """Both attempts together. An objective that left the bank has no words, and is left out."""
    then, now = _outcomes(before), _outcomes(after)
    pairs = [
        Twice(look_at(content, objective), then[o], now[o])
        for o, objective in content.bank.objectives.items()
        if o in then and o in now
    ]
    well = [p for p in pairs if p.after is Outcome.RIGHT]
    return Comparison(
        before=sum(p.before is Outcome.RIGHT for p in pairs),
        after=len(well),
        total=len(pairs),
        gained=tuple(p for p in well if p.before is not Outcome.RIGHT),
        kept=tuple(p for p in well if p.before is Outcome.RIGHT),
        looks=tuple(p for p in pairs if p.after is not Outcome.RIGHT),
        left_out=len(then) - len(pairs),
    )


def outcome(item: ItemView) -> Outcome:
    """How the answer to an item was."""
    if item.response is not None and item.response.unsure:
        return Outcome.UNSURE
    return Outcome.RIGHT if item.score == 1 else Outcome.MISSED


def _outcomes(attempt: AttemptView) -> Mapping[str, Outcome]:
    """By objective, in an attempt that asks each but once."""
    return {i.objective: outcome(i) for i in attempt.items if i.response is not None}
