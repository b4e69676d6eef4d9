"""The passkeys of an account, as their owner sees them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from learn.models import Passkey


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner sees it."""

    id: uuid.UUID
    name: str
    added_at: datetime
    used_at: datetime | None


def passkeys(session: Session, account: uuid.UUID) -> list[PasskeyView]:
    """Return the account's passkeys, the oldest first."""
    return _views(session, Passkey.account_id == account)


def passkey(session: Session, account: uuid.UUID, passkey_id: uuid.UUID) -> PasskeyView | None:
    """Return one passkey of the account, or None."""
    matches = _views(session, (Passkey.account_id == account) & (Passkey.id == passkey_id))
    return matches[0] if matches else None


def has_any(session: Session, account: uuid.UUID) -> bool:
    """Return whether the account has a passkey."""
    return bool(session.scalar(select(exists().where(Passkey.account_id == account))))


def _views(session: Session, condition: ColumnElement[bool]) -> list[PasskeyView]:
    columns = (Passkey.id, Passkey.name, Passkey.added_at, Passkey.used_at)
    ordered = select(*columns).where(condition).order_by(Passkey.added_at, Passkey.id)
    return [PasskeyView(*row) for row in session.execute(ordered)]
