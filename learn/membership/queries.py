"""What a code leads to, which groups somebody is in, and who looked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from learn.models import Educator, Group, GroupEducator, Item, Membership, Viewing


@dataclass(frozen=True, slots=True)
class Open:
    """A group that a code lets people into, and the names of its educators."""

    id: uuid.UUID
    name: str
    educators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What somebody has to do with a group before they join it.

    `member` says that they are in it, `was_there` that they were; `leads` that they are one of
    its educators; `answered` that they gave answers.
    """

    member: bool = False
    was_there: bool = False
    leads: bool = False
    answered: bool = False

    @property
    def may_share_earlier(self) -> bool:
        """Whether there is something earlier that could be shared."""
        return self.answered and not self.was_there


@dataclass(frozen=True, slots=True)
class Look:
    """That an educator looked: `what` is `group`, `person` or `file`, so many times on a day."""

    day: date
    educator: str
    what: str
    times: int


@dataclass(frozen=True, slots=True)
class Mine:
    """A group that somebody is in, by the spell that runs; or was in, by the last one.

    `nickname` is empty for totals only. `until` is None while it runs.
    """

    group: uuid.UUID
    name: str
    nickname: str
    shares_from: datetime
    since: datetime
    until: datetime | None
    archived: bool
    educators: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def put_away(self) -> bool:
        """Whether nothing happens in it any more."""
        return self.archived or not self.educators


def of_code(session: Session, code: str) -> Open | None:
    """The group that the code lets people into; None if it lets nobody in."""
    rows = session.execute(
        select(Group.id, Group.name, Educator.name)
        .join(GroupEducator, GroupEducator.group_id == Group.id)
        .join(Educator, Educator.account_id == GroupEducator.account_id)
        .where(Group.code == code, Group.archived_at.is_(None), Educator.removed_at.is_(None))
        .order_by(Educator.name, Educator.account_id)
    ).all()
    return Open(rows[0][0], rows[0][1], tuple(row[2] for row in rows)) if rows else None


def before(session: Session, account: uuid.UUID, group: uuid.UUID) -> Before:
    """What the account has to do with the group, in one statement."""
    spell = exists().where(Membership.account_id == account, Membership.group_id == group)
    row = session.execute(
        select(
            spell.where(Membership.until.is_(None)),
            spell,
            exists().where(
                GroupEducator.account_id == account,
                GroupEducator.group_id == group,
                Educator.account_id == GroupEducator.account_id,
                Educator.removed_at.is_(None),
            ),
            exists().where(Item.account_id == account, Item.answered_at.is_not(None)),
        )
    ).one()
    return Before(*(bool(value) for value in row))


def was_ever(session: Session, account: uuid.UUID, group: uuid.UUID) -> bool:
    """Whether the account is or was in the group."""
    found = exists().where(Membership.account_id == account, Membership.group_id == group)
    return bool(session.scalar(select(found)))


def current(session: Session, account: uuid.UUID) -> list[Mine]:
    """The groups that the account is in, by name."""
    return _mine(session, account, Membership.until.is_(None))


def one(session: Session, account: uuid.UUID, group: uuid.UUID) -> Mine | None:
    """A group that the account is in; None if it is in no such group."""
    here = Membership.until.is_(None) & (Membership.group_id == group)
    return next(iter(_mine(session, account, here)), None)


def past(session: Session, account: uuid.UUID) -> list[Mine]:
    """The groups that the account was in and is in no more, by name; of each, the last spell."""
    other = Membership.__table__.alias()
    later = exists().where(
        other.c.account_id == account,
        other.c.group_id == Membership.group_id,
        other.c.until.is_(None)
        | (other.c.until > Membership.until)
        | ((other.c.until == Membership.until) & (other.c.id > Membership.id)),
    )
    return _mine(session, account, Membership.until.is_not(None) & ~later)


def count_past(session: Session, account: uuid.UUID) -> int:
    """How many groups the account was in and is not in any more."""
    running = select(Membership.group_id).where(
        Membership.account_id == account, Membership.until.is_(None)
    )
    found = select(func.count(Membership.group_id.distinct())).where(
        Membership.account_id == account, Membership.group_id.not_in(running)
    )
    return session.scalar(found) or 0


def _mine(session: Session, account: uuid.UUID, which: ColumnElement[bool]) -> list[Mine]:
    rows = session.execute(
        select(
            Group.id,
            Group.name,
            Membership.nickname,
            Membership.shares_from,
            Membership.since,
            Membership.until,
            Group.archived_at,
        )
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == account, which)
        .order_by(Group.name, Group.id)
    ).all()
    if not rows:
        return []
    groups = [row[0] for row in rows]
    educators, looks = _educators(session, groups), _looks(session, account, groups)
    return [
        Mine(*row[:6], row[6] is not None, tuple(educators[row[0]]), tuple(looks[row[0]]))
        for row in rows
    ]


def _educators(session: Session, groups: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = session.execute(
        select(GroupEducator.group_id, Educator.name)
        .join(Educator, Educator.account_id == GroupEducator.account_id)
        .where(GroupEducator.group_id.in_(groups), Educator.removed_at.is_(None))
        .order_by(Educator.name, Educator.account_id)
    )
    for group, name in rows:
        found[group].append(name)
    return found


def _looks(
    session: Session, account: uuid.UUID, groups: list[uuid.UUID]
) -> dict[uuid.UUID, list[Look]]:
    """Every look at the account's answers in these groups, the latest first."""
    found: dict[uuid.UUID, list[Look]] = defaultdict(list)
    rows = session.execute(
        select(Viewing.group_id, Viewing.viewed_on, Viewing.educator, Viewing.what, Viewing.times)
        .where(Viewing.account_id == account, Viewing.group_id.in_(groups))
        .order_by(Viewing.viewed_on.desc(), Viewing.educator, Viewing.what)
    )
    for group, day, educator, what, times in rows:
        found[group].append(Look(day, educator, what, times))
    return found
