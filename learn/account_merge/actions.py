"""Merge a guest into an account. The caller commits."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from learn import accounts
from learn.account_merge.merge_rules import MERGE_RULES
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import Account, Item, MergedGuest, Passkey, SignIn
from learn.models.base import table_of

_LOCK_NOT_AVAILABLE = "55P03"


class MergeConflictError(Exception):
    """An answer came in at the same time: try again in a new transaction."""


def merge_guest(
    session: Session,
    guest: uuid.UUID,
    account: uuid.UUID,
    now: datetime,
    *,
    takes_rows: bool = True,
) -> bool:
    """Move all rows of the guest to the account, and delete the guest.

    Returns whether the guest had any rows. A second merge, as from another tab, changes nothing,
    and an account that somebody can sign in to is never merged. A guest without rows is recorded,
    too, since their first answer may be on its way. Unless it `takes_rows`, that is all: a guest
    who has rows stays as they are.

    Raises AccountGoneError or MergeConflictError; roll back for both.
    """
    if guest == account:
        return False
    is_new = accounts.create_if_absent(session, guest, now)
    if takes_rows and not is_new:
        accounts.hold_groups(session, guest, account)
    existing = _lock(session, guest, account, key_share=True)
    if account not in existing:
        raise AccountGoneError
    if guest not in existing or not (is_new or takes_rows):
        return False
    if not is_new:
        _lock_answers(session, guest, account)
        if _can_sign_in(session, guest):
            return False
        for apply_rule in MERGE_RULES.values():
            apply_rule(session, guest, account)
    session.execute(delete(Account).where(Account.id == guest))
    merged = {"account_id": account, "guest_id": guest, "joined_at": now}
    record = dialect_insert(session, table_of(MergedGuest)).values(merged)
    session.execute(record.on_conflict_do_nothing())
    return not is_new


def _lock_answers(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Lock all items of both, then both accounts, against answers and new attempts (PostgreSQL).

    An answer locks its item before its account, so this uses the same order. Never waits for an
    item that was added in between. Raises MergeConflictError.
    """
    items = (
        select(Item.position)
        .where(Item.account_id.in_((guest, account)))
        .order_by(Item.account_id, Item.attempt_id, Item.position)
    )
    session.execute(items.with_for_update()).all()
    _lock(session, guest, account)
    try:
        session.execute(items.with_for_update(nowait=True)).all()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise MergeConflictError from error
        raise


def _lock(
    session: Session, guest: uuid.UUID, account: uuid.UUID, *, key_share: bool = False
) -> set[uuid.UUID]:
    """Lock the rows of both, and return which exist; `key_share` allows foreign keys to them."""
    both = select(Account.id).where(Account.id.in_((guest, account))).order_by(Account.id)
    return {*session.scalars(both.with_for_update(key_share=key_share))}


def _can_sign_in(session: Session, account: uuid.UUID) -> bool:
    """Return whether the account has a passphrase or a passkey."""
    credentials = [exists().where(model.account_id == account) for model in (SignIn, Passkey)]
    return any(session.scalars(select(credentials[0]).union_all(select(credentials[1]))))
