"""Reads for an educator's list of groups and a group's settings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learn.models import Educator, Group, GroupEducator, Membership, SharingMode


@dataclass(frozen=True, slots=True)
class LedGroup:
    """A group that an educator leads, with its numbers of members by `sharing`."""

    id: uuid.UUID
    name: str
    archived_at: datetime | None
    named: int
    totals: int

    @property
    def members(self) -> int:
        """Number of members."""
        return self.named + self.totals


def led_groups(session: Session, educator: uuid.UUID) -> list[LedGroup]:
    """Return the educator's groups, archived ones last, then by name."""

    def count_of(sharing: SharingMode) -> Any:
        return func.coalesce(func.sum(case((Membership.sharing == sharing, 1), else_=0)), 0)

    named, totals = count_of(SharingMode.NAMED), count_of(SharingMode.TOTALS)
    rows = session.execute(
        select(Group.id, Group.name, Group.archived_at, named, totals)
        .join(GroupEducator, GroupEducator.group_id == Group.id)
        .outerjoin(Membership, (Membership.group_id == Group.id) & Membership.until.is_(None))
        .where(GroupEducator.account_id == educator)
        .group_by(Group.id, Group.name, Group.archived_at)
        .order_by(Group.archived_at.is_not(None), Group.name, Group.id)
    )
    return [LedGroup(*row) for row in rows]


def educators_of(session: Session, group: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Return the account and the name of each educator of the group, by name."""
    rows = session.execute(
        select(Educator.account_id, Educator.name)
        .join(GroupEducator, GroupEducator.account_id == Educator.account_id)
        .where(GroupEducator.group_id == group, Educator.removed_at.is_(None))
        .order_by(Educator.name, Educator.account_id)
    )
    return [(row[0], row[1]) for row in rows]
