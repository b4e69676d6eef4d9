"""The questions that an account wants to take to its care team."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class CareQuestion(Base):
    """An objective whose question for the care team is on the sheet."""

    __tablename__ = "care_question"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    objective_id: Mapped[Slug] = mapped_column(primary_key=True)
    added_at: Mapped[datetime]
