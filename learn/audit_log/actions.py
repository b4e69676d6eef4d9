"""Every write of the audit log."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import Account, AuditLog
from learn.models.base import table_of

GROUP, PERSON, FILE = "group", "person", "file"

_account, _audit_log = table_of(Account), table_of(AuditLog)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An educator's view of a group, a person, or a file, on a `day` in the site's time zone."""

    group: uuid.UUID
    day: date
    educator: str
    view: str


def log_event(session: Session, event: AuditEvent, accounts: Collection[uuid.UUID]) -> None:
    """Log one more view of each of these accounts, in one statement.

    Accounts deleted meanwhile are skipped; the others are locked against deletion until the commit.
    """
    values = {
        "group_id": event.group,
        "viewed_on": event.day,
        "educator": event.educator,
        "view": event.view,
        "times": 1,
    }
    there = (
        select(_account.c.id, *(literal(v, _audit_log.c[c].type) for c, v in values.items()))
        .where(_account.c.id.in_(accounts))
        .order_by(_account.c.id)
        .with_for_update(read=True, key_share=True)
    )
    new = dialect_insert(session, _audit_log)
    session.execute(
        new.from_select(["account_id", *values], there).on_conflict_do_update(
            index_elements=[*_audit_log.primary_key],
            set_={"times": _audit_log.c.times + 1},
        )
    )
