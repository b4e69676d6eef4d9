"""Sign-in sessions: start, check, use, and end them. The caller commits.

Start and end sessions after locking the account's row (`accounts.lock`, or a merge), so that no
sign-in slips past a change of the passphrase.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from learn.devices import Device
from learn.models import SignIn, SignInSession
from learn.models.base import table_of

EARLIER = uuid.UUID(int=0)
"""The session of all cookies of an account from before there were sessions."""

EXPIRED = uuid.UUID(int=1)
"""The session of a cookie of a shared device that nobody used for hours: no row has this id."""

COOKIE_LIFETIME = timedelta(days=400)
"""How long a session cookie lasts after its last renewal: the longest that browsers allow."""


class SessionEndedError(Exception):
    """The session has ended since the guard looked; roll back. The guard answers for the view."""


class ConfirmedBy(Enum):
    """How somebody proved, when signing in or later, that the account is theirs."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a word, not one
    PASSKEY = "passkey"


MAX_SESSIONS = 100
"""Sessions of an account: more than anybody has devices. Another sign-in ends the oldest."""

CONFIRMED_FOR = timedelta(minutes=5)
"""How long a passphrase or a passkey counts in its session, for what needs one."""

_sign_in = table_of(SignIn)
_session = table_of(SignInSession)
_who = bindparam("account", type_=_session.c.account_id.type)
_which = bindparam("session", type_=_session.c.id.type)

IS_CURRENT: ColumnElement[bool] = or_(
    _which.is_(None),
    exists().where(_session.c.account_id == _who, _session.c.id == _which),
)
"""A condition on the parameters `account` and `session`: it is current, or None, as for a guest.

Statements that read what is somebody's own can include it, in place of a statement of its own.
"""

_CHECK = select(IS_CURRENT)
_IS_REGISTERED = select(exists().where(_sign_in.c.account_id == _who))


def is_current(session: Session, account: uuid.UUID, session_id: uuid.UUID) -> bool:
    """Return whether the session has not ended."""
    return bool(session.scalar(_CHECK, {"account": account, "session": session_id}))


def is_registered(session: Session, account: uuid.UUID) -> bool:
    """Return whether the account has credentials, so that no guest's cookie may name it."""
    return bool(session.scalar(_IS_REGISTERED, {"account": account}))


def start(
    session: Session,
    account: uuid.UUID,
    device: Device,
    now: datetime,
    confirmed_by: ConfirmedBy | None,
) -> uuid.UUID:
    """Start a session, and return its random id.

    Sessions whose cookies have expired are deleted, and the oldest of too many.
    """
    new = new_id()
    newest = (
        select(_session.c.id)
        .where(_session.c.account_id == account)
        .order_by(_session.c.last_used_on.desc(), _session.c.created_at.desc(), _session.c.id)
        .limit(MAX_SESSIONS - 1)
    )
    session.execute(
        delete(_session).where(
            _session.c.account_id == account,
            or_(
                _session.c.last_used_on < (now - COOKIE_LIFETIME).date(),
                _session.c.id.not_in(newest),
            ),
        )
    )
    session.execute(
        insert(_session).values(
            account_id=account,
            id=new,
            created_at=now,
            last_used_on=now.date(),
            browser=device.browser,
            system=device.system,
            confirmed_at=None if confirmed_by is None else now,
            confirmed_by_passkey=confirmed_by is ConfirmedBy.PASSKEY,
        )
    )
    return new


def renew(session: Session, account: uuid.UUID, session_id: uuid.UUID, new: uuid.UUID) -> None:
    """Give a session a new id, so that the cookies of before are void.

    Raises SessionEndedError if there is no such session.
    """
    renewed: Any = session.execute(
        update(_session)
        .where(_session.c.account_id == account, _session.c.id == session_id)
        .values(id=new)
    )
    if not renewed.rowcount:
        raise SessionEndedError


def new_id() -> uuid.UUID:
    """Return a random id for a session."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


def mark_used(session: Session, account: uuid.UUID, session_id: uuid.UUID, today: date) -> None:
    """Record that the session was used today."""
    session.execute(
        update(_session)
        .where(
            _session.c.account_id == account,
            _session.c.id == session_id,
            _session.c.last_used_on < today,
        )
        .values(last_used_on=today)
    )


def confirm(
    session: Session, account: uuid.UUID, session_id: uuid.UUID, now: datetime, by: ConfirmedBy
) -> None:
    """Record that the owner has just proved that it is them, if the session has not ended."""
    session.execute(
        update(_session)
        .where(_session.c.account_id == account, _session.c.id == session_id)
        .values(confirmed_at=now, confirmed_by_passkey=by is ConfirmedBy.PASSKEY)
    )


def confirmed_by(
    session: Session, account: uuid.UUID, session_id: uuid.UUID, now: datetime
) -> ConfirmedBy | None:
    """Return how the owner proved in the last minutes that it is them; None if they did not."""
    row = session.execute(
        select(_session.c.confirmed_at, _session.c.confirmed_by_passkey).where(
            _session.c.account_id == account, _session.c.id == session_id
        )
    ).first()
    if row is None or row[0] is None or not row[0] <= now < row[0] + CONFIRMED_FOR:
        return None
    return ConfirmedBy.PASSKEY if row[1] else ConfirmedBy.PASSPHRASE


def end(session: Session, account: uuid.UUID, session_id: uuid.UUID) -> bool:
    """End a session; return False if it has ended before."""
    ended: Any = session.execute(
        delete(_session).where(_session.c.account_id == account, _session.c.id == session_id)
    )
    return bool(ended.rowcount)


def end_all(session: Session, account: uuid.UUID, but: uuid.UUID | None = None) -> None:
    """End all sessions of the account, `but` one."""
    gone = delete(_session).where(_session.c.account_id == account)
    session.execute(gone if but is None else gone.where(_session.c.id != but))


def end_every_session(session: Session) -> None:
    """End all sessions of all accounts, as after a restore."""
    session.execute(delete(_session))
