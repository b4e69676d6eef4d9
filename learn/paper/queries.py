"""Reads of quizzes on paper, and of what was typed in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.learner.group_assignments import SELECT_ASSIGNMENT, GroupAssignment
from learn.models import Assignment, PaperQuestion, PaperSheet, PaperSitting
from learn.models.base import table_of
from questions.model import Response

_sitting = table_of(PaperSitting)
_question = table_of(PaperQuestion)
_sheet = table_of(PaperSheet)


@dataclass(frozen=True, slots=True)
class PrintedVersion:
    """A question on a paper: its id and version, and the order of its options, packed."""

    question: str
    version: str
    shown: str


@dataclass(frozen=True, slots=True)
class ListedSitting:
    """A sitting with its number of papers."""

    id: uuid.UUID
    number: int
    title: str
    created_at: datetime
    papers: int


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting with its questions, from the first on, and the last number of a paper."""

    id: uuid.UUID
    number: int
    title: str
    left_out: int
    created_at: datetime
    last_paper: int
    versions: tuple[PrintedVersion, ...]

    @property
    def next_paper(self) -> int:
        """Return the number that the next paper gets."""
        return self.last_paper + 1


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: the fields are those of its row."""

    number: int
    batch: uuid.UUID
    answers: Mapping[str, Any]
    typed_at: datetime
    revision: int

    def response(self, number: int) -> Response | None:
        """Return the response to the question with that number; None if it's blank."""
        given = self.answers.get(str(number))
        return None if given is None else Response.from_json(given)


_SHEETS = select(
    _sheet.c.number, _sheet.c.batch, _sheet.c.answers, _sheet.c.typed_at, _sheet.c.revision
)


def sittings(session: Session, group: uuid.UUID) -> list[ListedSitting]:
    """Return the group's sittings, the newest first."""
    papers = (
        select(func.count())
        .select_from(_sheet)
        .where(_sheet.c.sitting_id == _sitting.c.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(_sitting.c.id, _sitting.c.number, _sitting.c.title, _sitting.c.created_at, papers)
        .where(_sitting.c.group_id == group)
        .order_by(_sitting.c.created_at.desc(), _sitting.c.id.desc())
    )
    return [ListedSitting(*row) for row in rows]


def sitting(session: Session, group: uuid.UUID, wanted: uuid.UUID) -> Sitting | None:
    """Return a sitting of the group, or None."""
    row = session.execute(
        select(
            _sitting.c.id,
            _sitting.c.number,
            _sitting.c.title,
            _sitting.c.left_out,
            _sitting.c.created_at,
            _sitting.c.last_paper,
        ).where(_sitting.c.id == wanted, _sitting.c.group_id == group)
    ).first()
    return Sitting(*row, versions=_versions(session, wanted)) if row else None


def _versions(session: Session, wanted: uuid.UUID) -> tuple[PrintedVersion, ...]:
    rows = session.execute(
        select(_question.c.question_id, _question.c.version, _question.c.shown)
        .where(_question.c.sitting_id == wanted)
        .order_by(_question.c.place)
    )
    return tuple(PrintedVersion(*row) for row in rows)


def sheets(session: Session, wanted: uuid.UUID) -> tuple[Paper, ...]:
    """Return the papers of a sitting, by number."""
    rows = session.execute(_SHEETS.where(_sheet.c.sitting_id == wanted).order_by(_sheet.c.number))
    return tuple(Paper(*row) for row in rows)


def sheet(session: Session, wanted: uuid.UUID, number: int) -> Paper | None:
    """Return one paper of a sitting, or None."""
    of_number = (_sheet.c.sitting_id == wanted) & (_sheet.c.number == number)
    row = session.execute(_SHEETS.where(of_number)).first()
    return Paper(*row) if row else None


def count(session: Session, wanted: uuid.UUID) -> int:
    """Return how many papers a sitting has."""
    papers = select(func.count()).select_from(_sheet).where(_sheet.c.sitting_id == wanted)
    return session.scalar(papers) or 0


def is_saved(session: Session, wanted: uuid.UUID, batch: uuid.UUID) -> bool:
    """Return whether a form with this id was saved in the sitting."""
    of_form = (_sheet.c.sitting_id == wanted) & (_sheet.c.batch == batch)
    return session.scalar(select(_sheet.c.number).where(of_form).limit(1)) is not None


def assignments(session: Session, group: uuid.UUID) -> list[GroupAssignment]:
    """Return the group's assignments, the newest first."""
    rows = session.execute(
        SELECT_ASSIGNMENT.where(Assignment.group_id == group).order_by(
            Assignment.created_at.desc(), Assignment.id.desc()
        )
    )
    return [GroupAssignment(*row) for row in rows]


def with_same_questions(session: Session, wanted: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """Return the numbers of all sittings of its group with the same questions, and its own."""
    group = select(_sitting.c.group_id).where(_sitting.c.id == wanted).scalar_subquery()
    rows = session.execute(
        select(_sitting.c.id, _sitting.c.number, _question.c.question_id, _question.c.version)
        .join(_question, _question.c.sitting_id == _sitting.c.id)
        .where(_sitting.c.group_id == group)
        .order_by(_sitting.c.id, _question.c.place)
    )
    numbers: dict[uuid.UUID, int] = {}
    versions: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for one, number, question, version in rows:
        numbers[one] = number
        versions.setdefault(one, []).append((question, version))
    return {one: numbers[one] for one, them in versions.items() if them == versions.get(wanted)}
