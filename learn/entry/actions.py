"""The one write of coming in: a guest's work becomes an account's. The caller commits, once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from learn.entry.moves import MOVES
from learn.models import Account, Item, Joined, Passkey, SignIn
from learn.models.base import Base, table_of

_LOCK_NOT_AVAILABLE = "55P03"


class AccountGoneError(Exception):
    """The account was deleted meanwhile; nothing is joined to it."""


class BusyError(Exception):
    """An answer came in at the very same moment: begin again, in a new transaction."""


def join(session: Session, guest: uuid.UUID, account: uuid.UUID, now: datetime) -> bool:
    """All that the guest did becomes the account's, and the guest is no more.

    Returns whether anything was there to join. A second time, as by another tab, changes nothing;
    nor does somebody who is no guest but has an account of their own. A guest of whom nothing is
    kept is noted too: their first answer may be on its way.

    Raises AccountGoneError, or BusyError; roll back for both.
    """
    if guest == account:
        return False
    values = {"id": guest, "created_at": now}
    is_new = _insert_if_absent(session, Account, values)
    there = _lock(session, guest, account, key_share=True)
    if account not in there:
        raise AccountGoneError
    if guest not in there:
        return False
    if not is_new:
        _wait_for_answers(session, guest, account)
        if _is_kept(session, guest):
            return False
        for move in MOVES.values():
            move(session, guest, account)
    session.execute(delete(Account).where(Account.id == guest))
    values = {"account_id": account, "guest_id": guest, "joined_at": now}
    _insert_if_absent(session, Joined, values)
    return not is_new


def _wait_for_answers(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Hold every row of both, so that nothing is answered or begun meanwhile (on PostgreSQL).

    An answer holds its item before it looks for the account. So the items come first here too,
    then the accounts; and an item that was begun in between is never waited for.
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
            raise BusyError from error
        raise


def _lock(
    session: Session, guest: uuid.UUID, account: uuid.UUID, *, key_share: bool = False
) -> set[uuid.UUID]:
    """Which of the two are there. With `key_share`, what only refers to them may go on."""
    both = select(Account.id).where(Account.id.in_((guest, account))).order_by(Account.id)
    return {*session.scalars(both.with_for_update(key_share=key_share))}


def _is_kept(session: Session, account: uuid.UUID) -> bool:
    """Whether it is an account that somebody comes back to."""
    ways = [exists().where(way.account_id == account) for way in (SignIn, Passkey)]
    return any(session.scalars(select(ways[0]).union_all(select(ways[1]))))


def _insert_if_absent(session: Session, model: type[Base], values: dict[str, object]) -> bool:
    postgres = session.get_bind().dialect.name == "postgresql"
    new = (postgresql.insert if postgres else sqlite.insert)(table_of(model)).values(values)
    once = new.on_conflict_do_nothing().returning(*table_of(model).primary_key)
    return session.execute(once).first() is not None
