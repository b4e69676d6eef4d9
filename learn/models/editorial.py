"""Editorial work: questions on hold, and reported mistakes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class QuestionHold(Base):
    """A question that is not asked until an editor has reviewed it.

    It has a row for each `fact` whose sentence in the source has changed.
    """

    __tablename__ = "withheld"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    question_id: Mapped[Slug] = mapped_column(primary_key=True)
    fact: Mapped[Slug] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class MistakeReport(Base):
    """A mistake that a reader reported; nothing says who wrote it.

    `page` is `lesson/<id>` or `question/<id>`.
    """

    __tablename__ = "mistake_report"
    __table_args__ = (CheckConstraint("text <> ''", "text"), {"sqlite_with_rowid": False})

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    page: Mapped[Slug]
    text: Mapped[str]
    reported_at: Mapped[datetime]
