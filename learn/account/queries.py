"""Find credentials by account, nickname, or recovery code."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from learn.models import SignIn, SignInSession
from learn.models.base import table_of
from learn.sign_in_sessions import EARLIER

_sign_in = table_of(SignIn)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's nickname, and hashes of its passphrase and its recovery code."""

    account: uuid.UUID
    nickname: str
    nickname_key: str
    passphrase_hash: str
    recovery_digest: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser that is signed in to the account; the names are empty if unknown.

    With `is_earlier`, all browsers that signed in before there were sessions.
    """

    id: uuid.UUID
    browser: str
    system: str
    created_at: datetime
    last_used_on: date
    is_this: bool

    @property
    def is_earlier(self) -> bool:
        """Whether it represents all cookies from before there were sessions."""
        return self.id == EARLIER


def own_sessions(session: Session, account: uuid.UUID, this: uuid.UUID) -> list[OwnSession]:
    """Return where the account is signed in: `this` session first, then by last use."""
    s = table_of(SignInSession).c
    columns = (s.id, s.browser, s.system, s.created_at, s.last_used_on, s.id == this)
    rows = session.execute(
        select(*columns)
        .where(s.account_id == account)
        .order_by((s.id == this).desc(), s.last_used_on.desc(), s.created_at.desc(), s.id)
    )
    return [OwnSession(*row) for row in rows]


def has_sessions(session: Session, account: uuid.UUID) -> bool:
    """Return whether somebody is signed in to the account."""
    own = exists().where(table_of(SignInSession).c.account_id == account)
    return bool(session.scalar(select(own)))


def find_by_account(session: Session, account: uuid.UUID) -> Credentials | None:
    """Return the account's credentials; None for a guest."""
    return _one(session, _sign_in.c.account_id == account)


def find_by_nickname(session: Session, key: str) -> Credentials | None:
    """Return the credentials of the account whose nickname has this key."""
    return _one(session, _sign_in.c.nickname_key == key)


def find_by_recovery_code(session: Session, digest: str) -> Credentials | None:
    """Return the credentials of the account whose recovery code has this digest."""
    return _one(session, _sign_in.c.recovery == digest)


def taken_keys(session: Session, keys: list[str]) -> frozenset[str]:
    """Return those of the nickname keys that are taken."""
    taken = select(_sign_in.c.nickname_key).where(_sign_in.c.nickname_key.in_(keys))
    return frozenset(session.scalars(taken))


def _one(session: Session, condition: ColumnElement[bool]) -> Credentials | None:
    c = _sign_in.c
    columns = (c.account_id, c.nickname, c.nickname_key, c.passphrase, c.recovery, c.kept_since)
    row = session.execute(select(*columns).where(condition)).first()
    return Credentials(*row) if row else None
