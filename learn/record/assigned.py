"""What a learner's groups ask them to do. Nothing here is more than a wish."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.models import Assignment, AssignmentKind, Group, Membership
from learn.record.so_far import AFTER, BEFORE, Attempted, SoFar, sitting
from questions.model import Question
from questions.selection import shown_order

_REF = re.compile(rf"assignment/([0-9a-f]{{32}})(?:/({BEFORE}|{AFTER}))?")


@dataclass(frozen=True, slots=True)
class Assigned:
    """Something that a group is asked to do, to somebody who is in it as `sharing` says.

    `what` holds `lessons`, `questions`, or the questions `before` and `after`.
    """

    id: uuid.UUID
    kind: str
    title: str
    contents: Mapping[str, Any]
    due_on: date | None
    closed_at: datetime | None
    group: str
    sharing: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The quizzes that it has, by their part: none, one without a name, or two."""
        return {
            AssignmentKind.QUIZ.value: ("",),
            AssignmentKind.BEFORE_AFTER.value: (BEFORE, AFTER),
        }.get(self.kind, ())

    @property
    def lessons(self) -> tuple[str, ...]:
        """The ids of the lessons to read."""
        return tuple(self.contents.get("lessons", ()))

    @property
    def is_fixed(self) -> bool:
        """Whether questions and answers stand in the same order for all."""
        return bool(self.contents.get("fixed"))

    def questions(self, part: str) -> tuple[str, ...]:
        """The ids of the questions of one part."""
        return questions_of(self.contents, part)


@dataclass(frozen=True, slots=True)
class Part:
    """A quiz of it: `attempt` is None until it is begun. It `waits` until another is finished."""

    name: str
    attempt: Attempted | None
    waits: bool

    @property
    def done(self) -> bool:
        """Whether it is finished."""
        return self.attempt is not None and self.attempt.finished_at is not None


@dataclass(frozen=True, slots=True)
class Task:
    """Where a learner stands with what they were asked to do: its parts, or its lessons.

    `by` is the day of the wish while it has not passed. `read` are the lessons read so far.
    """

    assigned: Assigned
    by: date | None
    parts: tuple[Part, ...]
    lessons: tuple[Lesson, ...]
    read: frozenset[str]

    @property
    def done(self) -> bool:
        """Whether all of it is done."""
        if self.parts:
            return all(p.done for p in self.parts)
        return all(lesson.id in self.read for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Asked:
    """The names of the groups that a learner is in, and what these ask, from first to last."""

    groups: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()


def ref_of(assignment: uuid.UUID, part: str = "") -> str:
    """The name of the quiz, as attempts keep it."""
    return f"assignment/{assignment.hex}" + (f"/{part}" if part else "")


def read_ref(ref: str) -> tuple[uuid.UUID, str] | None:
    """The assignment and the part that a quiz belongs to; None for all other quizzes."""
    found = _REF.fullmatch(ref)
    return (uuid.UUID(hex=found[1]), found[2] or "") if found else None


def questions_of(contents: Mapping[str, Any], part: str) -> tuple[str, ...]:
    """The ids of the questions of one part; of a quiz in one part, `part` is empty."""
    return tuple(contents.get(part or "questions", ()))


def shown_to_all(ref: str, question: Question) -> tuple[str, ...]:
    """The order of a question's parts where all see the same one, and on paper."""
    return shown_order(question, Random(f"{ref}/{question.id}"))  # noqa: S311 - not a secret


_ROW = select(
    Assignment.id,
    Assignment.kind,
    Assignment.title,
    Assignment.contents,
    Assignment.due_on,
    Assignment.closed_at,
    Group.name,
    Membership.sharing,
)
_ASKED = (
    _ROW.join(Group, Group.id == Assignment.group_id)
    .join(Membership, Membership.group_id == Group.id)
    .where(Membership.until.is_(None), Group.archived_at.is_(None))
)


def one(session: Session, account: uuid.UUID, assignment: uuid.UUID) -> Assigned | None:
    """What the account was asked to do by a group that it is in now; it may be closed."""
    row = session.execute(
        _ASKED.where(Membership.account_id == account, Assignment.id == assignment)
    ).first()
    return Assigned(*row) if row else None


def titles(session: Session, refs: Iterable[str]) -> Mapping[str, str]:
    """The titles of those quizzes that belong to assignments, whoever is in their groups now.

    They are for whoever took them. One statement, and none where there is no such quiz.
    """
    asked = {ref: found[0] for ref in refs if (found := read_ref(ref))}
    if not asked:
        return {}
    rows = session.execute(
        select(Assignment.id, Assignment.title).where(Assignment.id.in_({*asked.values()}))
    )
    found_titles = {row[0]: row[1] for row in rows}
    return {ref: found_titles[own] for ref, own in asked.items() if own in found_titles}


_OPEN = (
    _ROW.add_columns(Group.id)
    .select_from(Membership)
    .join(Group, Group.id == Membership.group_id)
    .outerjoin(Assignment, (Assignment.group_id == Group.id) & Assignment.closed_at.is_(None))
    .where(Membership.until.is_(None), Group.archived_at.is_(None))
    .order_by(Assignment.made_at, Assignment.id, Group.name, Group.id)
)


def asked(
    session: Session, account: uuid.UUID | None, did: SoFar, content: Content, today: date
) -> Asked:
    """The learner's groups and what they ask, in one statement; none for who is in no group."""
    if account is None or not did.groups:
        return Asked()
    rows = session.execute(_OPEN.where(Membership.account_id == account)).all()
    found = (task(Assigned(*row[:8]), did, content, today) for row in rows if row[0] is not None)
    names = {row[8]: row[6] for row in rows}
    return Asked(tuple(sorted(names.values())), tuple(t for t in found if t.parts or t.lessons))


def task(found: Assigned, did: SoFar, content: Content, today: date) -> Task:
    """Where the learner stands with it; lessons that are there no more are left out."""
    return Task(
        found,
        by=found.due_on if found.due_on and found.due_on >= today else None,
        parts=parts_of(found, did.attempts),
        lessons=tuple(content.lessons[i] for i in found.lessons if i in content.lessons),
        read=did.read,
    )


def parts_of(found: Assigned, begun: Collection[Attempted]) -> tuple[Part, ...]:
    """The quizzes of it in order; each waits for the one before."""
    parts: list[Part] = []
    for name in found.parts:
        attempt = sitting(begun, ref_of(found.id, name))
        waits = bool(parts) and not parts[-1].done
        parts.append(Part(name, attempt, waits))
    return tuple(parts)
