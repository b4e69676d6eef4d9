"""A learner's own explanations of lessons."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class Explanation(Base):
    """A lesson as its reader would explain it. Private: no report ever reads this table.

    `checked_points` has the ids of the lesson's points that they found in their text, as a list
    under `points`. A lesson may have several texts.
    """

    __tablename__ = "explanation"
    __table_args__ = (CheckConstraint("text <> ''", "text"), {"sqlite_with_rowid": False})

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[Slug]
    text: Mapped[str]
    checked_points: Mapped[dict[str, Any] | None] = mapped_column("ticked")
    written_at: Mapped[datetime]
