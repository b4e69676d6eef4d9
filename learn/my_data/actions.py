"""The one write of this feature. The view commits, once."""

from __future__ import annotations

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn import accounts
from learn.models import Account, Item


def delete_everything(session: Session, account: uuid.UUID) -> None:
    """Delete the account, and by cascade every row of it; no harm if it is not there.

    The account is held first, against whoever else deletes or joins it. Then the items go: an
    answer that comes in meanwhile locks its item before it refers to the account, and whoever locks
    them in the other order ends in a deadlock on PostgreSQL.
    """
    accounts.lock(session, account)
    session.execute(delete(Item).where(Item.account_id == account))
    session.execute(delete(Account).where(Account.id == account))
