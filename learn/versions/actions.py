"""Every write about versions of questions. The caller commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import QuestionVersion
from learn.models.base import table_of
from questions.versions import KeptVersion

_version = table_of(QuestionVersion)


def store(session: Session, versions: Iterable[KeptVersion], now: datetime) -> None:
    """Keep these versions. One that is there already gets this text."""
    rows = [
        {
            "question_id": version.question,
            "version": version.version,
            "text": version.text,
            "kept_at": now,
        }
        for version in sorted(versions, key=lambda v: v.key)  # two processes lock in the same order
    ]
    insertion = dialect_insert(session, _version)
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=["question_id", "version"], set_={"text": insertion.excluded.text}
        ),
        rows,
    )
