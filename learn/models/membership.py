"""Members of groups, what of theirs was shown there, and what they were set to do."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class Membership(Base):
    """A spell in a group: from `since` until `until`, or until now.

    `how` is `named` or `totals`; whoever changes it ends the spell and begins another one. Only
    answers given from `shares_from` on are anybody's business. `nickname` is what the group's
    educators read, empty for `totals`.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "ix_membership_now",
            "account_id",
            "group_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("how IN ('named', 'totals')", "how"),
        CheckConstraint("(how = 'named') = (nickname <> '')", "nickname_when_named"),
        CheckConstraint("until >= since", "until_after_since"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), index=True
    )
    how: Mapped[str] = mapped_column(String(10))
    nickname: Mapped[str] = mapped_column(String(80))
    shares_from: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Released(Base):
    """An answer of somebody who shares only in totals, counted in a group's totals.

    Answers are let into totals in blocks of many people, never one by one. `block` names the
    block, `block_size` says how many answers it began with; it is shown while all are there. Who
    leaves takes theirs out of it: then there is no block, but it stays known that they were shown.
    """

    __tablename__ = "released"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "attempt_id", "position"],
            ["item.account_id", "item.attempt_id", "item.position"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        CheckConstraint("(block IS NULL) = (block_size IS NULL)", "size_of_block"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    block: Mapped[uuid.UUID | None]
    block_size: Mapped[int | None]
    released_at: Mapped[datetime]


class Assignment(Base):
    """What a group is asked to do. `kind` is `lessons`, `quiz` or `before-after`.

    `what` has `lessons`, or the `questions` of a quiz, or those `before` and `after`; all get them
    in that order where it says `fixed`. `due_on` is a day, and no more than a wish.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("kind IN ('lessons', 'quiz', 'before-after')", "kind"),
        CheckConstraint("title <> ''", "title"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(80))
    what: Mapped[dict[str, Any]]
    due_on: Mapped[date | None]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Viewing(Base):
    """That an educator looked at what a member shares by name; the member can read it.

    `what` is `group` for a table of many, `person` for a page about them alone, `file` for a file.
    """

    __tablename__ = "viewing"
    __table_args__ = (
        CheckConstraint("what IN ('group', 'person', 'file')", "what"),
        CheckConstraint("times > 0", "times"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    group_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), primary_key=True
    )
    viewed_on: Mapped[date] = mapped_column(primary_key=True)
    educator: Mapped[str] = mapped_column(String(80), primary_key=True)
    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    times: Mapped[int]
