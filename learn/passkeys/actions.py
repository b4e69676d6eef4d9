"""Every write to a passkey. The view commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learn import accounts, sign_in_sessions
from learn.database import dialect_insert
from learn.models import Passkey
from learn.models.base import table_of
from learn.passkeys.ceremony import Claim, NewKey
from learn.sign_in_sessions import SessionEndedError

MAX_PASSKEYS = 10
_MAX_SIGN_COUNT = 2**31 - 1  # what the column holds; an authenticator may count twice as far


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey to add: its id here, its owner's name for it, and the authenticator's key."""

    id: uuid.UUID
    name: str
    key: NewKey


class AddPasskeyResult(Enum):
    """What became of a new passkey."""

    ADDED = "new"
    ALREADY_ADDED = "there"
    TAKEN = "anothers"
    FULL = "full"


class UsePasskeyResult(Enum):
    """Whether a passkey may sign its owner in."""

    ACCEPTED = "in"
    REPLAYED = "before"
    COUNTER_WENT_BACK = "went-back"
    GONE = "gone"


def add(
    session: Session,
    account: uuid.UUID,
    session_id: uuid.UUID,
    new: NewPasskey,
    now: datetime,
) -> AddPasskeyResult:
    """Add a passkey to the account.

    Refused if the account has it, if another account has it, or if the account has as many as it
    may. The lock serializes simultaneous tabs. Raises SessionEndedError if the session has ended:
    nobody adds a passkey past the owner's recovery.
    """
    accounts.lock(session, account)
    if not sign_in_sessions.is_current(session, account, session_id):
        raise SessionEndedError
    existing = session.scalars(
        select(Passkey.credential).where(Passkey.account_id == account)
    ).all()
    if new.key.credential in existing:
        return AddPasskeyResult.ALREADY_ADDED
    if len(existing) >= MAX_PASSKEYS:
        return AddPasskeyResult.FULL
    added = session.execute(
        dialect_insert(session, table_of(Passkey))
        .values(
            account_id=account,
            id=new.id,
            name=new.name,
            credential=new.key.credential,
            public_key=new.key.public_key,
            sign_count=min(new.key.sign_count, _MAX_SIGN_COUNT),
            added_at=now,
        )
        .on_conflict_do_nothing()
        .returning(table_of(Passkey).c.id)
    ).scalar()
    return AddPasskeyResult.ADDED if added else AddPasskeyResult.TAKEN


def use(
    session: Session, claim: Claim, count: int, *, challenged_at: datetime, now: datetime
) -> UsePasskeyResult:
    """Record a use of a passkey, in reply to a challenge, with the authenticator's counter.

    A challenge is valid once: one from before the last use is refused as a replay. A last use in
    the future means that the clock went back, and refuses nobody.
    """
    passkey = session.scalars(
        select(Passkey)
        .where(Passkey.account_id == claim.account, Passkey.credential == claim.credential)
        .with_for_update()
    ).one_or_none()
    if passkey is None:
        return UsePasskeyResult.GONE
    if passkey.used_at is not None and challenged_at <= passkey.used_at <= now:
        return UsePasskeyResult.REPLAYED
    if count <= passkey.sign_count and (count or passkey.sign_count):
        return UsePasskeyResult.COUNTER_WENT_BACK
    passkey.used_at = now
    passkey.sign_count = min(count, _MAX_SIGN_COUNT)
    return UsePasskeyResult.ACCEPTED


def rename(session: Session, account: uuid.UUID, passkey_id: uuid.UUID, name: str) -> None:
    """Rename a passkey; do nothing if it is gone."""
    session.execute(
        update(Passkey)
        .where(Passkey.account_id == account, Passkey.id == passkey_id)
        .values(name=name)
    )


def remove(session: Session, account: uuid.UUID, passkey_id: uuid.UUID) -> None:
    """Delete a passkey; do nothing if it is gone."""
    session.execute(delete(Passkey).where(Passkey.account_id == account, Passkey.id == passkey_id))
