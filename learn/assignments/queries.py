"""Reads about a group's assignments and how many named members have done them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from learn import nameless
from learn.access_log.actions import AccessEvent
from learn.learner.assignments import question_ids
from learn.learner.quiz_refs import PARTS, QuizKind, QuizRef
from learn.models import AccessLog, Assignment, AssignmentKind, Attempt, Membership, SharingMode


@dataclass(frozen=True, slots=True)
class GroupAssignment:
    """An assignment, as in the model."""

    id: uuid.UUID
    kind: str
    title: str
    contents: Mapping[str, Any]
    due_on: date | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def parts(self) -> tuple[str, ...]:
        """Part names: () for lessons, ("",) for one quiz, ("before", "after") for two."""
        if self.kind == AssignmentKind.LESSONS:
            return ()
        return PARTS if self.kind == AssignmentKind.BEFORE_AFTER else ("",)

    @property
    def quizzes(self) -> frozenset[str]:
        """References of the quizzes to finish, as text. For lessons, the quiz of each lesson."""
        if self.kind == AssignmentKind.LESSONS:
            refs = [QuizRef(QuizKind.LESSON, name) for name in self.contents.get("lessons", ())]
        else:
            refs = [QuizRef.of_assignment(self.id, part) for part in self.parts]
        return frozenset(map(str, refs))

    def questions(self, part: str) -> tuple[str, ...]:
        """Return the ids of the questions of one part."""
        return question_ids(self.contents, part)


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


_SELECT_ASSIGNMENT = select(
    Assignment.id,
    Assignment.kind,
    Assignment.title,
    Assignment.contents,
    Assignment.due_on,
    Assignment.created_at,
    Assignment.closed_at,
)


def get_assignment(
    session: Session, group: uuid.UUID, assignment: uuid.UUID
) -> GroupAssignment | None:
    """Return the group's assignment with that id, or None."""
    row = session.execute(
        _SELECT_ASSIGNMENT.where(Assignment.group_id == group, Assignment.id == assignment)
    ).first()
    return GroupAssignment(*row) if row else None


def list_assignments(session: Session, group: uuid.UUID, seen: AccessEvent) -> AssignmentList:
    """Return the group's assignments, in two statements.

    `seen` is the educator's view that may have been logged today. Attempts count if they were
    started or finished while their learner shared by name; those of members in totals, former
    members, and guests do not.
    """
    rows = session.execute(
        _SELECT_ASSIGNMENT.where(Assignment.group_id == group).order_by(
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
    session: Session, group: uuid.UUID, required: Collection[str], seen: AccessEvent
) -> tuple[Mapping[uuid.UUID, Mapping[str, bool]], frozenset[uuid.UUID]]:
    """For each named member, the quizzes they started, and whether they finished them.

    Also returns those whose log has no line about what is `seen` now.
    """
    logged = exists().where(
        AccessLog.account_id == Membership.account_id,
        AccessLog.group_id == group,
        AccessLog.viewed_on == seen.day,
        AccessLog.educator == seen.educator,
        AccessLog.view == seen.view,
    )
    rows = session.execute(
        select(Membership.account_id, Attempt.quiz, Attempt.finished_at, logged)
        .outerjoin(
            Attempt,
            (Attempt.account_id == Membership.account_id)
            & Attempt.quiz.in_(required)
            & nameless.has_name(Attempt, group)
            & or_(
                Attempt.finished_at >= Membership.shares_from,
                Attempt.finished_at.is_(None) & (Attempt.started_at >= Membership.shares_from),
            ),
        )
        .where(
            Membership.group_id == group,
            Membership.until.is_(None),
            Membership.sharing == SharingMode.NAMED,
        )
    )
    started: dict[uuid.UUID, dict[str, bool]] = defaultdict(dict)
    unlogged = set()
    for account, quiz, finished_at, is_logged in rows:
        quizzes = started[account]
        if not is_logged:
            unlogged.add(account)
        if quiz is not None:
            quizzes[quiz] = quizzes.get(quiz, False) or finished_at is not None
    return started, frozenset(unlogged)


def _progress(
    assignment: GroupAssignment, started: Iterable[Mapping[str, bool]]
) -> AssignmentProgress:
    required = assignment.quizzes
    members = [[quizzes[quiz] for quiz in required if quiz in quizzes] for quizzes in started]
    finished = sum(len(quizzes) == len(required) and all(quizzes) for quizzes in members)
    return AssignmentProgress(assignment, finished, sum(map(bool, members)) - finished)
