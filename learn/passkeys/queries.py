"""The keys that passkeys are verified with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import Passkey, SignIn


@dataclass(frozen=True, slots=True)
class StoredKey:
    """The public key to verify a use with, and the nickname of its owner."""

    nickname: str
    public_key: bytes


def nickname(session: Session, account: uuid.UUID) -> str | None:
    """Return the nickname of an account; None for a guest's and for a deleted one."""
    return session.scalar(select(SignIn.nickname).where(SignIn.account_id == account))


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
