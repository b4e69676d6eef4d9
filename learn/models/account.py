"""An account: a guest's from the first answer on."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class Account(Base):
    """A random id that rows belong to. Nothing says who it is."""

    __tablename__ = "account"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
