"""Which passkeys an account has."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from learn.models import Passkey, SignIn


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it."""

    id: uuid.UUID
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredKey:
    """The public key to verify a use with, and the nickname of its owner."""

    nickname: str
    public_key: bytes


def nickname(session: Session, account: uuid.UUID) -> str | None:
    """Return the nickname of an account; None for a guest's and for a deleted one."""
    return session.scalar(select(SignIn.nickname).where(SignIn.account_id == account))


def passkeys(session: Session, account: uuid.UUID) -> list[PasskeyView]:
    """Return the account's passkeys, the oldest first."""
    found = session.execute(_views(account).order_by(Passkey.added_at, Passkey.id))
    return [PasskeyView(*row) for row in found]


def passkey(session: Session, account: uuid.UUID, passkey_id: uuid.UUID) -> PasskeyView | None:
    """Return one passkey of the account, or None."""
    row = session.execute(_views(account).where(Passkey.id == passkey_id)).first()
    return PasskeyView(*row) if row else None


def credential_ids(session: Session, account: uuid.UUID) -> tuple[bytes, ...]:
    """Return the credential ids of the account's passkeys."""
    return (*session.scalars(select(Passkey.credential).where(Passkey.account_id == account)),)


def stored_key(session: Session, account: uuid.UUID, credential: bytes) -> StoredKey | None:
    """Return the key of the account's credential; None if there is none."""
    row = session.execute(
        select(SignIn.nickname, Passkey.public_key)
        .join(SignIn, SignIn.account_id == Passkey.account_id)
        .where(Passkey.account_id == account, Passkey.credential == credential)
    ).first()
    return StoredKey(*row) if row else None


def _views(account: uuid.UUID) -> Select[uuid.UUID, str, datetime, datetime | None]:
    return select(Passkey.id, Passkey.name, Passkey.added_at, Passkey.used_at).where(
        Passkey.account_id == account
    )
