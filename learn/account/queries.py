"""Who can come in, and by what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learn.models import SignIn
from learn.models.base import table_of

_sign_in = table_of(SignIn)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A kept account: its nickname, and hashes of its passphrase and its recovery code."""

    account: uuid.UUID
    nickname: str
    key: str
    passphrase: str
    recovery: str
    kept_since: datetime


def of_account(session: Session, account: uuid.UUID) -> WayIn | None:
    """The way into an account; None for a guest."""
    return _one(session, _sign_in.c.account_id == account)


def of_nickname(session: Session, key: str) -> WayIn | None:
    """The account whose nickname has this key."""
    return _one(session, _sign_in.c.nickname_key == key)


def of_recovery(session: Session, digest: str) -> WayIn | None:
    """The account whose recovery code has this digest."""
    return _one(session, _sign_in.c.recovery == digest)


def taken(session: Session, keys: list[str]) -> frozenset[str]:
    """Which of these nickname keys somebody has."""
    found = select(_sign_in.c.nickname_key).where(_sign_in.c.nickname_key.in_(keys))
    return frozenset(session.scalars(found))


def _one(session: Session, condition: ColumnElement[bool]) -> WayIn | None:
    c = _sign_in.c
    columns = (c.account_id, c.nickname, c.nickname_key, c.passphrase, c.recovery, c.kept_since)
    row = session.execute(select(*columns).where(condition)).first()
    return WayIn(*row) if row else None
