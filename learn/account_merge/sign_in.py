"""Sign a visitor in to an account, however they proved that it is theirs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn import access, accounts, devices, extensions, renewals, sign_in_sessions
from learn.access import Learner
from learn.account_merge import actions, queries
from learn.account_merge.queries import GuestWork
from learn.accounts import AccountGoneError
from learn.devices import Device
from learn.models import Passkey, SignIn
from learn.sign_in_sessions import ConfirmedBy, SessionEndedError

_ATTEMPTS = 9

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ProvenAccount:
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


@dataclass(frozen=True, slots=True)
class HowToSignIn:
    """What the visitor chose, and what goes with the sign-in.

    Permanently if they `stay`, else for this browser session. With `merge`, the visitor has said
    that this device's guest is them, and the guest's work is merged into the account. Without, a
    guest who has any is stashed until the account is signed out of. No cookie says so for them:
    somebody else may have put it there.
    `first` is called in the transaction, before the session starts. The session gets `session_id`,
    or else a random id.
    """

    stay: bool
    merge: bool = False
    first: Callable[[Session], object] | None = None
    session_id: uuid.UUID | None = None


def work_on_device(who: Learner) -> GuestWork | None:
    """Return what the device's guest would bring into an account, for the visitor to say whose."""
    if who.account is None or who.nickname:
        return None
    return queries.guest_work(extensions.read_session(), who.account)


def complete_sign_in(who: Learner, proven: ProvenAccount, how: HowToSignIn) -> bool:
    """Sign the visitor in. Call it after your own transaction, not inside.

    Returns False, and changes nothing, if the account was deleted, the passphrase changed, or the
    passkey removed meanwhile.
    """
    account, guest = proven.account, _guest_beside(who, proven)

    def start(session: Session) -> tuple[uuid.UUID, bool]:
        if guest is not None:
            actions.merge_guest(session, guest, account, access.now(), takes_rows=how.merge)
        elif accounts.lock(session, account) is None:
            raise AccountGoneError
        if how.first is not None:
            how.first(session)
        is_apart = _is_apart(session, guest, how)
        return start_session(session, who, proven, how.session_id), is_apart

    if guest is not None and how.merge:
        extensions.count_first()
    try:
        session_id, is_apart = retry_merge(start)
    except AccountGoneError:
        return False
    _set_cookies(who, proven, session_id, how, is_apart=is_apart)
    return True


def repeat_sign_in(who: Learner, proven: ProvenAccount, how: HowToSignIn) -> bool:
    """Sign the visitor in to the session that this very form has started, if it did; else False.

    Then the form was sent twice. It writes nothing.
    """
    extensions.close_read_session()
    reader = extensions.read_session()
    made = how.session_id
    if made is None or not sign_in_sessions.is_current(reader, proven.account, made):
        return False
    is_apart = _is_apart(reader, _guest_beside(who, proven), how)
    _set_cookies(who, proven, made, how, is_apart=is_apart)
    return True


def _is_apart(session: Session, guest: uuid.UUID | None, how: HowToSignIn) -> bool:
    """Return whether the device has a guest who isn't the person that signs in, for all we know."""
    return guest is not None and not how.merge and accounts.exists(session, guest)


def _set_cookies(
    who: Learner,
    proven: ProvenAccount,
    session_id: uuid.UUID,
    how: HowToSignIn,
    *,
    is_apart: bool,
) -> None:
    if is_apart:
        access.stash_guest(who)
    same_person = not is_apart and not who.nickname
    access.sign_in(
        proven.account, proven.nickname, session_id, stay=how.stay, same_person=same_person
    )


def _guest_beside(who: Learner, proven: ProvenAccount) -> uuid.UUID | None:
    return who.account if who.account != proven.account and not who.nickname else None


def start_session(
    session: Session, who: Learner, proven: ProvenAccount, session_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Start a session of the account, whose row is locked, and end the one that this browser has.

    Raises AccountGoneError if the passphrase is another one by now, or the passkey removed.
    """
    if not _is_still_proven(session, proven):
        raise AccountGoneError
    if who.account is not None and who.session not in {None, sign_in_sessions.EARLIER}:
        sign_in_sessions.end(session, who.account, who.session)
    now = access.now()
    new = sign_in_sessions.start(session, proven.account, _device(), now, proven.confirmed_by)
    if session_id is None:
        return new
    sign_in_sessions.renew(session, proven.account, new, session_id)
    return session_id


def renew_session(session: Session, who: Learner) -> uuid.UUID:
    """Return another id for this browser's session, of an account whose row is locked.

    So a copy of this browser's cookie is signed out; the same form sent twice gives the same id. A
    session that it shares with others, from before there were sessions, ends for all of them. After
    the transaction, store the id in the cookie. Raises SessionEndedError.
    """
    account, current = _own_session(who)
    own = renewals.new_id(account, current)
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


def confirm_session(session: Session, who: Learner, proven: ProvenAccount) -> uuid.UUID | None:
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
    if not _is_still_proven(session, proven):
        return None
    now, by = access.now(), proven.confirmed_by
    if current == sign_in_sessions.EARLIER:
        return sign_in_sessions.start(session, account, _device(), now, by)
    own = renewals.new_id(account, current)
    sign_in_sessions.renew(session, account, current, own)
    sign_in_sessions.confirm(session, account, own, now, by)
    return own


def _own_session(who: Learner) -> tuple[uuid.UUID, uuid.UUID]:
    if who.account is None or who.session is None:
        raise AssertionError("nobody is signed in")
    return who.account, who.session


def _is_still_proven(session: Session, proven: ProvenAccount) -> bool:
    """Return whether the account still has the passphrase or the passkey; lock its row before."""
    if proven.passphrase_hash:
        stored = select(SignIn.passphrase).where(SignIn.account_id == proven.account)
        return session.scalar(stored) == proven.passphrase_hash
    passkey = select(Passkey.id).where(
        Passkey.account_id == proven.account, Passkey.credential == proven.credential
    )
    return session.scalar(passkey) is not None


def _device() -> Device:
    return devices.device(request.headers.get("User-Agent", ""))


def retry_merge(write: Callable[[Session], Result]) -> Result:
    """Run `write` in a transaction, again after a conflict with an answer that came in meanwhile.

    Raises learn.account_merge.actions.MergeConflictError after too many.
    """
    for left in reversed(range(_ATTEMPTS)):
        try:
            return extensions.run_write(write)
        except actions.MergeConflictError:
            if not left:
                raise
    raise AssertionError("unreachable")
