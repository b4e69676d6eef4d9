"""Assignments as educators of their group see them, and whose attempts at them are shared."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from learn import anonymous_answers
from learn.learner.assignments import question_ids
from learn.learner.quiz_refs import PARTS, QuizKind, QuizRef
from learn.models import Assignment, AssignmentKind, Attempt, Membership


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


SELECT_ASSIGNMENT = select(
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
        SELECT_ASSIGNMENT.where(Assignment.group_id == group, Assignment.id == assignment)
    ).first()
    return GroupAssignment(*row) if row else None


def shared_attempt(group: uuid.UUID, quizzes: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a named member shares an attempt at one of the quizzes.

    They started it, or finished it, while they shared by name.
    """
    return and_(
        Attempt.quiz.in_(quizzes),
        anonymous_answers.may_be_named(Attempt, group),
        or_(
            Attempt.finished_at >= Membership.shares_from,
            Attempt.finished_at.is_(None) & (Attempt.started_at >= Membership.shares_from),
        ),
    )
