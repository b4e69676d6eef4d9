"""Which accounts are demo data."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from learn.models import Account, Demo


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """Ids of the demo accounts, and the number of real accounts."""

    demo: frozenset[uuid.UUID]
    real: int


def is_there(session: Session) -> bool:
    """Return whether there is any demo account."""
    return bool(session.scalar(select(exists().where(Demo.account_id.is_not(None)))))


def accounts(session: Session) -> DemoAccounts:
    """Return the demo accounts and the number of real ones."""
    demo = frozenset(session.scalars(select(Demo.account_id)))
    accounts = session.scalar(select(func.count()).select_from(Account)) or 0
    return DemoAccounts(demo, accounts - len(demo))
