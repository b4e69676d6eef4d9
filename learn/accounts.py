"""The account's own row: create it, lock it, and find it gone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from learn import deletions
from learn.database import dialect_insert
from learn.models import Account, Deletion, Group, Membership, MergedGuest
from learn.models.base import table_of

_account = table_of(Account)
_merged = table_of(MergedGuest)
_deletion = table_of(Deletion)
_id = bindparam("account", type_=_account.c.id.type)
_NEW = select(_id, bindparam("now", type_=_account.c.created_at.type)).where(
    ~select(_merged.c.guest_id).where(_merged.c.guest_id == _id).exists(),
    ~select(_deletion.c.digest).where(_deletion.c.digest == bindparam("digest")).exists(),
)
"""The row of an account that was neither merged nor deleted."""


class AccountGoneError(Exception):
    """The account was deleted, or merged into another; it is not created again."""


def exists(session: Session, account: uuid.UUID) -> bool:
    """Return whether the account has a row."""
    query = select(_account.c.id).where(_account.c.id == account)
    return session.scalar(query) is not None


def create_if_absent(session: Session, account: uuid.UUID, now: datetime) -> bool:
    """Create the account's row if there is none; return whether it was created.

    An account that was deleted, or merged into another, is never created again.
    """
    new = dialect_insert(session, _account).from_select(["id", "created_at"], _NEW)
    created = new.on_conflict_do_nothing().returning(_account.c.id)
    values = {"account": account, "now": now, "digest": deletions.digest(account)}
    return session.execute(created, values).first() is not None


def lock(session: Session, account: uuid.UUID) -> datetime | None:
    """Lock the account's row against deletion and against others who lock it (PostgreSQL).

    Rows that refer to it can still be inserted. Returns when the account was created, or None if
    it is gone.
    """
    query = select(_account.c.created_at).where(_account.c.id == account)
    return session.scalar(query.with_for_update(key_share=True))


def hold_groups(session: Session, *members: uuid.UUID) -> None:
    """Lock the groups that these accounts were ever in, against disclosing totals (PostgreSQL).

    A disclosure locks its groups first, then their members, then writes about their answers. Who
    deletes answers, moves them, or takes them out of their blocks does it in the same order. Others
    who do need not wait for each other.
    """
    groups = select(Membership.group_id).where(Membership.account_id.in_(members))
    ordered = select(Group.id).where(Group.id.in_(groups)).order_by(Group.id)
    session.execute(ordered.with_for_update(read=True)).all()
