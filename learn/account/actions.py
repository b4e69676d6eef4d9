"""Every write to an account's credentials. The view commits."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn import accounts, nicknames, sign_in_sessions
from learn.account import queries
from learn.account.queries import Credentials
from learn.account_merge.actions import merge_guest
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import MergedGuest, Passkey, SignIn
from learn.models.base import table_of

_sign_in = table_of(SignIn)
_passkey = table_of(Passkey)


class RecoveryCodeTakenError(Exception):
    """The recovery code is another account's, so make a new one."""


class RegistrationConflictError(Exception):
    """The nickname is taken; or else the recovery code is another account's, so make a new one."""

    def __init__(self, *, is_nickname_taken: bool) -> None:
        super().__init__("nickname" if is_nickname_taken else "recovery code")
        self.is_nickname_taken = is_nickname_taken


def register(
    session: Session, credentials: Credentials, guest: uuid.UUID, *, is_persisted: bool
) -> None:
    """Create the account with its credentials, and move all rows of the guest to it.

    The account is another one than the guest, so that no copy of the guest's cookie opens it.

    Raises AccountGoneError if an `is_persisted` guest was deleted, or if the guest was merged
    before; RegistrationConflictError; or learn.account_merge.actions.MergeConflictError. Roll back
    for each.
    """
    if is_persisted and accounts.lock(session, guest) is None:
        raise AccountGoneError
    accounts.create_if_absent(session, credentials.account, credentials.registered_at)
    values = {
        "account_id": credentials.account,
        "nickname": credentials.nickname,
        "nickname_key": credentials.nickname_key,
        "passphrase": credentials.passphrase_hash,
        "recovery": credentials.recovery_digest,
        "kept_since": credentials.registered_at,
    }
    if _looks_taken(session, credentials.nickname):
        raise RegistrationConflictError(is_nickname_taken=True)
    insert = dialect_insert(session, _sign_in).values(values).on_conflict_do_nothing()
    if session.execute(insert.returning(_sign_in.c.account_id)).first() is None:
        taken = queries.taken_keys(session, [credentials.nickname_key])
        raise RegistrationConflictError(is_nickname_taken=bool(taken))
    merge_guest(session, guest, credentials.account, credentials.registered_at)
    owner = select(MergedGuest.account_id).where(MergedGuest.guest_id == guest)
    if session.scalar(owner) != credentials.account:
        raise AccountGoneError


def renew_hash(session: Session, credentials: Credentials, new_hash: str) -> bool:
    """Replace the hash by one of the same passphrase; return False if it has changed meanwhile."""
    return _replace(session, credentials, passphrase=new_hash)


def change_passphrase(
    session: Session, credentials: Credentials, new_hash: str, *, but: uuid.UUID
) -> bool:
    """Replace the passphrase hash, and end all sessions `but` one.

    Returns False, and changes nothing, if the credentials have changed meanwhile.
    """
    accounts.lock(session, credentials.account)
    if not _replace(session, credentials, passphrase=new_hash):
        return False
    sign_in_sessions.end_all(session, credentials.account, but)
    return True


def end_session(session: Session, account: uuid.UUID, session_id: uuid.UUID) -> None:
    """End one session, if it has not ended."""
    accounts.lock(session, account)
    sign_in_sessions.end(session, account, session_id)


def end_sessions(session: Session, account: uuid.UUID) -> None:
    """End all sessions."""
    accounts.lock(session, account)
    sign_in_sessions.end_all(session, account)


def change_recovery_code(session: Session, credentials: Credentials, new_digest: str) -> bool:
    """Replace the recovery code; return False if the credentials have changed meanwhile.

    Raises RecoveryCodeTakenError.
    """
    return _replace(session, credentials, recovery=new_digest)


def recover(
    session: Session, credentials: Credentials, new_hash: str, new_digest: str
) -> list[str] | None:
    """Replace the passphrase and the recovery code, so that a code works once.

    All sessions end, and all passkeys are removed: somebody else may have added one. Returns their
    names; None, and changes nothing, if the credentials have changed meanwhile. Raises
    RecoveryCodeTakenError.
    """
    accounts.lock(session, credentials.account)
    if not _replace(session, credentials, passphrase=new_hash, recovery=new_digest):
        return None
    sign_in_sessions.end_all(session, credentials.account)
    own = _passkey.c.account_id == credentials.account
    names = select(_passkey.c.name).where(own).order_by(_passkey.c.added_at, _passkey.c.id)
    removed = [*session.scalars(names)]
    session.execute(delete(_passkey).where(own))
    return removed


def change_nickname(session: Session, account: uuid.UUID, nickname: str, key: str) -> bool:
    """Change the nickname; return False if it is taken."""
    if _looks_taken(session, nickname, but=account):
        return False
    try:
        with session.begin_nested():
            session.execute(
                update(_sign_in)
                .where(_sign_in.c.account_id == account)
                .values(nickname=nickname, nickname_key=key)
            )
    except IntegrityError:
        return False
    return True


def _looks_taken(session: Session, nickname: str, but: uuid.UUID | None = None) -> bool:
    """Return whether somebody has a nickname that this one looks like in another way.

    For nicknames that look like one thing only, as most do, this takes no statement.
    """
    others = nicknames.other_skeletons(nickname)
    if not others:
        return False
    taken = exists().where(_sign_in.c.nickname_key.in_(others))
    if but:
        taken = taken.where(_sign_in.c.account_id != but)
    return bool(session.scalar(select(taken)))


def _replace(session: Session, credentials: Credentials, **values: str) -> bool:
    """Update the row if both hashes are still those of `credentials`, so that one change wins.

    Raises RecoveryCodeTakenError.
    """
    is_same = (
        (_sign_in.c.account_id == credentials.account)
        & (_sign_in.c.passphrase == credentials.passphrase_hash)
        & (_sign_in.c.recovery == credentials.recovery_digest)
    )
    try:
        with session.begin_nested():
            done: Any = session.execute(update(_sign_in).where(is_same).values(**values))
    except IntegrityError as error:
        raise RecoveryCodeTakenError from error
    return bool(done.rowcount)
