"""The visitor: who the session cookie says they are, and every change of that."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uuid_utils.compat
from flask import g, session
from sqlalchemy.exc import OperationalError

from learn import extensions, guest_cookie, sign_in_sessions
from learn import session_cookie as cookie
from learn.sign_in_sessions import ConfirmedBy

_VISIT_HOURS = 12
"""Hours after which an unused visit on a shared device ends: others use it, and a browser that
opens the last pages again, or a copy, still has its cookie."""


@dataclass(frozen=True, slots=True)
class Learner:
    """The visitor that the session cookie identifies.

    `account` is None for a new visitor. `is_persisted` says that the account has a row in the
    database. `nickname` is empty and `session` None for a guest.
    """

    account: uuid.UUID | None
    is_persisted: bool = False
    nickname: str = ""
    session: uuid.UUID | None = None


def current_learner() -> Learner:
    """Return the visitor; a new one where the cookie is missing or malformed."""
    if cookie.ACCOUNT_KEY not in session and guest_cookie.is_set():
        _restore_guest()
    nickname = session.get(cookie.NICKNAME_KEY) or ""
    raw: Any = session.get(cookie.ACCOUNT_KEY)
    try:
        account = uuid.UUID(hex=raw)
        session_id = _session_id() if nickname else None
    except (ValueError, TypeError, AttributeError):
        return Learner(None)
    return Learner(account, bool(session.get(cookie.PERSISTED_ON_KEY)), nickname, session_id)


def _session_id() -> uuid.UUID:
    """Return the session's id in the cookie, or one that has ended. Raises ValueError."""
    raw = session.get(cookie.SESSION_ID_KEY)
    if cookie.VISIT_KEY in session and not _continues_visit():
        return sign_in_sessions.EXPIRED
    return sign_in_sessions.EARLIER if raw is None else uuid.UUID(hex=raw)


def _continues_visit() -> bool:
    """Return whether the visit on a shared device was used in the last hours; note that it is.

    The cookie tells, which is signed, so it takes no statement. It is set once in an hour.
    """
    last, hour = session[cookie.VISIT_KEY], _hour()
    if last is True:  # of an earlier version: only the day is known
        last = hour if session.get(cookie.PERSISTED_ON_KEY, 0) >= now().toordinal() - 1 else 0
    if hour - last > _VISIT_HOURS:
        return False
    if session[cookie.VISIT_KEY] != hour:
        session[cookie.VISIT_KEY] = hour
    return True


def _hour() -> int:
    return int(now().timestamp() // 3600)


def ensure_guest(who: Learner) -> Learner:
    """Give a new visitor an account id, which so far only the cookie holds."""
    if who.account is not None:
        return who
    account = uuid_utils.compat.uuid7()
    for key in (cookie.NICKNAME_KEY, cookie.PERSISTED_ON_KEY):  # of a malformed cookie
        session.pop(key, None)
    session[cookie.ACCOUNT_KEY] = account.hex
    session[cookie.SESSION_ID_KEY] = ""
    session.permanent = True
    return Learner(account)


def new_guest() -> Learner:
    """Clear the cookie of a deleted account, and continue as a new guest."""
    sign_out()
    return ensure_guest(Learner(None))


def refresh_cookie() -> None:
    """Extend the cookie's life, and record in it that the account has a row.

    At most once a day: signing the cookie takes an eighth of the time of an answer. A session is
    recorded as used today, too. Call it outside a transaction.
    """
    today = now().date()
    if session.get(cookie.PERSISTED_ON_KEY) == today.toordinal():
        return
    who = current_learner()
    if who.account is not None and who.session is not None:
        with extensions.transaction() as writing:
            sign_in_sessions.mark_used(writing, who.account, who.session, today)
    session[cookie.PERSISTED_ON_KEY] = today.toordinal()
    session.permanent = cookie.VISIT_KEY not in session


def sign_in(
    account: uuid.UUID,
    nickname: str,
    session_id: uuid.UUID,
    *,
    stay: bool,
    same_person: bool = False,
) -> None:
    """Sign the visitor in to `account`: permanently if they `stay`, else until the browser closes.

    With `same_person`, forms that are open from before signing in stay valid.
    """
    token = session.get(cookie.CSRF_TOKEN_KEY) if same_person else None
    session.clear()
    session[cookie.ACCOUNT_KEY] = account.hex
    session[cookie.SESSION_ID_KEY] = session_id.hex
    session[cookie.PERSISTED_ON_KEY] = now().toordinal()
    session[cookie.NICKNAME_KEY] = nickname
    session[cookie.CARE_NUMBERS_KEY] = cookie.HAS_CARE_NUMBERS  # perhaps: the next page looks
    session[cookie.SAVED_QUESTIONS_KEY] = cookie.MAY_HAVE_SAVED
    session.permanent = stay
    if not stay:
        session[cookie.VISIT_KEY] = _hour()
    if token:
        session[cookie.EARLIER_CSRF_TOKEN_KEY] = token


def stash_guest(who: Learner) -> None:
    """Keep this device's guest in a second cookie while another account is signed in.

    The guest is restored on the first request after signing out or closing the browser.
    """
    if who.account is None or who.nickname:
        return
    guest_cookie.store(who.account, is_persisted=who.is_persisted)


def _restore_guest() -> None:
    """Move the guest from the second cookie back to the session."""
    account, is_persisted = guest_cookie.pop()
    if account:
        session[cookie.ACCOUNT_KEY] = account
        session[cookie.CARE_NUMBERS_KEY] = cookie.HAS_CARE_NUMBERS  # or not: looked up when needed
        session[cookie.SAVED_QUESTIONS_KEY] = cookie.MAY_HAVE_SAVED
        if is_persisted:
            session[cookie.PERSISTED_ON_KEY] = now().toordinal()
        session.permanent = True


def note_leads(*, leads: bool) -> None:
    """Note in the cookie whether the signed-in visitor is an educator, for the header."""
    if leads and cookie.EDUCATOR_KEY not in session:
        session[cookie.EDUCATOR_KEY] = 1
    elif not leads:
        session.pop(cookie.EDUCATOR_KEY, None)


def leads_groups() -> bool:
    """Return whether the cookie says that the visitor is an educator, without a statement.

    Only the header goes by it: a link that leads nowhere else.
    """
    if cookie.EDUCATOR_KEY not in session:
        return False
    return current_learner().session not in {None, sign_in_sessions.EXPIRED}


def set_nickname(nickname: str) -> None:
    """Update the signed-in visitor's nickname in the session cookie."""
    session[cookie.NICKNAME_KEY] = nickname


def set_session(session_id: uuid.UUID) -> None:
    """Change the session's id in the cookie."""
    session[cookie.SESSION_ID_KEY] = session_id.hex


def sign_out() -> None:
    """Clear the session cookie. A stashed guest is restored on the next request."""
    session.clear()


def has_current_session(who: Learner) -> bool:
    """Return whether the visitor's session has not ended, in at most one statement.

    A guest has none. But a guest's cookie from before there were sessions may name an account that
    was registered since: it is checked once.
    """
    if who.account is None or (who.session is None and cookie.SESSION_ID_KEY in session):
        return True
    database = extensions.read_session()
    if who.session is not None:
        return sign_in_sessions.is_current(database, who.account, who.session)
    if sign_in_sessions.is_registered(database, who.account):
        return False
    session[cookie.SESSION_ID_KEY] = ""
    return True


def confirmed_by(who: Learner) -> ConfirmedBy | None:
    """Return how the visitor proved in the last minutes that the account is theirs, if at all."""
    if who.account is None or who.session is None:
        return None
    reader = extensions.read_session()
    return sign_in_sessions.confirmed_by(reader, who.account, who.session, now())


def forget_session() -> None:
    """Clear the cookie of a session that has ended."""
    extensions.close_read_session()
    session.clear()


def renew_daily(who: Learner) -> None:
    """Once a day, renew a signed-in visitor's cookie and record the last use.

    A page that is only read is shown even if nothing can be written.
    """
    if who.session is not None:
        with contextlib.suppress(OperationalError):
            refresh_cookie()


def now() -> datetime:
    """Return the time of this request, the same all through it."""
    if "now" not in g:
        g.now = extensions.clock()
    moment: datetime = g.now
    return moment
