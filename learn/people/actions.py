"""Writing down who looked at what."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import AccessLog, Account
from learn.models.base import table_of

GROUP, PERSON, FILE = "group", "person", "file"

_account, _access_log = table_of(Account), table_of(AccessLog)


@dataclass(frozen=True, slots=True)
class Look:
    """An educator’s look at a group, a person or a file; `day` is that of the site."""

    group: uuid.UUID
    day: date
    educator: str
    view: str


def note_look(session: Session, look: Look, accounts: Collection[uuid.UUID]) -> None:
    """Each of these accounts was looked at once more, in one statement.

    An account that was deleted meanwhile is left out: the rows are held while they are added to.
    """
    values = {
        "group_id": look.group,
        "viewed_on": look.day,
        "educator": look.educator,
        "view": look.view,
        "times": 1,
    }
    there = (
        select(_account.c.id, *(literal(v, _access_log.c[c].type) for c, v in values.items()))
        .where(_account.c.id.in_(accounts))
        .order_by(_account.c.id)
        .with_for_update(read=True, key_share=True)
    )
    new = dialect_insert(session, _access_log)
    session.execute(
        new.from_select(["account_id", *values], there).on_conflict_do_update(
            index_elements=[*_access_log.primary_key],
            set_={"times": _access_log.c.times + 1},
        )
    )
