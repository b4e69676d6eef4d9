"""Write which lessons a learner has read. The caller commits."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from learn.models import Account, Reading
from learn.models.base import table_of
from learn.sign_in_sessions import IS_CURRENT

_account = table_of(Account)
_reading = table_of(Reading)

_who = bindparam("account", type_=_account.c.id.type)
_what = bindparam("lesson", type_=_reading.c.lesson_id.type)
_before = exists().where(_reading.c.account_id == _who, _reading.c.lesson_id == _what)
_NOTE = _reading.insert().from_select(
    ["account_id", "lesson_id", "first_read_at"],
    # Lock the account: wait for a deletion that is in progress, then insert nothing.
    select(_who, _what, bindparam("now", type_=_reading.c.first_read_at.type))
    .select_from(_account)
    .where(_account.c.id == _who, ~_before, IS_CURRENT)
    .with_for_update(read=True, key_share=True),
)


def note_reading(
    session: Session,
    account: uuid.UUID,
    lesson: str,
    now: datetime,
    *,
    signed_in: uuid.UUID | None = None,
) -> None:
    """Record that the account read the lesson, the first time and if the account exists.

    Nothing is recorded if the sign-in session `signed_in` has ended.
    """
    key = {"account": account, "lesson": lesson, "now": now, "session": signed_in}
    session.execute(_NOTE, key)
