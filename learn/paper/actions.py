"""Writes about quizzes on paper. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import PaperQuestion, PaperSheet, PaperSitting
from learn.models.base import table_of
from learn.paper import alike, queries
from learn.paper.alike import Alike
from learn.paper.queries import PrintedVersion

MAX_SITTINGS = 200
"""A group's, so that its list stays a list."""

MAX_PAPERS = 500
"""Of a sitting."""

_LONGEST_TITLE = 200

_sitting = table_of(PaperSitting)
_question = table_of(PaperQuestion)
_sheet = table_of(PaperSheet)


@dataclass(frozen=True, slots=True)
class NewSitting:
    """A quiz to print, for a group."""

    id: uuid.UUID
    group: uuid.UUID
    title: str
    versions: tuple[PrintedVersion, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class FormLine:
    """A row of a form, from 1, with a response (as JSON) for each question that isn't blank."""

    line: int
    answers: Mapping[str, Any]


class SaveState(StrEnum):
    """What came of a form. Only with `SAVED` something was written."""

    SAVED = "saved"
    ALREADY = "already"  # this very form was saved before
    CHANGED = "changed"  # it was saved before, with something else in it
    ALIKE = "alike"  # these papers look like others
    STALE = "stale"  # somebody else changed the paper since it was shown
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class SaveResult:
    """`first` and `last` are numbers of papers; `lines` of the form were saved before.

    `left` is how many papers still fit.
    """

    state: SaveState
    first: int = 0
    last: int = 0
    lines: frozenset[int] = field(default_factory=frozenset)
    alike: Alike | None = None
    left: int = 0


def create(session: Session, new: NewSitting, numbers: Iterable[int], now: datetime) -> bool:
    """Create a sitting with the first number that the group doesn't have.

    Does nothing if the id exists already. Return False if the group has too many.
    """
    if session.scalar(select(_sitting.c.id).where(_sitting.c.id == new.id)) is not None:
        return True
    of_group = select(func.count()).select_from(_sitting).where(_sitting.c.group_id == new.group)
    if (session.scalar(of_group) or 0) >= MAX_SITTINGS:
        return False
    insert_sitting = dialect_insert(session, _sitting).on_conflict_do_nothing()
    for number in numbers:
        values = {
            "id": new.id,
            "group_id": new.group,
            "number": number,
            "title": new.title[:_LONGEST_TITLE],
            "left_out": new.left_out,
            "last_paper": 0,
            "created_at": now,
        }
        if session.execute(insert_sitting.values(values).returning(_sitting.c.id)).first():
            break
        if session.scalar(select(_sitting.c.id).where(_sitting.c.id == new.id)) is not None:
            return True  # the same form, sent twice at the same moment
    session.execute(
        insert(_question),
        [
            {
                "sitting_id": new.id,
                "place": place,
                "question_id": printed.question,
                "version": printed.version,
                "shown": printed.shown,
            }
            for place, printed in enumerate(new.versions, 1)
        ],
    )
    return True


def save(  # noqa: PLR0913 - a form is all of that
    session: Session,
    sitting: uuid.UUID,
    batch: uuid.UUID,
    lines: Sequence[FormLine],
    now: datetime,
    *,
    anyway: bool = False,
) -> SaveResult:
    """Save the papers of a form, with the next numbers, once however often it is sent.

    Forms of the same sitting are saved one after the other, so that each finds the others' papers.
    Papers that look like others are saved only `anyway`.
    """
    last = session.scalar(
        select(_sitting.c.last_paper).where(_sitting.c.id == sitting).with_for_update()
    )
    if last is None:
        return SaveResult(SaveState.GONE)
    if before := _saved_before(session, sitting, batch, lines):
        return before
    left = MAX_PAPERS - queries.count(session, sitting)
    if len(lines) > left:
        return SaveResult(SaveState.FULL, left=max(left, 0))
    if not anyway and (found := _look_alike(session, sitting, lines)):
        return SaveResult(SaveState.ALIKE, alike=found)
    session.execute(
        insert(_sheet),
        [
            {
                "sitting_id": sitting,
                "number": number,
                "batch": batch,
                "line": line.line,
                "answers": dict(line.answers),
                "typed_at": now,
                "revision": 0,
            }
            for number, line in enumerate(lines, last + 1)
        ],
    )
    session.execute(
        update(_sitting).where(_sitting.c.id == sitting).values(last_paper=last + len(lines))
    )
    return SaveResult(SaveState.SAVED, last + 1, last + len(lines))


def _saved_before(
    session: Session, sitting: uuid.UUID, batch: uuid.UUID, lines: Sequence[FormLine]
) -> SaveResult | None:
    """Return what is to be said of a form that was saved before; None if it wasn't."""
    rows = session.execute(
        select(_sheet.c.line, _sheet.c.number, _sheet.c.answers).where(
            _sheet.c.sitting_id == sitting, _sheet.c.batch == batch
        )
    ).all()
    if not rows:
        return None
    saved = {line: answers for line, _, answers in rows}
    same = frozenset(found.line for found in lines if saved.get(found.line) == found.answers)
    numbers = [number for _, number, _ in rows]
    state = SaveState.ALREADY if len(same) == len(lines) else SaveState.CHANGED
    return SaveResult(state, min(numbers), max(numbers), same)


def _look_alike(session: Session, sitting: uuid.UUID, lines: Sequence[FormLine]) -> Alike | None:
    """Return papers of this sitting, or of others with the same questions, that look the same."""
    new = [line.answers for line in lines]
    others = queries.with_same_questions(session, sitting)
    for one in sorted(others, key=lambda one: one != sitting):
        if found := alike.find(new, queries.sheets(session, one), others[one]):
            return found
    return None


def change(
    session: Session, sitting: uuid.UUID, number: int, answers: Mapping[str, Any], revision: int
) -> SaveState:
    """Change a paper, unless somebody else has changed it since that `revision` was shown."""
    of_number = (_sheet.c.sitting_id == sitting) & (_sheet.c.number == number)
    changed = session.execute(
        update(_sheet)
        .where(of_number, _sheet.c.revision == revision)
        .values(answers=dict(answers), revision=_sheet.c.revision + 1)
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        return SaveState.SAVED
    now = queries.sheet(session, sitting, number)
    if now is None:
        return SaveState.GONE
    return SaveState.ALREADY if now.answers == answers else SaveState.STALE


def remove_sheet(session: Session, sitting: uuid.UUID, number: int) -> None:
    """Delete a paper. Its number isn't used again."""
    session.execute(delete(_sheet).where(_sheet.c.sitting_id == sitting, _sheet.c.number == number))


def remove(session: Session, group: uuid.UUID, sitting: uuid.UUID) -> None:
    """Delete a sitting with all its papers."""
    session.execute(delete(_sitting).where(_sitting.c.id == sitting, _sitting.c.group_id == group))
