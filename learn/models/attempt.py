"""Attempts at quizzes, and their items: the questions asked, with their answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class Attempt(Base):
    """One go at a quiz, which `quiz` names (`lesson/what-is-all`).

    `attempt_number` counts the account's attempts at it from 1. Two tabs that start the same quiz
    at once are the same attempt.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("account_id", "quiz", "round"),
        CheckConstraint("round > 0", "round"),
        CheckConstraint("finished_at >= started_at", "finished_after_start"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    quiz: Mapped[Slug]
    attempt_number: Mapped[int] = mapped_column("round", SmallInteger)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Item(Base):
    """A question in an attempt. `position` counts from 1.

    `shown` has the numbers of the question's parts in the order they stood, a digit each.
    `response` is kept as it was given, with the `version` of the question it was given to, so that
    every report can be made again and every answer graded again.
    """

    __tablename__ = "item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "attempt_id"],
            ["attempt.account_id", "attempt.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("position > 0", "position"),
        CheckConstraint("score BETWEEN 0 AND 1", "score"),
        CheckConstraint("(response IS NULL) = (answered_at IS NULL)", "response_when_answered"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", "score_when_answered"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    question_id: Mapped[Slug]
    objective_id: Mapped[Slug]
    version: Mapped[str] = mapped_column(String(12))
    shown: Mapped[str] = mapped_column(String(10))
    response: Mapped[dict[str, Any] | None]
    sure: Mapped[bool | None]
    score: Mapped[float | None]
    answered_at: Mapped[datetime | None]
