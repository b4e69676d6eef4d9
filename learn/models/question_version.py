"""Text of each version of a question that was ever served."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.models.base import Base, Slug


class QuestionVersion(Base):
    """A version of a question, so that old answers can be read; `questions.versions` reads `text`.

    An `Item` names one by its `question_id` and `version`.
    """

    __tablename__ = "question_version"
    __table_args__ = (CheckConstraint("text <> ''", "text"),)

    question_id: Mapped[Slug] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str]
    kept_at: Mapped[datetime]
