"""Every write to a passkey. The view commits, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import Account, Passkey, SignIn
from learn.models.base import table_of
from learn.passkeys.ceremony import Claim, NewKey

MOST = 10
_HIGHEST = 2**31 - 1  # what the column holds; an authenticator may count twice as far


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey to keep: its id here, its owner’s name for it, and what was made."""

    id: uuid.UUID
    name: str
    key: NewKey


class Added(Enum):
    """What became of a new passkey."""

    NEW = "new"
    THERE = "there"
    ANOTHERS = "anothers"
    FULL = "full"
    GONE = "gone"


class Used(Enum):
    """Whether a passkey lets its owner in."""

    IN = "in"
    BEFORE = "before"
    WENT_BACK = "went-back"
    GONE = "gone"


def add(
    session: Session,
    account: uuid.UUID,
    new: NewPasskey,
    now: datetime,
) -> Added:
    """Give the account a passkey.

    Nothing if it has it, if another account has it, or if it has as many as it may. The lock lets
    one tab after the other in; GONE is an account that was deleted meanwhile, or never kept.
    """
    alive = select(Account.id).join(SignIn).where(Account.id == account)
    if session.scalar(alive.with_for_update(key_share=True, of=Account)) is None:
        return Added.GONE
    there = session.scalars(select(Passkey.credential).where(Passkey.account_id == account)).all()
    if new.key.credential in there:
        return Added.THERE
    if len(there) >= MOST:
        return Added.FULL
    made = session.execute(
        dialect_insert(session, table_of(Passkey))
        .values(
            account_id=account,
            id=new.id,
            name=new.name,
            credential=new.key.credential,
            public_key=new.key.public_key,
            sign_count=min(new.key.sign_count, _HIGHEST),
            added_at=now,
        )
        .on_conflict_do_nothing()
        .returning(table_of(Passkey).c.id)
    ).scalar()
    return Added.NEW if made else Added.ANOTHERS


def use(session: Session, proven: Claim, count: int, *, asked_at: datetime, now: datetime) -> Used:
    """Note that a passkey was used, for a challenge of `asked_at`, with its authenticator’s count.

    A challenge is good once: whoever was asked before the last use, asked too early. A use that
    seems to be still to come is a clock that went back, and keeps nobody out.
    """
    found = session.scalars(
        select(Passkey)
        .where(Passkey.account_id == proven.account, Passkey.credential == proven.credential)
        .with_for_update()
    ).one_or_none()
    if found is None:
        return Used.GONE
    if found.used_at is not None and asked_at <= found.used_at <= now:
        return Used.BEFORE
    if count <= found.sign_count and (count or found.sign_count):
        return Used.WENT_BACK
    found.used_at = now
    found.sign_count = min(count, _HIGHEST)
    return Used.IN


def rename(session: Session, account: uuid.UUID, passkey_id: uuid.UUID, name: str) -> None:
    """Call a passkey something else; no harm if it is not there any more."""
    session.execute(
        update(Passkey)
        .where(Passkey.account_id == account, Passkey.id == passkey_id)
        .values(name=name)
    )


def remove(session: Session, account: uuid.UUID, passkey_id: uuid.UUID) -> None:
    """Forget a passkey: it lets nobody in from now on. No harm if it is not there any more."""
    session.execute(delete(Passkey).where(Passkey.account_id == account, Passkey.id == passkey_id))
