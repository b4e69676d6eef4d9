"""Which lessons an account has read."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class Reading(Base):
    """A lesson that was read, and when first. Until November 2026, opening it was enough."""

    __tablename__ = "reading"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[Slug] = mapped_column(primary_key=True)
    first_read_at: Mapped[datetime]
