"""Every write about groups. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from learn.models import Educator, Group, GroupEducator


class Added(Enum):
    """What came of adding an educator to a group."""

    DONE = "done"
    UNKNOWN = "unknown"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class New:
    """A group that is to be made: its id, its name, and the account of who leads it."""

    id: uuid.UUID
    name: str
    educator: uuid.UUID


def make(session: Session, new: New, codes: Iterable[str], now: datetime) -> None:
    """Make a group; once, however often it is sent."""
    if session.get(Group, new.id) is not None:
        return
    code = _unused(session, codes)
    session.add(Group(id=new.id, name=new.name, code=code, made_at=now, archived_at=None))
    session.flush()
    session.add(GroupEducator(account_id=new.educator, group_id=new.id, added_at=now))


def rename(session: Session, group: uuid.UUID, name: str) -> None:
    """Give the group another name."""
    session.execute(update(Group).where(Group.id == group).values(name=name))


def archive(session: Session, group: uuid.UUID, now: datetime) -> None:
    """Put the group away: nobody can join it, its members see no more of it, results stay."""
    session.execute(
        update(Group)
        .where(Group.id == group, Group.archived_at.is_(None))
        .values(archived_at=now, code=None)
    )


def take_out(session: Session, group: uuid.UUID) -> None:
    """Take the group out of the archive; it gets a code again when somebody asks for one."""
    session.execute(update(Group).where(Group.id == group).values(archived_at=None))


def renew_code(session: Session, group: uuid.UUID, codes: Iterable[str]) -> None:
    """Let people in by a new code; the one before is no good any more."""
    session.execute(
        update(Group)
        .where(Group.id == group, Group.archived_at.is_(None))
        .values(code=_unused(session, codes))
    )


def close(session: Session, group: uuid.UUID) -> None:
    """Let nobody in any more. Who is there stays."""
    session.execute(update(Group).where(Group.id == group).values(code=None))


def add_educator(session: Session, group: uuid.UUID, name: str, now: datetime) -> Added:
    """Let the educator of that name lead the group, too; small and capital letters are the same."""
    found = [
        *session.scalars(
            select(Educator.account_id).where(
                func.lower(Educator.name) == name.lower(), Educator.removed_at.is_(None)
            )
        )
    ]
    if len(found) != 1:
        return Added.SEVERAL if found else Added.UNKNOWN
    if session.get(GroupEducator, (found[0], group)) is None:
        session.add(GroupEducator(account_id=found[0], group_id=group, added_at=now))
    return Added.DONE


def leave(session: Session, group: uuid.UUID, educator: uuid.UUID) -> bool:
    """Lead the group no more; False, and nothing changes, for the last one who does."""
    leading = [
        *session.scalars(
            select(GroupEducator.account_id)
            .where(GroupEducator.group_id == group)
            .with_for_update()
        )
    ]
    if leading == [educator]:
        return False
    session.execute(
        delete(GroupEducator).where(
            GroupEducator.account_id == educator, GroupEducator.group_id == group
        )
    )
    return True


def _unused(session: Session, codes: Iterable[str]) -> str:
    """The first code that no group has."""
    return next(c for c in codes if session.scalar(select(Group.id).where(Group.code == c)) is None)
