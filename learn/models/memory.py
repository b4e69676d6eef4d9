"""How well an account remembers an objective, by FSRS."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug
from questions.memory import Answered, replay


class MemoryRow(Base):
    """`stability` is in days, `difficulty` from 1 to 10; `reviews` counts the answers behind it."""

    __tablename__ = "memory"
    __table_args__ = (
        CheckConstraint("stability > 0", "stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", "difficulty"),
        CheckConstraint("reviews > 0", "reviews"),
        CheckConstraint("due_at >= reviewed_at", "due_after_review"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    objective_id: Mapped[Slug] = mapped_column(primary_key=True)
    stability: Mapped[float]
    difficulty: Mapped[float]
    reviewed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reviews: Mapped[int]


def replayed_memory(
    account: uuid.UUID, objective: str, answers: Sequence[Answered]
) -> dict[str, Any]:
    """Return the row that results from all answers about an objective, oldest first."""
    memory = replay(answers)
    if memory is None:
        raise AssertionError("no memory after an answer")
    return asdict(memory) | {
        "account_id": account,
        "objective_id": objective,
        "reviews": len(answers),
    }
