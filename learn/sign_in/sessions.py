"""Start, renew, confirm, and end the sessions of an account."""

from __future__ import annotations

import uuid

from flask import request
from sqlalchemy.orm import Session

from learn import access, accounts, devices, session_renewal, sign_in_sessions
from learn.access import Learner
from learn.accounts import AccountGoneError
from learn.devices import Device
from learn.sign_in.verified_account import VerifiedAccount, is_still_verified
from learn.sign_in_sessions import SessionEndedError


def start_session(
    session: Session, who: Learner, verified: VerifiedAccount, session_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Start a session of the account, whose row is locked, and end the one that this browser has.

    Raises AccountGoneError if the passphrase is another one by now, or the passkey removed.
    """
    if not is_still_verified(session, verified):
        raise AccountGoneError
    if who.account is not None and who.session not in {None, sign_in_sessions.EARLIER}:
        sign_in_sessions.end(session, who.account, who.session)
    now = access.now()
    new = sign_in_sessions.start(session, verified.account, _device(), now, verified.confirmed_by)
    if session_id is None:
        return new
    sign_in_sessions.renew(session, verified.account, new, session_id)
    return session_id


def renew_session(session: Session, who: Learner) -> uuid.UUID:
    """Return another id for this browser's session, of an account whose row is locked.

    So a copy of this browser's cookie is signed out; the same form sent twice gives the same id. A
    session that it shares with others, from before there were sessions, ends for all of them. After
    the transaction, store the id in the cookie. Raises SessionEndedError.
    """
    account, current = _own_session(who)
    own = session_renewal.new_id(account, current)
    if current != sign_in_sessions.EARLIER:
        sign_in_sessions.renew(session, account, current, own)
    elif sign_in_sessions.end(session, account, current):
        new = sign_in_sessions.start(session, account, _device(), access.now(), None)
        sign_in_sessions.renew(session, account, new, own)
    else:
        raise SessionEndedError
    return own


def end_other_sessions(session: Session, who: Learner) -> uuid.UUID:
    """End all sessions but this browser's, and return another id for it, as `renew_session`."""
    account, current = _own_session(who)
    accounts.lock(session, account)
    sign_in_sessions.end_all(session, account, current)
    return renew_session(session, who)


def confirm_session(session: Session, who: Learner, verified: VerifiedAccount) -> uuid.UUID | None:
    """Record that the signed-in visitor has just confirmed their identity; return another id.

    It is for this browser alone: no copy of its cookie is confirmed with it, and no other browser
    that shares a session from before there were sessions. After the transaction, store the id in
    the cookie.

    Returns None, and changes nothing, if the passphrase changed or the passkey was removed
    meanwhile. Raises SessionEndedError.
    """
    account, current = _own_session(who)
    accounts.lock(session, account)
    if not sign_in_sessions.is_current(session, account, current):
        raise SessionEndedError
    if not is_still_verified(session, verified):
        return None
    now, by = access.now(), verified.confirmed_by
    if current == sign_in_sessions.EARLIER:
        return sign_in_sessions.start(session, account, _device(), now, by)
    own = session_renewal.new_id(account, current)
    sign_in_sessions.renew(session, account, current, own)
    sign_in_sessions.confirm(session, account, own, now, by)
    return own


def _own_session(who: Learner) -> tuple[uuid.UUID, uuid.UUID]:
    if who.account is None or who.session is None:
        raise AssertionError("nobody is signed in")
    return who.account, who.session


def _device() -> Device:
    return devices.device(request.headers.get("User-Agent", ""))
