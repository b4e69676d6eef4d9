"""When an objective is due again: FSRS, one memory for each objective.

The algorithm is the `fsrs` package's, with its default parameters, no learning steps within a day
and no fuzz, so that the same history gives the same days everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Scheduler, State
from fsrs import Rating as Rating  # noqa: PLC0414 - given out again

from questions.model import Grade

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of an objective.

    `stability` is in days, `difficulty` from 1 to 10; the times are aware and UTC.
    """

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer leaves behind: its score from 0 to 1, how sure it was, and when it came."""

    score: float
    sure: bool | None
    at: datetime


def rating(grade: Grade, *, sure: bool | None) -> Rating:
    """Right is Good, right but not sure is Hard, and anything else is Again."""
    return _rating(grade.score, sure)


def _rating(score: float, sure: bool | None) -> Rating:
    if score != 1:
        return Rating.Again
    return Rating.Hard if sure is False else Rating.Good


def replay(answers: Iterable[Answered]) -> Memory | None:
    """The memory of an objective after all its `answers`, from first to last; None without any."""
    memory: Memory | None = None
    for answer in answers:
        memory = review(memory, _rating(answer.score, answer.sure), answer.at)
    return memory


def review(memory: Memory | None, how: Rating, now: datetime) -> Memory:
    """The memory after an answer at `now`; a clock that went backwards counts as no time."""
    if memory is None:
        card = Card(card_id=0, due=now)
    else:
        now = max(now, memory.reviewed_at)
        card = _card(memory)
    after, _ = _SCHEDULER.review_card(card, how, now)
    if after.stability is None or after.difficulty is None:
        raise AssertionError("a reviewed card has a stability and a difficulty")
    return Memory(after.stability, after.difficulty, now, after.due)


def retrievability(memory: Memory, now: datetime) -> float:
    """How likely the objective is still known at `now`: from 0 to 1."""
    return float(_SCHEDULER.get_card_retrievability(_card(memory), now))


def _card(memory: Memory) -> Card:
    return Card(
        card_id=0,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.reviewed_at,
    )
