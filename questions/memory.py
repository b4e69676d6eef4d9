"""Schedule reviews with FSRS, one memory per objective.

Uses the `fsrs` package with its default parameters, without learning steps within a day or fuzz, so
that the same history always gives the same due dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fsrs import Card, Scheduler, State
from fsrs import Rating as Rating  # noqa: PLC0414 - re-exported

from questions.model import Grade

_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Memory:
    """FSRS state of an objective.

    `stability` is in days, `difficulty` from 1 to 10; times are timezone-aware, in UTC.
    """

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """Part of an answer that memory depends on: score from 0 to 1, confidence, and time."""

    score: float
    sure: bool | None
    at: datetime


def rating(grade: Grade, *, sure: bool | None) -> Rating:
    """Rate a grade: Good if right, Hard if right but not sure, otherwise Again."""
    return _rating(grade.score, sure)


def _rating(score: float, sure: bool | None) -> Rating:
    if score != 1:
        return Rating.Again
    return Rating.Hard if sure is False else Rating.Good


def replay(answers: Iterable[Answered]) -> Memory | None:
    """Compute the memory after all `answers`, oldest first; None if there are none."""
    memory: Memory | None = None
    for answer in answers:
        memory = review(memory, _rating(answer.score, answer.sure), answer.at)
    return memory


def review(memory: Memory | None, how: Rating, now: datetime) -> Memory:
    """Return the memory after an answer at `now`; times before the last review count as equal."""
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
    """Return the probability, from 0 to 1, that the objective is still remembered at `now`."""
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
