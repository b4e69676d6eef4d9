"""What a learner has done, as the pages show it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from learn.models import Attempt, Item, Reading
from questions.bank import Bank
from questions.model import Objective
from questions.progress import Answer, Standing, standing, together

_LESSON = "lesson/"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given: its question, objective, attempt, score and time.

    `sure` is None where the learner did not say.
    """

    question: str
    objective: str
    attempt: uuid.UUID
    score: float
    answered_at: datetime
    sure: bool | None

    @property
    def mistaken(self) -> bool:
        """Sure, and not right: the idea to see again first."""
        return self.sure is True and self.score < 1


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a lesson or topic is understood: `solid` of `total` objectives, and in a word."""

    standing: Standing
    solid: int
    started: int
    total: int


def answers(session: Session, account: uuid.UUID) -> list[Given]:
    """Every answer of the account, from first to last."""
    rows = session.execute(
        select(
            Item.question_id,
            Item.objective_id,
            Item.attempt_id,
            Item.score,
            Item.answered_at,
            Item.sure,
        )
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .order_by(Item.answered_at, Item.attempt_id, Item.position)
    )
    return [Given(*cast("Any", row)) for row in rows]  # answered: score and time are there


def missed(given: Iterable[Given], bank: Bank) -> tuple[Objective, ...]:
    """The objectives of the bank whose last answer was not right, in the bank's order."""
    last = {g.objective: g for g in given}
    return tuple(o for o in bank.objectives.values() if o.id in last and last[o.id].score < 1)


def lessons_read(session: Session, account: uuid.UUID) -> frozenset[str]:
    """The ids of the lessons that the account has opened, or whose quiz it has begun.

    Nothing is kept of somebody who only reads; the quiz that comes after tells what they read.
    """
    opened = select(Reading.lesson_id).where(Reading.account_id == account)
    begun = select(Attempt.quiz).where(
        Attempt.account_id == account, Attempt.quiz.startswith(_LESSON, autoescape=True)
    )
    return frozenset(r.removeprefix(_LESSON) for r in session.scalars(union(opened, begun)))


def standings(given: Iterable[Given], bank: Bank, zone: ZoneInfo) -> Mapping[str, Standing]:
    """For each objective of the bank, where the learner stands. Days are those of `zone`."""
    histories: dict[str, list[Answer]] = defaultdict(list)
    for g in given:
        day = g.answered_at.astimezone(zone).date()
        histories[g.objective].append(Answer(g.attempt.hex, day, g.score == 1))
    return {o: standing(histories.get(o, ())) for o in bank.objectives}


def tally(objectives: Iterable[Objective], found: Mapping[str, Standing]) -> Tally:
    """The standings of some objectives, taken together."""
    own = [found[o.id] for o in objectives]
    return Tally(
        standing=together(own),
        solid=own.count(Standing.SOLID),
        started=len(own) - own.count(Standing.NOT_STARTED),
        total=len(own),
    )
