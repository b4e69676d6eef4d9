"""Writes about membership. The view commits, once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, insert, select, update
from sqlalchemy.orm import Session

from learn import accounts, anonymous_answers
from learn.accounts import AccountGoneError
from learn.database import dialect_insert
from learn.models import (
    DisclosedAnswer,
    GroupEducator,
    Membership,
    Removal,
    SharingMode,
    SharingTerms,
)
from learn.models.base import table_of

_membership = table_of(Membership)
_disclosed = table_of(DisclosedAnswer)


class LeadsGroupError(Exception):
    """The account leads the group, so it can't be a member."""


class RemovedError(Exception):
    """An educator removed the account from the group, and hasn't let it join again."""


@dataclass(frozen=True, slots=True)
class SharingChoice:
    """What a member shares with a group: by `nickname`, or in totals only if it is empty.

    `id` is the primary key of the membership period that the choice may start.
    """

    id: uuid.UUID
    nickname: str

    @property
    def sharing(self) -> str:
        """`named` or `totals`."""
        return SharingMode.NAMED if self.nickname else SharingMode.TOTALS


def join(  # noqa: PLR0913 - who, where, what, since when
    session: Session,
    account: uuid.UUID,
    group: uuid.UUID,
    choice: SharingChoice,
    now: datetime,
    *,
    earlier: bool,
    is_persisted: bool,
) -> bool:
    """Add the account to the group; create the account if it has no row yet.

    With `earlier`, answers given before now are shared too, unless the account was a member before.
    Returns False, and changes nothing, if the account is already a member. Raises AccountGoneError
    if it `is_persisted` but has no row any more, LeadsGroupError, and RemovedError.
    """
    if not is_persisted:
        accounts.create_if_absent(session, account, now)
    began = accounts.lock(session, account)
    if began is None:
        raise AccountGoneError
    leads = exists().where(GroupEducator.account_id == account, GroupEducator.group_id == group)
    of_group = (_membership.c.account_id == account) & (_membership.c.group_id == group)
    removed = exists().where(of_group, _membership.c.removal == Removal.REMOVED)
    was_member, is_educator, was_removed = session.execute(
        select(exists().where(of_group), leads, removed)
    ).one()
    if is_educator:
        raise LeadsGroupError
    if was_removed:
        raise RemovedError
    shares_from = began if earlier and not was_member else now
    new = dialect_insert(session, _membership).values(
        _values(account, group, choice, shares_from, now)
    )
    # A concurrent request may have inserted the current membership: this insert then does nothing.
    statement = new.on_conflict_do_nothing(
        index_elements=["account_id", "group_id"], index_where=_membership.c.until.is_(None)
    )
    return session.scalar(statement.returning(_membership.c.id)) is not None


def change(
    session: Session, account: uuid.UUID, group: uuid.UUID, choice: SharingChoice, now: datetime
) -> bool:
    """Change what the account shares from now on; return False if it is not a member.

    Switching between `named` and `totals` ends the current period and starts another, so nothing
    shared before stays visible. A new nickname alone updates the current period, and leaves its
    terms as they are: the member has only corrected a name.
    """
    accounts.hold_groups(session, account)
    if accounts.lock(session, account) is None:
        return False
    membership = _current_membership(session, account, group)
    if membership is None:
        return False
    this = (_membership.c.account_id == account) & (_membership.c.id == membership.id)
    if membership.sharing == choice.sharing:
        renamed = {"rename_asked_at": None} if choice.nickname != membership.nickname else {}
        session.execute(update(_membership).where(this).values(nickname=choice.nickname, **renamed))
        return True
    _end_membership(session, account, group, membership, now)
    session.execute(insert(_membership).values(_values(account, group, choice, now, now)))
    return True


def decide_terms(
    session: Session, account: uuid.UUID, group: uuid.UUID, terms: SharingTerms
) -> bool:
    """Record which terms a member who shares by name accepts; return False if there is none.

    Accepted terms stay accepted: to show less, a member changes what is shared, or leaves.
    """
    if accounts.lock(session, account) is None:
        return False
    statement = (
        update(_membership)
        .where(
            _membership.c.account_id == account,
            _membership.c.group_id == group,
            _membership.c.until.is_(None),
            _membership.c.sharing == SharingMode.NAMED,
            _membership.c.terms != SharingTerms.LATEST,
        )
        .values(terms=terms)
    )
    return session.scalar(statement.returning(_membership.c.id)) is not None


def leave(session: Session, account: uuid.UUID, group: uuid.UUID, now: datetime) -> None:
    """End the account's membership. Does nothing if it is not a member."""
    accounts.hold_groups(session, account)
    if accounts.lock(session, account) is None:
        return
    membership = _current_membership(session, account, group)
    if membership is not None:
        _end_membership(session, account, group, membership, now)


def remove(session: Session, group: uuid.UUID, membership: uuid.UUID, now: datetime) -> bool:
    """End the membership of a member who shares by name, as an educator asks.

    It is as if the member had left, but the group's code doesn't work for them again. Returns False
    if the member shares by name no more. What they have begun, they finish for themselves.
    """
    account = session.scalar(select(_membership.c.account_id).where(_is_named(group, membership)))
    if account is None:
        return False
    accounts.hold_groups(session, account)
    accounts.lock(session, account)
    current = _current_membership(session, account, group)
    if current is None or current.id != membership:
        return False
    _end_membership(session, account, group, current, now)
    session.execute(
        update(_membership)
        .where(_membership.c.account_id == account, _membership.c.id == membership)
        .values(removal=Removal.REMOVED, rename_asked_at=None)
    )
    return True


def allow_again(session: Session, group: uuid.UUID, membership: uuid.UUID) -> None:
    """Let whose membership was removed join again. Does nothing if it wasn't."""
    removed = select(_membership.c.account_id).where(
        _membership.c.group_id == group,
        _membership.c.id == membership,
        _membership.c.removal == Removal.REMOVED,
    )
    session.execute(
        update(_membership)
        .where(
            _membership.c.group_id == group,
            _membership.c.account_id.in_(removed.scalar_subquery()),
            _membership.c.removal == Removal.REMOVED,
        )
        .values(removal=Removal.ALLOWED)
    )


def ask_for_nickname(
    session: Session, group: uuid.UUID, membership: uuid.UUID, now: datetime
) -> bool:
    """Ask a member who shares by name for another nickname; return False if they do no more.

    Asking again changes nothing.
    """
    session.execute(
        update(_membership)
        .where(_is_named(group, membership), _membership.c.rename_asked_at.is_(None))
        .values(rename_asked_at=now)
    )
    named = select(exists().where(_is_named(group, membership)))
    return bool(session.scalar(named))


def _is_named(group: uuid.UUID, membership: uuid.UUID) -> ColumnElement[bool]:
    """Whether it is the current membership of somebody who shares by name with the group."""
    return and_(
        _membership.c.group_id == group,
        _membership.c.id == membership,
        _membership.c.until.is_(None),
        _membership.c.sharing == SharingMode.NAMED,
    )


def _end_membership(
    session: Session, account: uuid.UUID, group: uuid.UUID, membership: Any, now: datetime
) -> None:
    """End a membership period and take its answers out of their blocks.

    What the account has begun in totals stays anonymous, whatever it shares next.
    """
    session.execute(
        update(_membership)
        .where(_membership.c.account_id == account, _membership.c.id == membership.id)
        .values(until=max(now, membership.since))
    )
    session.execute(
        update(_disclosed)
        .where(_disclosed.c.account_id == account, _disclosed.c.group_id == group)
        .values(block=None, block_size=None)
    )
    if membership.sharing == SharingMode.TOTALS:
        anonymous_answers.mark_open_questions(session, account, group, now)


def _current_membership(session: Session, account: uuid.UUID, group: uuid.UUID) -> Any:
    """Return the current membership period, locked so that concurrent requests take turns."""
    return session.execute(
        select(
            _membership.c.id,
            _membership.c.sharing,
            _membership.c.since,
            _membership.c.nickname,
        )
        .where(
            _membership.c.account_id == account,
            _membership.c.group_id == group,
            _membership.c.until.is_(None),
        )
        .with_for_update()
    ).first()


def _values(
    account: uuid.UUID,
    group: uuid.UUID,
    choice: SharingChoice,
    shares_from: datetime,
    now: datetime,
) -> dict[str, Any]:
    return {
        "account_id": account,
        "id": choice.id,
        "group_id": group,
        "sharing": choice.sharing,
        "nickname": choice.nickname,
        "shares_from": shares_from,
        "since": now,
        "until": None,
        "terms": SharingTerms.LATEST,
        "removal": Removal.NONE,
        "rename_asked_at": None,
    }
