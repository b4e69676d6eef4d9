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
    """A passkey, as its owner sees it."""

    id: uuid.UUID
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Key:
    """What is needed to check that a passkey was used, and whom it lets in."""

    nickname: str
    public_key: bytes


def nickname(session: Session, account: uuid.UUID) -> str | None:
    """The nickname of an account that was kept; None for a guest's, and for one that is gone."""
    return session.scalar(select(SignIn.nickname).where(SignIn.account_id == account))


def passkeys(session: Session, account: uuid.UUID) -> list[PasskeyView]:
    """The account's passkeys, the oldest first."""
    found = session.execute(_views(account).order_by(Passkey.added_at, Passkey.id))
    return [PasskeyView(*row) for row in found]


def passkey(session: Session, account: uuid.UUID, passkey_id: uuid.UUID) -> PasskeyView | None:
    """One passkey of the account."""
    row = session.execute(_views(account).where(Passkey.id == passkey_id)).first()
    return PasskeyView(*row) if row else None


def credentials(session: Session, account: uuid.UUID) -> tuple[bytes, ...]:
    """What the account's authenticators call its passkeys."""
    return (*session.scalars(select(Passkey.credential).where(Passkey.account_id == account)),)


def key(session: Session, account: uuid.UUID, credential: bytes) -> Key | None:
    """The account's passkey of that credential; None if it has none, or is gone itself."""
    row = session.execute(
        select(SignIn.nickname, Passkey.public_key)
        .join(SignIn, SignIn.account_id == Passkey.account_id)
        .where(Passkey.account_id == account, Passkey.credential == credential)
    ).first()
    return Key(*row) if row else None


def _views(account: uuid.UUID) -> Select[uuid.UUID, str, datetime, datetime | None]:
    return select(Passkey.id, Passkey.name, Passkey.added_at, Passkey.used_at).where(
        Passkey.account_id == account
    )
