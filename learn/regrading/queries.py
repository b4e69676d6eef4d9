"""Reads about regrading: what the current key changes, and notices about it."""

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
from learn.objective_ids import current_id
from questions.grading import error_in, grade
from questions.model import Question, Response

_item = table_of(Item)
_notice = table_of(Notice)
_regrade = table_of(Regrade)

_BATCH_SIZE = 500  # accounts per statement, which bounds the memory used


class GradeChange(StrEnum):
    """How a grade changes: to or from fully right, or between partial scores."""

    RIGHT = "right"
    NOT_RIGHT = "not-right"
    HIGHER = "more"
    LOWER = "less"


def grade_change(old: float, new: float) -> GradeChange:
    """Classify the change from one score (0 to 1) to another."""
    if new == 1:
        return GradeChange.RIGHT
    if old == 1:
        return GradeChange.NOT_RIGHT
    return GradeChange.HIGHER if new > old else GradeChange.LOWER


@dataclass(frozen=True, slots=True)
class GradedAnswer:
    """A stored answer; `version` is the one the learner was shown."""

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    objective: str
    version: str
    response: dict[str, Any]
    score: float


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """An answer, and its score by the current key."""

    answer: GradedAnswer
    score: float


@dataclass(slots=True)
class RegradeSummary:
    """Counts of answers by version, and of changes by kind, learner, and attempt.

    `ungradable` answers name parts that the question no longer has; `not_lowered` ones would get a
    lower score while grades are only raised. Both keep their score.
    """

    only_raise: bool
    versions: Counter[str] = field(default_factory=Counter)
    learners: int = 0
    grade_changes: Counter[GradeChange] = field(default_factory=Counter)
    changed_learners: int = 0
    changed_attempts: int = 0
    ungradable: int = 0
    not_lowered: int = 0

    @property
    def answers(self) -> int:
        """Number of answers."""
        return self.versions.total()

    @property
    def changed(self) -> int:
        """Number of answers that change."""
        return self.grade_changes.total()

    def add(self, question: Question, answers: Collection[GradedAnswer]) -> list[ScoreChange]:
        """Count all answers of some learners, and return those whose score changes."""
        changes = []
        for answer in answers:
            self.versions[answer.version] += 1
            score = _score(question, answer.response)
            if score is None:
                self.ungradable += 1
            elif score < answer.score and self.only_raise:
                self.not_lowered += 1
            elif score != answer.score:
                self.grade_changes[grade_change(answer.score, score)] += 1
                changes.append(ScoreChange(answer, score))
        self.learners += len({answer.account for answer in answers})
        self.changed_learners += len({c.answer.account for c in changes})
        self.changed_attempts += len({(c.answer.account, c.answer.attempt) for c in changes})
        return changes


def _score(question: Question, response: dict[str, Any]) -> float | None:
    """Return the score by the question's key; None if the answer does not fit the question."""
    read = Response.from_json(response)
    if read.unsure:
        return 0.0
    return None if error_in(question, read) else grade(question, read).score


def preview(session: Session, question: Question, *, only_raise: bool = False) -> RegradeSummary:
    """What regrading all answers by the current key would change."""
    summary = RegradeSummary(only_raise)
    for accounts in learners(session, question.id):
        summary.add(question, answers(session, question.id, accounts))
    return summary


def learners(session: Session, question_id: str) -> Iterator[list[uuid.UUID]]:
    """Yield the accounts that answered the question, in batches, ordered by id."""
    statement = (
        select(_item.c.account_id)
        .where(_item.c.question_id == question_id, _item.c.answered_at.is_not(None))
        .distinct()
        .order_by(_item.c.account_id)
        .limit(_BATCH_SIZE)
    )
    page = [*session.scalars(statement)]
    while page:
        yield page
        page = [*session.scalars(statement.where(_item.c.account_id > page[-1]))]


def answers(
    session: Session, question_id: str, accounts: Collection[uuid.UUID], *, lock: bool = False
) -> list[GradedAnswer]:
    """Return the answers of these accounts to the question; with `lock`, locked for update."""
    statement = (
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
    rows = session.execute(statement.with_for_update() if lock else statement)
    return [GradedAnswer(*row[:3], current_id(session, row[3]), *row[4:]) for row in rows]


def is_in_any_attempt(session: Session, question_id: str) -> bool:
    """Whether any attempt has had the question, even if it has left the bank."""
    return bool(session.scalar(select(exists().where(_item.c.question_id == question_id))))


@dataclass(frozen=True, slots=True)
class RegradedAnswer:
    """An answer whose grade was changed, when it was given, and how it changed."""

    attempt: uuid.UUID
    position: int
    answered_at: datetime
    change: GradeChange


@dataclass(frozen=True, slots=True)
class RegradeNotice:
    """A notice about a regraded question, with the learner's `answers` to it, latest first."""

    id: uuid.UUID
    question: str
    answers: tuple[RegradedAnswer, ...]


def unread_notices(session: Session, account: uuid.UUID) -> list[RegradeNotice]:
    """Return the account's unread notices in one statement: one for each question, latest first."""
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
            & (_regrade.c.regraded_at == _notice.c.created_at),
        )
        .where(_notice.c.account_id == account, _notice.c.read_at.is_(None))
        .order_by(
            _notice.c.created_at.desc(),
            _notice.c.id,
            _item.c.answered_at.desc(),
            _item.c.attempt_id,
            _item.c.position,
        )
    )
    notices: dict[str, dict[tuple[uuid.UUID, int], RegradedAnswer]] = {}
    ids: dict[str, uuid.UUID] = {}
    for question, notice, attempt, position, answered_at, old, new in rows:
        ids.setdefault(question, notice)
        regraded = RegradedAnswer(attempt, position, answered_at, grade_change(old, new))
        notices.setdefault(question, {}).setdefault((attempt, position), regraded)
    return [RegradeNotice(ids[q], q, (*regraded.values(),)) for q, regraded in notices.items()]


@dataclass(frozen=True, slots=True)
class LastRegrade:
    """When an answer was last regraded, how that changed its grade, and by which version's key."""

    at: datetime
    change: GradeChange
    version: str


def last_regrade(
    session: Session, account: uuid.UUID, attempt: uuid.UUID, position: int
) -> LastRegrade | None:
    """Return the last regrade of that answer, or None."""
    row = session.execute(
        select(
            _regrade.c.regraded_at,
            _regrade.c.old_score,
            _regrade.c.new_score,
            _regrade.c.new_version,
        )
        .where(
            _regrade.c.account_id == account,
            _regrade.c.attempt_id == attempt,
            _regrade.c.position == position,
        )
        .order_by(_regrade.c.regraded_at.desc())
        .limit(1)
    ).first()
    return LastRegrade(row[0], grade_change(row[1], row[2]), row[3]) if row else None
