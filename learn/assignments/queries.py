"""What a group was asked to do, and how many who share by name have done it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learn.models import Assignment, Attempt, Membership
from learn.record.assigned import BEFORE_AFTER, LESSONS, questions_of, ref_of
from learn.record.so_far import AFTER, BEFORE


@dataclass(frozen=True, slots=True)
class GroupTask:
    """Something that a group is asked to do. `what` is as in learn.record.assigned.Assigned."""

    id: uuid.UUID
    kind: str
    title: str
    contents: Mapping[str, Any]
    due_on: date | None
    made_at: datetime
    closed_at: datetime | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The quizzes that it has: none, one without a name, or two."""
        if self.kind == LESSONS:
            return ()
        return (BEFORE, AFTER) if self.kind == BEFORE_AFTER else ("",)

    @property
    def refs(self) -> frozenset[str]:
        """The quizzes that have to be finished. Of lessons, it is the quiz of each."""
        if self.kind == LESSONS:
            return frozenset(f"lesson/{name}" for name in self.contents.get("lessons", ()))
        return frozenset(ref_of(self.id, part) for part in self.parts)

    def questions(self, part: str) -> tuple[str, ...]:
        """The ids of the questions of one part, as they were chosen."""
        return questions_of(self.contents, part)


@dataclass(frozen=True, slots=True)
class Listed:
    """With how many who share by name have finished it, and how many have only begun it."""

    task: GroupTask
    finished: int
    begun: int


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a group is asked to do, the latest first; `named` share with it by name."""

    named: int
    listed: tuple[Listed, ...]


_ALL = select(
    Assignment.id,
    Assignment.kind,
    Assignment.title,
    Assignment.contents,
    Assignment.due_on,
    Assignment.made_at,
    Assignment.closed_at,
)


def one(session: Session, group: uuid.UUID, assignment: uuid.UUID) -> GroupTask | None:
    """The group's assignment of that id."""
    row = session.execute(
        _ALL.where(Assignment.group_id == group, Assignment.id == assignment)
    ).first()
    return GroupTask(*row) if row else None


def listing(session: Session, group: uuid.UUID) -> Listing:
    """What the group is asked to do, in two statements.

    Only what was begun or finished since somebody shares by name counts, and nobody who shares
    in totals, has left, or looks on otherwise.
    """
    rows = session.execute(
        _ALL.where(Assignment.group_id == group).order_by(
            Assignment.made_at.desc(), Assignment.id.desc()
        )
    )
    found = [GroupTask(*row) for row in rows]
    begun = _begun(session, group, {ref for task in found for ref in task.refs})
    return Listing(len(begun), tuple(_counted(task, begun.values()) for task in found))


def _begun(
    session: Session, group: uuid.UUID, refs: Collection[str]
) -> Mapping[uuid.UUID, Mapping[str, bool]]:
    """For each member by name, the quizzes that they began, and whether they finished them."""
    rows = session.execute(
        select(Membership.account_id, Attempt.quiz, Attempt.finished_at)
        .outerjoin(
            Attempt,
            (Attempt.account_id == Membership.account_id)
            & Attempt.quiz.in_(refs)
            & or_(
                Attempt.finished_at >= Membership.shares_from,
                Attempt.finished_at.is_(None) & (Attempt.started_at >= Membership.shares_from),
            ),
        )
        .where(
            Membership.group_id == group,
            Membership.until.is_(None),
            Membership.sharing == "named",
        )
    )
    found: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    for account, quiz, finished_at in rows:
        own = found[account]
        if quiz is not None:
            own[quiz] = own.get(quiz, False) or finished_at is not None
    return found


def _counted(task: GroupTask, begun: Iterable[Mapping[str, bool]]) -> Listed:
    own = [[did[ref] for ref in task.refs if ref in did] for did in begun]
    done = sum(len(did) == len(task.refs) and all(did) for did in own)
    return Listed(task, done, sum(bool(did) for did in own) - done)
