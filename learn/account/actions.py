"""Every write about the way into an account. The view commits, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learn import accounts
from learn.account import queries
from learn.account.queries import WayIn
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import SignIn
from learn.models.base import table_of

_sign_in = table_of(SignIn)


@dataclass(frozen=True, slots=True)
class NotKept:
    """Why an account was not kept: it is kept already, or the nickname is taken.

    With neither, the recovery code belongs to somebody: another has to be made.
    """

    is_kept: bool
    is_taken: bool


def keep(session: Session, way: WayIn, *, is_persisted: bool) -> NotKept | None:
    """Make a guest's account a kept one; somebody who has answered nothing gets its row, too.

    Return None on success. Raises AccountGoneError if an `is_persisted` account was deleted.
    """
    if not is_persisted:
        accounts.create_if_absent(session, way.account, way.kept_since)
    values = {
        "account_id": way.account,
        "nickname": way.nickname,
        "nickname_key": way.key,
        "passphrase": way.passphrase,
        "recovery": way.recovery,
        "kept_since": way.kept_since,
    }
    insert = dialect_insert(session, _sign_in).values(values).on_conflict_do_nothing()
    try:
        done = session.execute(insert.returning(_sign_in.c.account_id)).first()
    except IntegrityError as error:  # the only key that can be amiss is the account's
        raise AccountGoneError from error
    if done:
        return None
    is_kept = queries.of_account(session, way.account) is not None
    return NotKept(is_kept, not is_kept and bool(queries.taken(session, [way.key])))


def change_passphrase(session: Session, way: WayIn, passphrase: str) -> bool:
    """Put another hash in the place of the one in `way`; False if that has changed meanwhile."""
    return _change(session, way, passphrase=passphrase)


def change_recovery(session: Session, way: WayIn, recovery: str) -> bool:
    """A new recovery code; the one in `way` is dead. False if that has changed meanwhile."""
    return _change(session, way, recovery=recovery)


def recover(session: Session, way: WayIn, passphrase: str, recovery: str) -> bool:
    """A new passphrase and a new code for whoever had the code in `way`; it works once."""
    return _change(session, way, passphrase=passphrase, recovery=recovery)


def change_nickname(session: Session, account: uuid.UUID, nickname: str, key: str) -> bool:
    """Another nickname; False if it is taken."""
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


def _change(session: Session, way: WayIn, **values: str) -> bool:
    """Only while both hashes are those that were looked at: two changes at once are one."""
    done: Any = session.execute(
        update(_sign_in)
        .where(
            _sign_in.c.account_id == way.account,
            _sign_in.c.passphrase == way.passphrase,
            _sign_in.c.recovery == way.recovery,
        )
        .values(**values)
    )
    return bool(done.rowcount)
