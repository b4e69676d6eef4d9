"""Reads about a group's assignments and how many named members have done them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.audit_log.actions import AuditEvent
from learn.learner.group_assignments import SELECT_ASSIGNMENT, GroupAssignment, shared_attempt
from learn.models import (
    Assignment,
    Attempt,
    AuditLog,
    Group,
    GroupEducator,
    Membership,
    SharingMode,
    SharingTerms,
)


@dataclass(frozen=True, slots=True)
class AssignmentProgress:
    """An assignment, and how many named members have finished it, or only started it."""

    assignment: GroupAssignment
    finished: int
    started: int


@dataclass(frozen=True, slots=True)
class AssignmentList:
    """A group's assignments, latest first, and its number of named members.

    `unlogged` are those of them with no line in their log about this view of this day.
    """

    named_member_count: int
    assignments: tuple[AssignmentProgress, ...]
    unlogged: frozenset[uuid.UUID]


def other_titles(session: Session, group: uuid.UUID, own: uuid.UUID | None = None) -> list[str]:
    """Return the titles of the group's assignments, but that of its `own`."""
    statement = select(Assignment.title).where(Assignment.group_id == group)
    if own is not None:
        statement = statement.where(Assignment.id != own)
    return [*session.scalars(statement)]


def groups_to_copy_to(session: Session, educator: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Return id and name of the groups that the educator leads and that aren't archived."""
    rows = session.execute(
        select(Group.id, Group.name)
        .join(GroupEducator, GroupEducator.group_id == Group.id)
        .where(GroupEducator.account_id == educator, Group.archived_at.is_(None))
        .order_by(Group.name, Group.id)
    )
    return [(row[0], row[1]) for row in rows]


def list_assignments(session: Session, group: uuid.UUID, seen: AuditEvent) -> AssignmentList:
    """Return the group's assignments, in two statements.

    `seen` is the educator's view that may have been logged today. Attempts count if they were
    started or finished while their learner shared by name; those of members in totals, former
    members, and guests do not.
    """
    rows = session.execute(
        SELECT_ASSIGNMENT.where(Assignment.group_id == group).order_by(
            Assignment.created_at.desc(), Assignment.id.desc()
        )
    )
    assignments = [GroupAssignment(*row) for row in rows]
    started, unlogged = _quiz_status_by_member(
        session, group, {quiz for assignment in assignments for quiz in assignment.quizzes}, seen
    )
    return AssignmentList(
        len(started),
        tuple(_progress(assignment, started.values()) for assignment in assignments),
        unlogged,
    )


def _quiz_status_by_member(
    session: Session, group: uuid.UUID, required: Collection[str], seen: AuditEvent
) -> tuple[Mapping[uuid.UUID, Mapping[str, bool]], frozenset[uuid.UUID]]:
    """For each named member, the quizzes they started, and whether they finished them.

    Of a member who hasn't agreed that it is seen what they have begun, it is those they finished.
    Also returns those whose log has no line about what is `seen` now.
    """
    logged = exists().where(
        AuditLog.account_id == Membership.account_id,
        AuditLog.group_id == group,
        AuditLog.viewed_on == seen.day,
        AuditLog.educator == seen.educator,
        AuditLog.view == seen.view,
    )
    rows = session.execute(
        select(Membership.account_id, Membership.terms, Attempt.quiz, Attempt.finished_at, logged)
        .outerjoin(
            Attempt,
            (Attempt.account_id == Membership.account_id) & shared_attempt(group, required),
        )
        .where(
            Membership.group_id == group,
            Membership.until.is_(None),
            Membership.sharing == SharingMode.NAMED,
        )
    )
    started: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    unlogged = set()
    for account, terms, quiz, finished_at, is_logged in rows:
        quizzes = started[account]
        if not is_logged:
            unlogged.add(account)
        if quiz is not None and (finished_at is not None or terms == SharingTerms.LATEST):
            quizzes[quiz] = quizzes.get(quiz, False) or finished_at is not None
    return started, frozenset(unlogged)


def _progress(
    assignment: GroupAssignment, started: Iterable[Mapping[str, bool]]
) -> AssignmentProgress:
    required = assignment.quizzes
    members = [[quizzes[quiz] for quiz in required if quiz in quizzes] for quizzes in started]
    finished = sum(len(quizzes) == len(required) and all(quizzes) for quizzes in members)
    return AssignmentProgress(assignment, finished, sum(map(bool, members)) - finished)
