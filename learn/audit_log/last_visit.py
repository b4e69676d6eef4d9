"""What is new in groups since an educator's last visit, as the log of their views has it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from learn.models import AuditLog, Membership


@dataclass(frozen=True, slots=True)
class SinceLastVisit:
    """The day of the last visit before today, and how many have joined since, that day included."""

    day: date
    joined: int


def since_last_visit(
    session: Session, groups: Collection[uuid.UUID], educator: str, today: date, zone: ZoneInfo
) -> Mapping[uuid.UUID, SinceLastVisit]:
    """Return what is new by group, for those that this educator looked at on an earlier day.

    Of a member, nothing but that they are one: they may share in totals only. Who changed how they
    share isn't new.
    """
    views = session.execute(
        select(Membership.group_id, func.max(AuditLog.viewed_on))
        .join(
            AuditLog,
            (AuditLog.account_id == Membership.account_id)
            & (AuditLog.group_id == Membership.group_id),
        )
        .where(
            Membership.group_id.in_(groups),
            Membership.until.is_(None),
            AuditLog.educator == educator,
            AuditLog.viewed_on < today,
        )
        .group_by(Membership.group_id)
    )
    last: Mapping[uuid.UUID, date] = {group: day for group, day in views}  # noqa: C416
    if not last:
        return {}
    begin = datetime.combine(min(last.values()), time(), zone)
    joined = session.execute(_joined([*last], begin))
    counted = Counter(
        group for group, since, _ in joined if since.astimezone(zone).date() >= last[group]
    )
    return {group: SinceLastVisit(day, counted[group]) for group, day in last.items()}


def who_joined(session: Session, group: uuid.UUID, begin: datetime) -> tuple[str, ...]:
    """Return the nicknames of those who joined from `begin` on; "" for each in totals."""
    rows = session.execute(_joined([group], begin).order_by(Membership.since, Membership.id))
    return tuple(nickname for _, _, nickname in rows)


def _joined(groups: Collection[uuid.UUID], begin: datetime) -> Select[uuid.UUID, datetime, str]:
    """Select members who joined from `begin` on: group, time, nickname. None was there before."""
    earlier = aliased(Membership)
    was_there = exists().where(
        earlier.group_id == Membership.group_id,
        earlier.account_id == Membership.account_id,
        earlier.since < Membership.since,
    )
    return select(Membership.group_id, Membership.since, Membership.nickname).where(
        Membership.group_id.in_(groups),
        Membership.until.is_(None),
        Membership.since >= begin,
        ~was_there,
    )
