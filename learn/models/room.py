"""Rooms: a question that a group's educator asks everybody who is there, without an account.

A row of an answer doesn't exist. What is kept leads to nobody: numbers, and while a question is
open, a mark for each phone that has answered, which doesn't say what.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class CountKind(StrEnum):
    """What is counted: how answers were, options chosen or lines placed right, and wrong ideas."""

    OUTCOME = "outcome"
    PART = "part"
    BELIEF = "belief"


class Phase(StrEnum):
    """What a question in a room is at: it takes answers, or shows bars, or what is right, too."""

    OPEN = "open"
    CLOSED = "closed"
    TOLD = "told"


class Room(Base):
    """A room. `shown` is the order of the question's parts, the same on every screen.

    `turn` goes up each time something is asked, and `round` is 2 when the question is asked again.
    """

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("round IN (1, 2)", "round"),
        CheckConstraint("phase IN ('open', 'closed', 'told')", "phase"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(String(16))
    question_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(12))
    shown: Mapped[str] = mapped_column(String(10))
    turn: Mapped[int] = mapped_column(SmallInteger)
    round: Mapped[int] = mapped_column(SmallInteger)
    phase: Mapped[str] = mapped_column(String(10))
    ends_at: Mapped[datetime]


class RoomMark(Base):
    """A phone has answered the open question. `digest` is of its random token, by the site's key.

    The rows lie in the order of the digests, which tells no time, and go when the question closes.
    """

    __tablename__ = "room_mark"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    room_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class RoomCount(Base):
    """How many answers of a round had something in common."""

    __tablename__ = "room_count"
    __table_args__ = (
        CheckConstraint("kind IN ('outcome', 'part', 'belief')", "kind"),
        CheckConstraint("n > 0", "n"),
        {"sqlite_with_rowid": False},
    )

    room_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    round: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    n: Mapped[int]
