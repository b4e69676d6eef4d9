"""Every write to an account's credentials. The view commits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn import accounts
from learn.account import queries
from learn.account.queries import Credentials
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import SignIn
from learn.models.base import table_of

_sign_in = table_of(SignIn)


@dataclass(frozen=True, slots=True)
class RegistrationConflict:
    """Why a registration failed: the account is registered, or the nickname is taken.

    If neither is true, the recovery code collided with another account's: make a new one.
    """

    is_registered: bool
    is_nickname_taken: bool


def register(
    session: Session, credentials: Credentials, *, is_persisted: bool
) -> RegistrationConflict | None:
    """Give a guest's account its credentials, and create its row if there is none.

    Returns None on success. Raises AccountGoneError if an `is_persisted` account was deleted.
    """
    if not is_persisted:
        accounts.create_if_absent(session, credentials.account, credentials.registered_at)
    values = {
        "account_id": credentials.account,
        "nickname": credentials.nickname,
        "nickname_key": credentials.nickname_key,
        "passphrase": credentials.passphrase_hash,
        "recovery": credentials.recovery_digest,
        "kept_since": credentials.registered_at,
    }
    insert = dialect_insert(session, _sign_in).values(values).on_conflict_do_nothing()
    try:
        done = session.execute(insert.returning(_sign_in.c.account_id)).first()
    except IntegrityError as error:  # the foreign key to the account
        raise AccountGoneError from error
    if done:
        return None
    is_registered = queries.find_by_account(session, credentials.account) is not None
    return RegistrationConflict(
        is_registered,
        not is_registered and bool(queries.taken_keys(session, [credentials.nickname_key])),
    )


def change_passphrase(session: Session, credentials: Credentials, new_hash: str) -> bool:
    """Replace the passphrase hash; return False if the credentials have changed meanwhile."""
    return _replace(session, credentials, passphrase=new_hash)


def change_recovery_code(session: Session, credentials: Credentials, new_digest: str) -> bool:
    """Replace the recovery code; return False if the credentials have changed meanwhile."""
    return _replace(session, credentials, recovery=new_digest)


def recover(session: Session, credentials: Credentials, new_hash: str, new_digest: str) -> bool:
    """Replace the passphrase and the recovery code, so that a code works once.

    Returns False if the credentials have changed meanwhile.
    """
    return _replace(session, credentials, passphrase=new_hash, recovery=new_digest)


def change_nickname(session: Session, account: uuid.UUID, nickname: str, key: str) -> bool:
    """Change the nickname; return False if it is taken."""
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


def _replace(session: Session, credentials: Credentials, **values: str) -> bool:
    """Update the row if both hashes are still those of `credentials`, so that one change wins."""
    done: Any = session.execute(
        update(_sign_in)
        .where(
            _sign_in.c.account_id == credentials.account,
            _sign_in.c.passphrase == credentials.passphrase_hash,
            _sign_in.c.recovery == credentials.recovery_digest,
        )
        .values(**values)
    )
    return bool(done.rowcount)
