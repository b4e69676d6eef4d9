"""Explanations of one account. No other feature reads these rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.models import Explanation

_EXCERPT_LENGTH = 120  # characters


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """A text, and the ids of the points that its writer found in it; None before that."""

    id: uuid.UUID
    lesson: str
    text: str
    checked_points: frozenset[str] | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A text in a list, with its beginning; `more` says that it goes on."""

    id: uuid.UUID
    lesson: str
    beginning: str
    more: bool
    written_at: datetime


def text(session: Session, account: uuid.UUID, text_id: uuid.UUID) -> ExplanationView | None:
    """Return one text of the account, or None."""
    row = session.scalar(
        select(Explanation).where(Explanation.account_id == account, Explanation.id == text_id)
    )
    if row is None:
        return None
    checked = (
        None if row.checked_points is None else frozenset(row.checked_points.get("points", ()))
    )
    return ExplanationView(row.id, row.lesson_id, row.text, checked, row.written_at)


def texts(session: Session, account: uuid.UUID, lesson: str | None = None) -> list[ListEntry]:
    """Return the account's texts, or those about one lesson, the newest first."""
    wanted = select(
        Explanation.id,
        Explanation.lesson_id,
        func.substr(Explanation.text, 1, _EXCERPT_LENGTH + 1),
        Explanation.written_at,
    ).where(Explanation.account_id == account)
    if lesson is not None:
        wanted = wanted.where(Explanation.lesson_id == lesson)
    rows = session.execute(wanted.order_by(Explanation.written_at.desc(), Explanation.id.desc()))
    return [
        ListEntry(
            id=text_id,
            lesson=lesson_id,
            beginning=" ".join(start[:_EXCERPT_LENGTH].split()),
            more=len(start) > _EXCERPT_LENGTH,
            written_at=written_at,
        )
        for text_id, lesson_id, start, written_at in rows
    ]
