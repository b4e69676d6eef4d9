"""Educators, their invitations, and their groups."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class Educator(Base):
    """An account that may lead groups. `name` is what members of its groups see."""

    __tablename__ = "educator"
    __table_args__ = (CheckConstraint("name <> ''", "name"), {"sqlite_with_rowid": False})

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Invite(Base):
    """A link that makes an account an educator, once. `token` is its SHA-256, in hex."""

    __tablename__ = "invite"
    __table_args__ = (CheckConstraint("name <> ''", "name"), {"sqlite_with_rowid": False})

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column("made_at", key="created_at")
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Group(Base):
    """A group of learners. `code` is the join code; None while nobody can join."""

    __tablename__ = "learning_group"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("name <> ''", "name"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column("made_at", key="created_at")
    archived_at: Mapped[datetime | None]


class GroupEducator(Base):
    """An educator of a group."""

    __tablename__ = "group_educator"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[datetime]
