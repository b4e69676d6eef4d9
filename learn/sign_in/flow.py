"""Sign a visitor in to an account, and merge or stash the guest of this device."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from learn import access, accounts, extensions, sign_in_sessions
from learn.access import Learner
from learn.account_merge import actions, queries
from learn.account_merge.queries import GuestWork
from learn.accounts import AccountGoneError
from learn.sign_in.sessions import start_session
from learn.sign_in.verified_account import VerifiedAccount

_ATTEMPTS = 9

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SignInOptions:
    """How to sign in.

    `stay` makes the cookie permanent; else it ends with the browser session. `merge` moves the work
    of this device's guest to the account; else a guest who has any is stashed until the account is
    signed out of. The visitor chooses `merge` in the form, never a cookie: somebody else may have
    set it.
    `before_session` is called in the transaction, before the session starts. The session gets
    `session_id`, or else a random id.
    """

    stay: bool
    merge: bool = False
    before_session: Callable[[Session], object] | None = None
    session_id: uuid.UUID | None = None


def work_on_device(who: Learner) -> GuestWork | None:
    """Return what the device's guest would bring into an account, for the visitor to say whose."""
    if who.account is None or who.nickname:
        return None
    return queries.guest_work(extensions.read_session(), who.account)


def complete_sign_in(who: Learner, verified: VerifiedAccount, options: SignInOptions) -> bool:
    """Sign the visitor in. Call it after your own transaction, not inside.

    Returns False, and changes nothing, if the account was deleted, the passphrase changed, or the
    passkey removed meanwhile.
    """
    account, guest = verified.account, _device_guest(who, verified)

    def start(session: Session) -> tuple[uuid.UUID, bool]:
        if guest is not None:
            actions.merge_guest(session, guest, account, access.now(), takes_rows=options.merge)
        elif accounts.lock(session, account) is None:
            raise AccountGoneError
        if options.before_session is not None:
            options.before_session(session)
        has_other_guest = _has_other_guest(session, guest, options)
        return start_session(session, who, verified, options.session_id), has_other_guest

    if guest is not None and options.merge:
        extensions.count_first()
    try:
        session_id, has_other_guest = retry_merge(start)
    except AccountGoneError:
        return False
    _set_cookies(who, verified, session_id, options, has_other_guest=has_other_guest)
    return True


def repeat_sign_in(who: Learner, verified: VerifiedAccount, options: SignInOptions) -> bool:
    """Sign the visitor in to the session that this very form has started, if it did; else False.

    Then the form was sent twice. It writes nothing.
    """
    extensions.close_read_session()
    reader = extensions.read_session()
    started = options.session_id
    if started is None or not sign_in_sessions.is_current(reader, verified.account, started):
        return False
    has_other_guest = _has_other_guest(reader, _device_guest(who, verified), options)
    _set_cookies(who, verified, started, options, has_other_guest=has_other_guest)
    return True


def _has_other_guest(session: Session, guest: uuid.UUID | None, options: SignInOptions) -> bool:
    """Return whether the device has a guest who may be another person than who signs in."""
    return guest is not None and not options.merge and accounts.exists(session, guest)


def _set_cookies(
    who: Learner,
    verified: VerifiedAccount,
    session_id: uuid.UUID,
    options: SignInOptions,
    *,
    has_other_guest: bool,
) -> None:
    if has_other_guest:
        access.stash_guest(who)
    same_person = not has_other_guest and not who.nickname
    access.sign_in(
        verified.account, verified.nickname, session_id, stay=options.stay, same_person=same_person
    )


def _device_guest(who: Learner, verified: VerifiedAccount) -> uuid.UUID | None:
    return who.account if who.account != verified.account and not who.nickname else None


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
