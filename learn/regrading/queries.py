"""What a question's key says now of the answers it was given, and what their learners are told."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.models import Item, Notice, Regrade
from learn.models.base import table_of
from questions.grading import error_in, grade
from questions.model import Question, Response

_item = table_of(Item)
_notice = table_of(Notice)
_regrade = table_of(Regrade)

_PAGE = 500  # learners at a time: what is held in memory stays small, however many there are


class Way(StrEnum):
    """How a grade changes. Right means all of it; more and less are about the part that was."""

    RIGHT = "right"
    NOT_RIGHT = "not-right"
    MORE = "more"
    LESS = "less"


def way(old: float, new: float) -> Way:
    """How a score (from 0 to 1) changes to another one."""
    if new == 1:
        return Way.RIGHT
    if old == 1:
        return Way.NOT_RIGHT
    return Way.MORE if new > old else Way.LESS


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to the question. `version` is that of the question as the learner met it."""

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    objective: str
    version: str
    response: dict[str, Any]
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """An answer, and its score by the key of now."""

    given: Given
    score: float


@dataclass(slots=True)
class Tally:
    """How many answers there are, by version; and of those that change, how, and of how many.

    `ungradable` ones name answers that the question no longer has; `spared` ones would get lower
    where grades are only raised. Both stay as they are.
    """

    only_raise: bool
    versions: Counter[str] = field(default_factory=Counter)
    learners: int = 0
    ways: Counter[Way] = field(default_factory=Counter)
    learners_touched: int = 0
    attempts_touched: int = 0
    ungradable: int = 0
    spared: int = 0

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return self.versions.total()

    @property
    def changed(self) -> int:
        """How many answers change."""
        return self.ways.total()

    def add(self, question: Question, answers: Collection[Given]) -> list[Change]:
        """Count these answers, with all of each of their learners, and return what changes."""
        changes = []
        for given in answers:
            self.versions[given.version] += 1
            score = _score(question, given.response)
            if score is None:
                self.ungradable += 1
            elif score < given.score and self.only_raise:
                self.spared += 1
            elif score != given.score:
                self.ways[way(given.score, score)] += 1
                changes.append(Change(given, score))
        self.learners += len({given.account for given in answers})
        self.learners_touched += len({c.given.account for c in changes})
        self.attempts_touched += len({(c.given.account, c.given.attempt) for c in changes})
        return changes


def _score(question: Question, response: dict[str, Any]) -> float | None:
    """The score by the question's key; None where the answer is not one of this question's."""
    read = Response.from_json(response)
    if read.unsure:
        return 0.0
    return None if error_in(question, read) else grade(question, read).score


def tally(session: Session, question: Question, *, only_raise: bool = False) -> Tally:
    """What would change if all answers to the question were graded by its key now."""
    found = Tally(only_raise)
    for accounts in learners(session, question.id):
        found.add(question, answers(session, question.id, accounts))
    return found


def learners(session: Session, question_id: str) -> Iterator[list[uuid.UUID]]:
    """Whoever answered the question, in the order of their ids, some hundred at a time."""
    some = (
        select(_item.c.account_id)
        .where(_item.c.question_id == question_id, _item.c.answered_at.is_not(None))
        .distinct()
        .order_by(_item.c.account_id)
        .limit(_PAGE)
    )
    page = [*session.scalars(some)]
    while page:
        yield page
        page = [*session.scalars(some.where(_item.c.account_id > page[-1]))]


def answers(
    session: Session, question_id: str, accounts: Collection[uuid.UUID], *, hold: bool = False
) -> list[Given]:
    """All answers of these accounts to the question; with `hold`, none changes meanwhile."""
    found = (
        select(
            _item.c.account_id,
            _item.c.attempt_id,
            _item.c.position,
            _item.c.objective_id,
            _item.c.version,
            _item.c.response,
            _item.c.score,
        )
        .where(
            _item.c.account_id.in_(accounts),
            _item.c.question_id == question_id,
            _item.c.answered_at.is_not(None),
        )
        .order_by(_item.c.account_id, _item.c.attempt_id, _item.c.position)
    )
    return [Given(*row) for row in session.execute(found.with_for_update() if hold else found)]


def was_ever_asked(session: Session, question_id: str) -> bool:
    """Whether any quiz has had the question, in the bank or not."""
    return bool(session.scalar(select(exists().where(_item.c.question_id == question_id))))


@dataclass(frozen=True, slots=True)
class Mended:
    """An answer whose grade was changed, when, and how."""

    attempt: uuid.UUID
    position: int
    answered_at: datetime
    way: Way


@dataclass(frozen=True, slots=True)
class Note:
    """Word for a learner that a question was mended, with their `answers`, the latest first."""

    id: uuid.UUID
    question: str
    answers: tuple[Mended, ...]


def unread(session: Session, account: uuid.UUID) -> list[Note]:
    """What the account was not told yet, in one statement: one a question, the latest first."""
    rows = session.execute(
        select(
            _notice.c.question_id,
            _notice.c.id,
            _item.c.attempt_id,
            _item.c.position,
            _item.c.answered_at,
            _regrade.c.old_score,
            _regrade.c.new_score,
        )
        .join(
            _item,
            (_item.c.account_id == _notice.c.account_id)
            & (_item.c.question_id == _notice.c.question_id),
        )
        .join(
            _regrade,
            (_regrade.c.account_id == _item.c.account_id)
            & (_regrade.c.attempt_id == _item.c.attempt_id)
            & (_regrade.c.position == _item.c.position)
            & (_regrade.c.regraded_at == _notice.c.made_at),
        )
        .where(_notice.c.account_id == account, _notice.c.read_at.is_(None))
        .order_by(
            _notice.c.made_at.desc(),
            _notice.c.id,
            _item.c.answered_at.desc(),
            _item.c.attempt_id,
            _item.c.position,
        )
    )
    notes: dict[str, dict[tuple[uuid.UUID, int], Mended]] = {}
    ids: dict[str, uuid.UUID] = {}
    for question, notice, attempt, position, answered_at, old, new in rows:
        ids.setdefault(question, notice)
        mended = Mended(attempt, position, answered_at, way(old, new))
        notes.setdefault(question, {}).setdefault((attempt, position), mended)
    return [Note(ids[q], q, (*mended.values(),)) for q, mended in notes.items()]


@dataclass(frozen=True, slots=True)
class Again:
    """When an answer was graded again for the last time, and how that changed it."""

    at: datetime
    way: Way


def last_regrade(
    session: Session, account: uuid.UUID, attempt: uuid.UUID, position: int
) -> Again | None:
    """What became of that answer when it was graded again; None where its grade never changed."""
    row = session.execute(
        select(_regrade.c.regraded_at, _regrade.c.old_score, _regrade.c.new_score)
        .where(
            _regrade.c.account_id == account,
            _regrade.c.attempt_id == attempt,
            _regrade.c.position == position,
        )
        .order_by(_regrade.c.regraded_at.desc())
        .limit(1)
    ).first()
    return Again(row[0], way(row[1], row[2])) if row else None
