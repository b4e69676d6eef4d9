"""Create, change, close, reopen, and delete assignments. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import Assignment
from learn.models.base import table_of


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """An assignment to create. `contents` and `due_on` are as in the model."""

    id: uuid.UUID
    group_id: uuid.UUID
    kind: str
    title: str
    contents: Mapping[str, Any]
    due_on: date | None


def create(session: Session, new: NewAssignment, now: datetime) -> None:
    """Create the assignment. Does nothing if the id exists already."""
    session.execute(
        dialect_insert(session, table_of(Assignment))
        .values(
            id=new.id,
            group_id=new.group_id,
            kind=new.kind,
            title=new.title,
            contents=dict(new.contents),
            due_on=new.due_on,
            created_at=now,
            closed_at=None,
        )
        .on_conflict_do_nothing()
    )


def edit(
    session: Session,
    group_id: uuid.UUID,
    assignment_id: uuid.UUID,
    title: str,
    due_on: date | None,
) -> None:
    """Change title and due date. What is asked stays, so that those who are in it finish it."""
    session.execute(
        update(Assignment)
        .where(Assignment.group_id == group_id, Assignment.id == assignment_id)
        .values(title=title, due_on=due_on)
    )


def remove(session: Session, group_id: uuid.UUID, assignment_id: uuid.UUID) -> None:
    """Delete the assignment. What was answered in it stays with those who answered."""
    session.execute(
        delete(Assignment).where(Assignment.group_id == group_id, Assignment.id == assignment_id)
    )


def close(session: Session, group_id: uuid.UUID, assignment_id: uuid.UUID, now: datetime) -> None:
    """Close the assignment: nobody can start it, members who have started can finish."""
    session.execute(
        update(Assignment)
        .where(
            Assignment.group_id == group_id,
            Assignment.id == assignment_id,
            Assignment.closed_at.is_(None),
        )
        .values(closed_at=now)
    )


def reopen(session: Session, group_id: uuid.UUID, assignment_id: uuid.UUID) -> None:
    """Reopen the assignment."""
    session.execute(
        update(Assignment)
        .where(Assignment.group_id == group_id, Assignment.id == assignment_id)
        .values(closed_at=None)
    )
