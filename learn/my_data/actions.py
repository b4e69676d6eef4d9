"""Delete an account. The view commits."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn import accounts, deletions
from learn.deletions import Deletions
from learn.models import Account, Item


def delete_everything(session: Session, account: uuid.UUID, now: datetime) -> Deletions:
    """Delete the account and, by cascade, all its rows; do nothing if it is gone.

    Returns what was added to the list of deleted accounts.

    Its groups are locked first, against disclosing its answers now, and then the account, against
    others who delete or merge it. Then the items go: an answer locks its item before its account,
    and the opposite order would deadlock on PostgreSQL.
    """
    accounts.hold_groups(session, account)
    if accounts.lock(session, account) is None:
        return {}
    deleted = deletions.record(session, account, now)
    session.execute(delete(Item).where(Item.account_id == account))
    session.execute(delete(Account).where(Account.id == account))
    return deleted
