"""What is new in groups since an educator's last visit, as the log of their views has it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
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
        select(AuditLog.group_id, func.max(AuditLog.viewed_on))
        .where(
            AuditLog.group_id.in_(groups),
            AuditLog.educator == educator,
            AuditLog.viewed_on < today,
        )
        .group_by(AuditLog.group_id)
    )
    last: Mapping[uuid.UUID, date] = {group: day for group, day in views}  # noqa: C416
    if not last:
        return {}
    earlier = aliased(Membership)
    was_there = exists().where(
        earlier.group_id == Membership.group_id,
        earlier.account_id == Membership.account_id,
        earlier.since < Membership.since,
    )
    joined = session.execute(
        select(Membership.group_id, Membership.since).where(
            Membership.group_id.in_([*last]),
            Membership.until.is_(None),
            Membership.since >= datetime.combine(min(last.values()), time(), zone),
            ~was_there,
        )
    )
    counted = Counter(
        group for group, since in joined if since.astimezone(zone).date() >= last[group]
    )
    return {group: SinceLastVisit(day, counted[group]) for group, day in last.items()}
