"""Reads about membership: groups by code, an account's memberships, and its audit log."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from learn.models import (
    AuditLog,
    Educator,
    Group,
    GroupEducator,
    Item,
    Membership,
    Removal,
    SharingMode,
    SharingTerms,
)


@dataclass(frozen=True, slots=True)
class JoinableGroup:
    """A group whose code is valid, with the names of its educators."""

    id: uuid.UUID
    name: str
    educators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRelation:
    """How an account relates to a group that it wants to join.

    `has_answered` says whether the account has answered any question, `is_removed` whether an
    educator removed it from the group and hasn't let it join again.
    """

    is_member: bool = False
    was_member: bool = False
    is_educator: bool = False
    has_answered: bool = False
    is_removed: bool = False

    @property
    def can_share_earlier(self) -> bool:
        """Whether there are earlier answers that may be shared."""
        return self.has_answered and not self.was_member


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One educator's views on one day. `view` is `group`, `person`, or `file`; see AuditLog."""

    day: date
    educator: str
    view: str
    times: int


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """An account's current membership of a group, or its last one.

    `nickname` is empty for totals only. `until` is None while the membership is current.
    """

    group: uuid.UUID
    name: str
    nickname: str
    shares_from: datetime
    since: datetime
    until: datetime | None
    terms: SharingTerms
    archived: bool
    removal: Removal
    is_rename_requested: bool
    educators: tuple[str, ...]
    audit_log: tuple[AuditEntry, ...]

    @property
    def shows_latest(self) -> bool:
        """Whether educators also see latest answers, and who hasn't begun."""
        return bool(self.nickname) and self.terms is SharingTerms.LATEST

    @property
    def awaits_consent(self) -> bool:
        """Whether the member hasn't been asked yet if educators may see more."""
        return bool(self.nickname) and self.terms is SharingTerms.FIRST and not self.is_inactive

    @property
    def is_inactive(self) -> bool:
        """Whether the group is archived or has no educator left."""
        return self.archived or not self.educators


def group_with_code(session: Session, code: str) -> JoinableGroup | None:
    """Return the group that can be joined with this code, or None."""
    rows = session.execute(
        select(Group.id, Group.name, Educator.name)
        .join(GroupEducator, GroupEducator.group_id == Group.id)
        .join(Educator, Educator.account_id == GroupEducator.account_id)
        .where(Group.code == code, Group.archived_at.is_(None), Educator.removed_at.is_(None))
        .order_by(Educator.name, Educator.account_id)
    ).all()
    return JoinableGroup(rows[0][0], rows[0][1], tuple(row[2] for row in rows)) if rows else None


def relation(session: Session, account: uuid.UUID, group: uuid.UUID) -> GroupRelation:
    """How the account relates to the group, in one statement."""
    membership = exists().where(Membership.account_id == account, Membership.group_id == group)
    row = session.execute(
        select(
            membership.where(Membership.until.is_(None)),
            membership,
            exists().where(
                GroupEducator.account_id == account,
                GroupEducator.group_id == group,
                Educator.account_id == GroupEducator.account_id,
                Educator.removed_at.is_(None),
            ),
            exists().where(Item.account_id == account, Item.answered_at.is_not(None)),
            membership.where(Membership.removal == Removal.REMOVED),
        )
    ).one()
    return GroupRelation(*(bool(value) for value in row))


def was_ever_member(session: Session, account: uuid.UUID, group: uuid.UUID) -> bool:
    """Whether the account is or was a member of the group."""
    condition = exists().where(Membership.account_id == account, Membership.group_id == group)
    return bool(session.scalar(select(condition)))


def named_member(
    session: Session, group: uuid.UUID, membership: uuid.UUID
) -> tuple[uuid.UUID, str] | None:
    """Return account and nickname of a current member who shares by name, or None."""
    row = session.execute(
        select(Membership.account_id, Membership.nickname).where(
            Membership.group_id == group,
            Membership.id == membership,
            Membership.until.is_(None),
            Membership.sharing == SharingMode.NAMED,
        )
    ).first()
    return (row[0], row[1]) if row else None


def was_in_group(session: Session, group: uuid.UUID, membership: uuid.UUID) -> bool:
    """Whether somebody shares by name with the group by that membership, or was removed from it."""
    condition = exists().where(
        Membership.group_id == group,
        Membership.id == membership,
        Membership.sharing == SharingMode.NAMED,
        Membership.until.is_(None) | (Membership.removal != Removal.NONE),
    )
    return bool(session.scalar(select(condition)))


def current_memberships(session: Session, account: uuid.UUID) -> list[OwnMembership]:
    """Return the account's current memberships, by group name."""
    return _memberships(session, account, Membership.until.is_(None))


def current_membership(
    session: Session, account: uuid.UUID, group: uuid.UUID
) -> OwnMembership | None:
    """Return the account's current membership of the group, or None."""
    here = Membership.until.is_(None) & (Membership.group_id == group)
    return next(iter(_memberships(session, account, here)), None)


def past_memberships(session: Session, account: uuid.UUID) -> list[OwnMembership]:
    """Return the last membership of each group that the account has left, by group name."""
    other = Membership.__table__.alias()
    later = exists().where(
        other.c.account_id == account,
        other.c.group_id == Membership.group_id,
        other.c.until.is_(None)
        | (other.c.until > Membership.until)
        | ((other.c.until == Membership.until) & (other.c.id > Membership.id)),
    )
    return _memberships(session, account, Membership.until.is_not(None) & ~later)


def count_past(session: Session, account: uuid.UUID) -> int:
    """Return the number of groups that the account has left."""
    running = select(Membership.group_id).where(
        Membership.account_id == account, Membership.until.is_(None)
    )
    statement = select(func.count(Membership.group_id.distinct())).where(
        Membership.account_id == account, Membership.group_id.not_in(running)
    )
    return session.scalar(statement) or 0


def _memberships(
    session: Session, account: uuid.UUID, which: ColumnElement[bool]
) -> list[OwnMembership]:
    rows = session.execute(
        select(
            Group.id,
            Group.name,
            Membership.nickname,
            Membership.shares_from,
            Membership.since,
            Membership.until,
            Membership.terms,
            Group.archived_at,
            Membership.removal,
            Membership.rename_asked_at,
        )
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.account_id == account, which)
        .order_by(Group.name, Group.id)
    ).all()
    if not rows:
        return []
    groups = [row[0] for row in rows]
    educators, audit_log = _educators(session, groups), _audit_log(session, account, groups)
    return [
        OwnMembership(
            *row[:6],
            SharingTerms(row[6]),
            row[7] is not None,
            Removal(row[8]),
            row[9] is not None,
            tuple(educators[row[0]]),
            tuple(audit_log[row[0]]),
        )
        for row in rows
    ]


def _educators(session: Session, groups: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    by_group: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = session.execute(
        select(GroupEducator.group_id, Educator.name)
        .join(Educator, Educator.account_id == GroupEducator.account_id)
        .where(GroupEducator.group_id.in_(groups), Educator.removed_at.is_(None))
        .order_by(Educator.name, Educator.account_id)
    )
    for group, name in rows:
        by_group[group].append(name)
    return by_group


def _audit_log(
    session: Session, account: uuid.UUID, groups: list[uuid.UUID]
) -> dict[uuid.UUID, list[AuditEntry]]:
    """For each group, the log of views of the account's data, latest first."""
    by_group: dict[uuid.UUID, list[AuditEntry]] = defaultdict(list)
    rows = session.execute(
        select(
            AuditLog.group_id,
            AuditLog.viewed_on,
            AuditLog.educator,
            AuditLog.view,
            AuditLog.times,
        )
        .where(AuditLog.account_id == account, AuditLog.group_id.in_(groups))
        .order_by(AuditLog.viewed_on.desc(), AuditLog.educator, AuditLog.view)
    )
    for group, day, educator, what, times in rows:
        by_group[group].append(AuditEntry(day, educator, what, times))
    return by_group
