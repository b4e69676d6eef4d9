"""Quizzes on paper: what was printed, and what an educator typed in afterwards.

A paper has a number and no name, so none of these rows belongs to anybody's account.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class PaperSitting(Base):
    """A quiz that was printed. `number` stands on the papers, and is unique in the group.

    `left_out` questions of the quiz aren't on them: those whose answer isn't a letter.
    `last_paper` is the number of the paper that was typed in last; numbers are never used again.
    """

    __tablename__ = "paper_sitting"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        CheckConstraint("left_out >= 0", "left_out"),
        CheckConstraint("last_paper >= 0", "last_paper"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("learning_group.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(200))
    left_out: Mapped[int] = mapped_column(SmallInteger)
    last_paper: Mapped[int]
    created_at: Mapped[datetime]


class PaperQuestion(Base):
    """A printed question, at a place from 1. `shown` is the order of its options, as in `Item`."""

    __tablename__ = "paper_question"

    sitting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("paper_sitting.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    question_id: Mapped[Slug]
    version: Mapped[str] = mapped_column(String(12))
    shown: Mapped[str] = mapped_column(String(10))


class PaperSheet(Base):
    """A paper: `answers` has a response for each place that isn't blank.

    It came with `line` of the form `batch`, which therefore is saved once, however often it's sent.
    `revision` goes up with each change.
    """

    __tablename__ = "paper_sheet"
    __table_args__ = (UniqueConstraint("sitting_id", "batch", "line"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("paper_sitting.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[uuid.UUID]
    line: Mapped[int] = mapped_column(SmallInteger)
    answers: Mapped[dict[str, Any]]
    typed_at: Mapped[datetime]
    revision: Mapped[int]
