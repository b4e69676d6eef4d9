"""The phone numbers of a learner's own care team."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base


class CareNumbers(Base):
    """Whom to call in the daytime, and at night and on weekends, as the learner wrote it.

    One of the two may be empty.
    """

    __tablename__ = "care_numbers"
    __table_args__ = (
        CheckConstraint("daytime <> '' OR nights <> ''", "daytime_or_nights"),
        {"sqlite_with_rowid": False},
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    daytime: Mapped[str]
    nights: Mapped[str]
    saved_at: Mapped[datetime]
