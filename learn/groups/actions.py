"""Writes about groups. The view commits, once."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.models import Educator, Group, GroupEducator, Membership


class AddResult(Enum):
    """Result of adding an educator to a group."""

    ADDED = "added"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to create: its id, its name, and the account of its first educator."""

    id: uuid.UUID
    name: str
    educator: uuid.UUID


def create(session: Session, new: NewGroup, codes: Iterable[str], now: datetime) -> None:
    """Create a group with a join code. Does nothing if the id exists already."""
    if session.get(Group, new.id) is not None:
        return
    code = _first_unused(session, codes)
    session.add(Group(id=new.id, name=new.name, code=code, created_at=now, archived_at=None))
    session.flush()
    session.add(GroupEducator(account_id=new.educator, group_id=new.id, added_at=now))


def rename(session: Session, group: uuid.UUID, name: str) -> None:
    """Rename the group."""
    session.execute(update(Group).where(Group.id == group).values(name=name))


def archive(session: Session, group: uuid.UUID, now: datetime) -> None:
    """Archive the group: nobody can join it, nothing is asked of its members, results stay."""
    session.execute(
        update(Group)
        .where(Group.id == group, Group.archived_at.is_(None))
        .values(archived_at=now, code=None)
    )


def unarchive(session: Session, group: uuid.UUID) -> None:
    """Restore the group from the archive. It has no join code until somebody makes one."""
    session.execute(update(Group).where(Group.id == group).values(archived_at=None))


def renew_code(session: Session, group: uuid.UUID, codes: Iterable[str]) -> None:
    """Replace the join code; the old one is no longer valid."""
    session.execute(
        update(Group)
        .where(Group.id == group, Group.archived_at.is_(None))
        .values(code=_first_unused(session, codes))
    )


def close_code(session: Session, group: uuid.UUID) -> None:
    """Remove the join code, so that nobody else can join."""
    session.execute(update(Group).where(Group.id == group).values(code=None))


def add_educator(session: Session, group: uuid.UUID, name: str, now: datetime) -> AddResult:
    """Add the educator with that name, compared without case, to the group.

    A member is not added: totals hide each of eleven people only from who knows none of them. The
    account is locked, as in `learn.membership.actions.join`, so that nobody becomes both at once.
    """
    # Compared here: SQLite's lower() knows ASCII alone. A site has few educators.
    wanted = _without_case(name)
    educators = session.execute(
        select(Educator.account_id, Educator.name).where(Educator.removed_at.is_(None))
    )
    found = [account for account, other in educators if _without_case(other) == wanted]
    if len(found) != 1:
        return AddResult.SEVERAL if found else AddResult.UNKNOWN
    accounts.lock(session, found[0])
    membership = exists().where(
        Membership.account_id == found[0],
        Membership.group_id == group,
        Membership.until.is_(None),
    )
    if session.scalar(select(membership)):
        return AddResult.MEMBER
    if session.get(GroupEducator, (found[0], group)) is None:
        session.add(GroupEducator(account_id=found[0], group_id=group, added_at=now))
    return AddResult.ADDED


def remove_educator(session: Session, group: uuid.UUID, educator: uuid.UUID) -> bool:
    """Remove an educator from the group. Return False, and change nothing, for the last one."""
    educators_of = [
        *session.scalars(
            select(GroupEducator.account_id)
            .where(GroupEducator.group_id == group)
            .with_for_update()
        )
    ]
    if educators_of == [educator]:
        return False
    session.execute(
        delete(GroupEducator).where(
            GroupEducator.account_id == educator, GroupEducator.group_id == group
        )
    )
    return True


def _without_case(name: str) -> str:
    """Return the same text for names that differ in case, spaces, or composed accents only."""
    return unicodedata.normalize("NFKC", " ".join(name.split()).casefold())


def _first_unused(session: Session, codes: Iterable[str]) -> str:
    """Return the first code that no group uses."""
    return next(c for c in codes if session.scalar(select(Group.id).where(Group.code == c)) is None)
