"""What somebody wrote for themselves. No other feature reads these rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.models import Explanation

_BEGINNING = 120  # characters


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text, and the points that its writer found in it, by id; None before they looked."""

    id: uuid.UUID
    lesson: str
    text: str
    ticked: frozenset[str] | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in a list, with its first words; `more` says that others follow."""

    id: uuid.UUID
    lesson: str
    beginning: str
    more: bool
    written_at: datetime


def text(session: Session, account: uuid.UUID, text_id: uuid.UUID) -> OwnText | None:
    """One text of the account."""
    found = session.scalar(
        select(Explanation).where(Explanation.account_id == account, Explanation.id == text_id)
    )
    if found is None:
        return None
    ticked = None if found.ticked is None else frozenset(found.ticked.get("points", ()))
    return OwnText(found.id, found.lesson_id, found.text, ticked, found.written_at)


def texts(session: Session, account: uuid.UUID, lesson: str | None = None) -> list[Entry]:
    """The texts of the account, or those about one lesson, the newest first."""
    wanted = select(
        Explanation.id,
        Explanation.lesson_id,
        func.substr(Explanation.text, 1, _BEGINNING + 1),
        Explanation.written_at,
    ).where(Explanation.account_id == account)
    if lesson is not None:
        wanted = wanted.where(Explanation.lesson_id == lesson)
    rows = session.execute(wanted.order_by(Explanation.written_at.desc(), Explanation.id.desc()))
    return [
        Entry(
            id=text_id,
            lesson=lesson_id,
            beginning=" ".join(start[:_BEGINNING].split()),
            more=len(start) > _BEGINNING,
            written_at=written_at,
        )
        for text_id, lesson_id, start, written_at in rows
    ]
