"""Reads of the progress page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learn.learner.activity import newest_attempts
from learn.learner.outcomes import outcome_column
from learn.models import Item
from questions.grading import Outcome

MAX_HISTORY = 200
"""Attempts that the page lists. All of them are in the copy of one's data."""


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt, with how many answers it has and how many of them had each outcome."""

    id: uuid.UUID
    quiz: str
    started_at: datetime
    finished_at: datetime | None
    answered: int
    right: int
    almost: int
    missed: int
    unsure: int

    @property
    def has_score(self) -> bool:
        """Whether the score is shown as a number: only if it is more than half."""
        return self.right * 2 > self.answered


def history(session: Session, account: uuid.UUID) -> list[PastAttempt]:
    """Attempts of the account, the latest first, up to MAX_HISTORY."""
    outcome = outcome_column()
    latest = newest_attempts(account, MAX_HISTORY)
    rows = session.execute(
        select(
            latest.c.id,
            latest.c.quiz,
            latest.c.started_at,
            latest.c.finished_at,
            func.count(Item.answered_at),
            *(
                func.sum(case((Item.answered_at.is_not(None) & (outcome == o.value), 1), else_=0))
                for o in (Outcome.RIGHT, Outcome.ALMOST, Outcome.MISSED, Outcome.UNSURE)
            ),
        )
        .outerjoin(
            Item, (Item.account_id == latest.c.account_id) & (Item.attempt_id == latest.c.id)
        )
        .group_by(*latest.c)
        .having(func.count(Item.position) > 0)
        .order_by(latest.c.started_at.desc(), latest.c.id.desc())
    )
    return [PastAttempt(*row) for row in rows]
