"""An account that the visitor has just proved to be theirs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import Passkey, SignIn
from learn.sign_in_sessions import ConfirmedBy


@dataclass(frozen=True, slots=True)
class VerifiedAccount:
    """An account that the visitor proved to be theirs.

    With the passphrase of this hash, or else with the passkey of this credential id.
    """

    account: uuid.UUID
    nickname: str
    passphrase_hash: str = ""
    credential: bytes = b""

    @property
    def confirmed_by(self) -> ConfirmedBy:
        """With what they proved it."""
        return ConfirmedBy.PASSPHRASE if self.passphrase_hash else ConfirmedBy.PASSKEY


def is_still_verified(session: Session, verified: VerifiedAccount) -> bool:
    """Return whether the account still has the passphrase or the passkey; lock its row before."""
    if verified.passphrase_hash:
        stored = select(SignIn.passphrase).where(SignIn.account_id == verified.account)
        return session.scalar(stored) == verified.passphrase_hash
    passkey = select(Passkey.id).where(
        Passkey.account_id == verified.account, Passkey.credential == verified.credential
    )
    return session.scalar(passkey) is not None
