"""What a learner's groups ask them to do. All of it is optional."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.learner.activity import AttemptOverview, LearnerActivity, only_attempt
from learn.learner.quiz_refs import PARTS, QuizRef
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.models import Assignment, AssignmentKind, Group, Membership, SharingMode, SharingTerms
from questions.model import Question
from questions.selection import shown_order


@dataclass(frozen=True, slots=True)
class LearnerAssignment:
    """An assignment as a member of its group sees it. `sharing` is how the member shares answers.

    `contents` holds `lessons`, `questions`, or the questions `before` and `after`.
    """

    id: uuid.UUID
    kind: str
    title: str
    contents: Mapping[str, Any]
    due_on: date | None
    closed_at: datetime | None
    group: str
    sharing: str
    terms: str

    @property
    def asks_for_more(self) -> bool:
        """Whether the member hasn't been asked yet if the group's educators may see more."""
        return self.sharing == SharingMode.NAMED and self.terms == SharingTerms.FIRST

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of its quizzes: none, one without a name, or `before` and `after`."""
        return {
            AssignmentKind.QUIZ.value: ("",),
            AssignmentKind.BEFORE_AFTER.value: PARTS,
        }.get(self.kind, ())

    @property
    def lessons(self) -> tuple[str, ...]:
        """Ids of the lessons to read."""
        return tuple(self.contents.get("lessons", ()))

    @property
    def is_fixed(self) -> bool:
        """Whether questions and answers stand in the same order for everybody."""
        return bool(self.contents.get("fixed"))

    def questions(self, part: str) -> tuple[str, ...]:
        """Return the ids of the questions of one part."""
        return question_ids(self.contents, part)


@dataclass(frozen=True, slots=True)
class AssignmentPart:
    """A quiz of an assignment: `attempt` is None until it is started.

    It `waits` until the part before it is finished.
    """

    name: str
    attempt: AttemptOverview | None
    waits: bool

    @property
    def done(self) -> bool:
        """Whether it is finished."""
        return self.attempt is not None and self.attempt.finished_at is not None


@dataclass(frozen=True, slots=True)
class AssignmentStatus:
    """How far a learner is with an assignment: its parts, or its lessons with those `read`.

    `by` is its due date, until that has passed.
    """

    assigned: LearnerAssignment
    by: date | None
    parts: tuple[AssignmentPart, ...]
    lessons: tuple[Lesson, ...]
    read: frozenset[str]

    @property
    def done(self) -> bool:
        """Whether all of it is done."""
        if self.parts:
            return all(p.done for p in self.parts)
        return all(lesson.id in self.read for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class OpenAssignments:
    """Names of a learner's groups, and their open assignments.

    What has a date comes first, by that; then what they were given last. What is done is last.
    `rename_requested_in` has the names of those groups that ask for another nickname.
    """

    groups: tuple[str, ...] = ()
    tasks: tuple[AssignmentStatus, ...] = ()
    rename_requested_in: tuple[str, ...] = ()


def question_ids(contents: Mapping[str, Any], part: str) -> tuple[str, ...]:
    """Return the ids of the questions of one part; `part` is empty where there is only one."""
    return tuple(contents.get(part or "questions", ()))


def shared_part_order(ref: QuizRef, question: Question) -> tuple[str, ...]:
    """Return the order of a question's parts where it is the same for everybody, and on paper."""
    return shown_order(question, Random(f"{ref}/{question.id}"))  # noqa: S311 - not a secret


_ASSIGNMENT = select(
    Assignment.id,
    Assignment.kind,
    Assignment.title,
    Assignment.contents,
    Assignment.due_on,
    Assignment.closed_at,
    Group.name,
    Membership.sharing,
    Membership.terms,
)
_OF_MEMBER = (
    _ASSIGNMENT.join(Group, Group.id == Assignment.group_id)
    .join(Membership, Membership.group_id == Group.id)
    .where(Membership.until.is_(None), Group.archived_at.is_(None))
)


def find_assignment(
    session: Session, account: uuid.UUID, assignment: uuid.UUID
) -> LearnerAssignment | None:
    """Return the assignment, open or closed, if the account is in its group now."""
    row = session.execute(
        _OF_MEMBER.where(Membership.account_id == account, Assignment.id == assignment)
    ).first()
    return LearnerAssignment(*row) if row else None


def find_former_assignment(
    session: Session, account: uuid.UUID, assignment: uuid.UUID
) -> LearnerAssignment | None:
    """Return the assignment, open or closed, if the account was in its group at any time."""
    row = session.execute(
        _ASSIGNMENT.join(Group, Group.id == Assignment.group_id)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == account, Assignment.id == assignment)
        .order_by(Membership.since.desc())
        .limit(1)
    ).first()
    return LearnerAssignment(*row) if row else None


def assignment_titles(session: Session, quizzes: Iterable[str]) -> Mapping[str, str]:
    """Return the titles of those quizzes that belong to assignments, also of groups that were left.

    One statement, and none where there is no such quiz.
    """
    refs = {name: QuizRef.parse(name) for name in quizzes}
    assignments = {name: ref.assignment for name, ref in refs.items() if ref and ref.assignment}
    if not assignments:
        return {}
    rows = session.execute(
        select(Assignment.id, Assignment.title).where(Assignment.id.in_({*assignments.values()}))
    )
    titles = {row[0]: row[1] for row in rows}
    return {
        ref: titles[assignment] for ref, assignment in assignments.items() if assignment in titles
    }


_OPEN = (
    _ASSIGNMENT.add_columns(Group.id, Membership.rename_asked_at)
    .select_from(Membership)
    .join(Group, Group.id == Membership.group_id)
    .outerjoin(Assignment, (Assignment.group_id == Group.id) & Assignment.closed_at.is_(None))
    .where(Membership.until.is_(None), Group.archived_at.is_(None))
    .order_by(Assignment.created_at.desc(), Assignment.id.desc(), Group.name, Group.id)
)


def open_assignments(
    session: Session,
    account: uuid.UUID | None,
    activity: LearnerActivity,
    content: Content,
    today: date,
) -> OpenAssignments:
    """Return the learner's groups and their open assignments, in at most one statement."""
    if account is None or not activity.groups:
        return OpenAssignments()
    rows = session.execute(_OPEN.where(Membership.account_id == account)).all()
    statuses = (
        progress_on(LearnerAssignment(*row[:9]), activity, content, today)
        for row in rows
        if row[0] is not None
    )
    names = {row[9]: row[6] for row in rows}
    to_rename = {row[9]: row[6] for row in rows if row[10] is not None}
    return OpenAssignments(
        tuple(sorted(names.values())),
        tuple(sorted((t for t in statuses if t.parts or t.lessons), key=_by_date)),
        tuple(sorted(to_rename.values())),
    )


def _by_date(task: AssignmentStatus) -> tuple[bool, date]:
    return task.done, date.max if task.done or task.by is None else task.by


def progress_on(
    assigned: LearnerAssignment, activity: LearnerActivity, content: Content, today: date
) -> AssignmentStatus:
    """How far the learner is with it, without lessons that no longer exist."""
    return AssignmentStatus(
        assigned,
        by=assigned.due_on if assigned.due_on and assigned.due_on >= today else None,
        parts=assignment_parts(assigned, activity.attempts),
        lessons=tuple(content.lessons[i] for i in assigned.lessons if i in content.lessons),
        read=activity.read,
    )


def assignment_parts(
    assigned: LearnerAssignment, attempts: Collection[AttemptOverview]
) -> tuple[AssignmentPart, ...]:
    """Its quizzes in order; each waits for the one before."""
    parts: list[AssignmentPart] = []
    for name in assigned.parts:
        attempt = only_attempt(attempts, QuizRef.of_assignment(assigned.id, name))
        waits = bool(parts) and not parts[-1].done
        parts.append(AssignmentPart(name, attempt, waits))
    return tuple(parts)
