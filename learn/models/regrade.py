"""Changed grades, notices of them, and accounts of demo data."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class Regrade(Base):
    """A grade that was changed: before, after, by whom, and when."""

    __tablename__ = "regrade"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "attempt_id", "position"],
            ["item.account_id", "item.attempt_id", "item.position"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        CheckConstraint("old_score BETWEEN 0 AND 1", "old_score"),
        CheckConstraint("new_score BETWEEN 0 AND 1", "new_score"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    regraded_at: Mapped[datetime] = mapped_column(primary_key=True)
    old_version: Mapped[str] = mapped_column(String(12))
    new_version: Mapped[str] = mapped_column(String(12))
    old_score: Mapped[float]
    new_score: Mapped[float]
    regraded_by: Mapped[str] = mapped_column(String(80))


class Notice(Base):
    """A message to a learner, shown until it is dismissed: so far, that a grade was changed."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("kind IN ('regraded')", "kind"), {"sqlite_with_rowid": False})

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    question_id: Mapped[Slug]
    created_at: Mapped[datetime] = mapped_column("made_at", key="created_at")
    read_at: Mapped[datetime | None]


class Demo(Base):
    """Marks an account as made-up demo data."""

    __tablename__ = "demo"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
