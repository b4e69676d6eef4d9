"""Every write about being in a group. The view commits, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import Membership, Released
from learn.models.base import table_of

_spell = table_of(Membership)
_released = table_of(Released)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody shares with a group: the `nickname` that it reads, or none for totals only.

    `id` is the number that the spell gets, if one begins with it.
    """

    id: uuid.UUID
    nickname: str

    @property
    def how(self) -> str:
        """`named` or `totals`."""
        return "named" if self.nickname else "totals"


def join(  # noqa: PLR0913 - who, where, what, since when
    session: Session,
    account: uuid.UUID,
    group: uuid.UUID,
    choice: Choice,
    now: datetime,
    *,
    earlier: bool,
    is_persisted: bool,
) -> bool:
    """Begin to be in the group; make the account where it is not yet.

    With `earlier`, what the account answered before counts, too; not for somebody who was in the
    group before. False, and nothing changes, for somebody who is in it already.
    An account that `is_persisted` is not made again: raises AccountGoneError where it was
    deleted since.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    began = accounts.lock(session, account)
    if began is None:
        raise AccountGoneError
    of_group = (_spell.c.account_id == account) & (_spell.c.group_id == group)
    was_there = session.scalar(select(_spell.c.id).where(of_group).limit(1)) is not None
    shares_from = began if earlier and not was_there else now
    new = dialect_insert(session, _spell).values(_row(account, group, choice, shares_from, now))
    # Two tabs at once: there is one spell that has no end, and who comes second finds it.
    one = new.on_conflict_do_nothing(
        index_elements=["account_id", "group_id"], index_where=_spell.c.until.is_(None)
    )
    return session.scalar(one.returning(_spell.c.id)) is not None


def change(
    session: Session, account: uuid.UUID, group: uuid.UUID, choice: Choice, now: datetime
) -> bool:
    """Share something else with the group, from now on; False for whoever is not in it.

    The spell until now ends, and what was shared by it is in no view any more. Another nickname
    alone is written over the one before.
    """
    if accounts.lock(session, account) is None:
        return False
    own = _current(session, account, group)
    if own is None:
        return False
    this = (_spell.c.account_id == account) & (_spell.c.id == own.id)
    if own.how == choice.how:
        session.execute(update(_spell).where(this).values(nickname=choice.nickname))
        return True
    _end(session, account, group, own, now)
    session.execute(insert(_spell).values(_row(account, group, choice, now, now)))
    return True


def leave(session: Session, account: uuid.UUID, group: uuid.UUID, now: datetime) -> None:
    """Be in the group no more, at once; no harm for whoever is not in it."""
    if accounts.lock(session, account) is None:
        return
    own = _current(session, account, group)
    if own is not None:
        _end(session, account, group, own, now)


def _end(session: Session, account: uuid.UUID, group: uuid.UUID, own: Any, now: datetime) -> None:
    """End a spell; its answers are part of no block any more, and so the blocks are not whole."""
    session.execute(
        update(_spell)
        .where(_spell.c.account_id == account, _spell.c.id == own.id)
        .values(until=max(now, own.since))
    )
    session.execute(
        update(_released)
        .where(_released.c.account_id == account, _released.c.group_id == group)
        .values(block=None, block_size=None)
    )


def _current(session: Session, account: uuid.UUID, group: uuid.UUID) -> Any:
    """The spell that runs, held: one press of a button after the other."""
    return session.execute(
        select(_spell.c.id, _spell.c.how, _spell.c.since)
        .where(_spell.c.account_id == account, _spell.c.group_id == group, _spell.c.until.is_(None))
        .with_for_update()
    ).first()


def _row(
    account: uuid.UUID, group: uuid.UUID, choice: Choice, shares_from: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "account_id": account,
        "id": choice.id,
        "group_id": group,
        "how": choice.how,
        "nickname": choice.nickname,
        "shares_from": shares_from,
        "since": now,
        "until": None,
    }
