"""A learner's list of questions for the care team."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class CareLine(Base):
    """A line of the list: an objective's question for the care team, or the learner's own text.

    `position` orders the lines (column `place`); a ticked line has been asked.
    """

    __tablename__ = "care_line"
    __table_args__ = (
        UniqueConstraint("account_id", "objective_id"),
        CheckConstraint("(objective_id IS NULL) <> (text IS NULL)", "objective_or_text"),
        CheckConstraint("text <> ''", "text"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    objective_id: Mapped[Slug | None]
    text: Mapped[str | None]
    position: Mapped[int] = mapped_column("place", key="position")
    ticked: Mapped[bool]
    added_at: Mapped[datetime]
