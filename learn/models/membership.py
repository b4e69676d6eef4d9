"""Membership of groups, assignments, disclosed answers, and the log of who viewed what."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
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


class SharingMode(StrEnum):
    """What a member shares with a group: answers under a nickname, or answers in totals only."""

    NAMED = "named"
    TOTALS = "totals"


class SharingTerms(StrEnum):
    """Which words about what educators see a member has accepted.

    Under `first`, a member joined when educators saw first answers, and hasn't been asked since;
    `kept`, they were asked and left it so. Under `latest`, educators also see latest answers, who
    hasn't begun an assignment, and single answers.
    """

    FIRST = "first"
    KEPT = "kept"
    LATEST = "latest"


class Removal(StrEnum):
    """Whether an educator ended a membership period.

    Who was `removed` can't join the group again until an educator has `allowed` it.
    """

    NONE = ""
    REMOVED = "removed"
    ALLOWED = "allowed"


class AssignmentKind(StrEnum):
    """What an assignment asks for: lessons to read, a quiz, or a quiz before and after."""

    LESSONS = "lessons"
    QUIZ = "quiz"
    BEFORE_AFTER = "before-after"


class Membership(Base):
    """A membership period: an account belongs to a group from `since` until `until` (NULL: still).

    `sharing` is `named` or `totals`. Changing it ends the period and starts another one. Only
    answers given at or after `shares_from` are shared. `nickname` is what the group's educators
    read; it is empty for `totals`. `terms` are the words that the member accepted. `removal` says
    whether an educator ended the period. `rename_asked_at` is when an educator asked for another
    nickname, until there is one.
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
    sharing: Mapped[str] = mapped_column("how", String(10), key="sharing")
    nickname: Mapped[str] = mapped_column(String(80))
    shares_from: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    terms: Mapped[str] = mapped_column(String(10), server_default=SharingTerms.FIRST.value)
    removal: Mapped[str] = mapped_column(String(10), server_default=Removal.NONE.value)
    rename_asked_at: Mapped[datetime | None]


class DisclosedAnswer(Base):
    """An answer of a member who shares in totals only, counted in a group's totals.

    Answers enter totals in blocks of many people, never one by one. `block` identifies the block
    and `block_size` is its initial number of answers; a block is shown only while it is complete.
    When a member leaves, their answers lose their block, but the row remains: the answer was
    disclosed.
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
    disclosed_at: Mapped[datetime] = mapped_column("released_at", key="disclosed_at")


class Assignment(Base):
    """Something a group is asked to do. `kind` is `lessons`, `quiz`, or `before-after`.

    `contents` maps `lessons`, `questions`, or `before` and `after` to lists of ids; with `fixed:
    true`, everybody gets the questions in that order. `due_on` is a suggestion, never enforced.
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
    contents: Mapped[dict[str, Any]] = mapped_column("what", key="contents")
    due_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column("made_at", key="created_at")
    closed_at: Mapped[datetime | None]


class AuditLog(Base):
    """Views of a member's named data by one educator on one day; members read them.

    `view` is `group` for a table of several members, `person` for a page about one, `file` for a
    download.
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
    view: Mapped[str] = mapped_column("what", String(10), key="view", primary_key=True)
    times: Mapped[int]
