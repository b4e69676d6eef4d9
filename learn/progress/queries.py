"""Reads of the progress page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learn.models import Attempt, Item


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt, with how many answers it has and how many of them are right."""

    id: uuid.UUID
    quiz: str
    started_at: datetime
    finished_at: datetime | None
    answered: int
    right: int


def history(session: Session, account: uuid.UUID) -> list[PastAttempt]:
    """Every attempt of the account, the latest first."""
    right = func.sum(case((Item.score == 1, 1), else_=0))
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.quiz,
            Attempt.started_at,
            Attempt.finished_at,
            func.count(Item.answered_at),
            right,
        )
        .join(Item, (Item.account_id == Attempt.account_id) & (Item.attempt_id == Attempt.id))
        .where(Attempt.account_id == account)
        .group_by(Attempt.id, Attempt.quiz, Attempt.started_at, Attempt.finished_at)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    return [PastAttempt(*row) for row in rows]
