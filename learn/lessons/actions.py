"""Every write about lessons. The view commits, once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from learn.models import Account, Reading
from learn.models.base import table_of

_account = table_of(Account)
_reading = table_of(Reading)


def note_reading(session: Session, account: uuid.UUID, lesson: str, now: datetime) -> None:
    """Note that the account has opened the lesson, if it has not before and is still there."""
    there = exists().where(_account.c.id == account)
    before = exists().where(_reading.c.account_id == account, _reading.c.lesson_id == lesson)
    row = select(
        literal(account, _account.c.id.type),
        literal(lesson),
        literal(now, _reading.c.first_read_at.type),
    ).where(there, ~before)
    columns = ["account_id", "lesson_id", "first_read_at"]
    session.execute(_reading.insert().from_select(columns, row))
