"""The list of deleted accounts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class Deletion(Base):
    """An account that was deleted, so that no older backup brings it back.

    `digest` is made of its random id, and says nothing else.
    """

    __tablename__ = "deletion"
    __table_args__ = (CheckConstraint("digest <> ''", "digest"), {"sqlite_with_rowid": False})

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    deleted_on: Mapped[date]
