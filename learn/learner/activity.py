"""What a learner has done, as far as it decides what comes next."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Subquery, func, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from learn.learner.quiz_refs import REVIEW, QuizKind, QuizRef
from learn.models import Attempt, Item, Membership, MemoryRow, Reading
from learn.objective_ids import best_informed, current_id
from questions.bank import Bank

_LONG_BREAK = timedelta(days=30)
_BETWEEN_REVIEWS = timedelta(hours=12)

MAX_ATTEMPTS = 2000
"""Attempts that a page looks at: years of daily quizzes, and few enough for a fast page."""


@dataclass(frozen=True, slots=True)
class AttemptOverview:
    """An attempt without its items. `finished_at` is None while it is open."""

    id: uuid.UUID
    quiz: str
    finished_at: datetime | None
    answered: int
    total: int
    last_answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewSchedule:
    """When an objective was last answered, and when its review is due."""

    answered_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerActivity:
    """Attempts from first to last, lessons read, review schedule by objective, current groups.

    A lesson is `read` when its end was reached. Its quiz says nothing about that.
    """

    attempts: tuple[AttemptOverview, ...] = ()
    read: frozenset[str] = frozenset()
    schedules: Mapping[str, ReviewSchedule] = field(default_factory=dict)
    groups: frozenset[uuid.UUID] = frozenset()

    @property
    def open_attempts(self) -> list[AttemptOverview]:
        """Unfinished attempts, the one that was answered last first."""
        found = [
            (a.last_answered_at, a.id, a)
            for a in self.attempts
            if a.finished_at is None and a.last_answered_at
        ]
        return [a for *_, a in sorted(found, reverse=True)]

    @property
    def open_attempt(self) -> AttemptOverview | None:
        """Unfinished attempt that was answered last."""
        return next(iter(self.open_attempts), None)

    @property
    def quizzed(self) -> frozenset[str]:
        """Lessons whose quiz was started."""
        return self._started(QuizKind.LESSON)

    @property
    def quizzed_paths(self) -> frozenset[str]:
        """Paths whose own quiz was started."""
        return self._started(QuizKind.PATH)

    def _started(self, kind: QuizKind) -> frozenset[str]:
        refs = (QuizRef.parse(a.quiz) for a in self.attempts)
        return frozenset(ref.name for ref in refs if ref and ref.kind is kind)

    def is_back_after_long(self, now: datetime) -> bool:
        """Whether the last answer is a month old or more."""
        last = max((s.answered_at for s in self.schedules.values()), default=None)
        return is_long_ago(last, now)

    def may_review(self, bank: Bank, now: datetime) -> bool:
        """Whether an objective that counts is due, and no review was finished in the last hours.

        However much is due, one short review is enough for a day.
        """
        done = [a.finished_at for a in finished_attempts(self.attempts, REVIEW) if a.finished_at]
        if done and now - max(done) < _BETWEEN_REVIEWS:
            return False
        return any(
            self.schedules[o.id].due_at <= now
            for o in bank.counted.values()
            if o.questions and o.id in self.schedules
        )


def is_long_ago(last_answered_at: datetime | None, now: datetime) -> bool:
    """Whether the last answer is so old that we welcome the learner back."""
    return last_answered_at is not None and now - last_answered_at >= _LONG_BREAK


def load_activity(session: Session, account: uuid.UUID) -> LearnerActivity:
    """Load the account's activity in three statements."""
    read, groups = _read_and_groups(session, account)
    of = MemoryRow
    statement = select(of.objective_id, of.reviews, of.reviewed_at, of.due_at)
    rows: Sequence[Any] = session.execute(statement.where(of.account_id == account)).all()
    return LearnerActivity(
        attempts(session, account),
        read,
        {o: ReviewSchedule(*row[2:]) for o, row in best_informed(session, rows).items()},
        groups,
    )


def _read_and_groups(
    session: Session, account: uuid.UUID
) -> tuple[frozenset[str], frozenset[uuid.UUID]]:
    """Both in one statement, so that groups don't make the page slower for everybody."""
    rows = session.execute(
        union_all(
            select(Reading.lesson_id, type_coerce(null(), Membership.group_id.type)).where(
                Reading.account_id == account
            ),
            select(null(), Membership.group_id).where(
                Membership.account_id == account, Membership.until.is_(None)
            ),
        )
    ).all()
    read = frozenset(row[0] for row in rows if row[0] is not None)
    return read, frozenset(row[1] for row in rows if row[1] is not None)


def only_attempt(attempts: Iterable[AttemptOverview], quiz: QuizRef) -> AttemptOverview | None:
    """Return the attempt at a quiz that is taken once: the first finished or else the open one."""
    name = str(quiz)
    matching = [a for a in attempts if a.quiz == name]
    return next(iter(finished_attempts(matching, quiz)), matching[0] if matching else None)


def finished_attempts(attempts: Iterable[AttemptOverview], quiz: QuizRef) -> list[AttemptOverview]:
    """Return the finished attempts at a quiz, in the order in which they were finished.

    A quiz that is taken once can have several: a guest's and those of the account it was merged
    into.
    """
    name = str(quiz)
    finished = [(a.finished_at, a.id, a) for a in attempts if a.quiz == name and a.finished_at]
    return [a for *_, a in sorted(finished)]


def newest_attempts(account: uuid.UUID, number: int) -> Subquery:
    """Return the account's newest attempts, whose items are to be joined.

    Join them from it, with an outer join: SQLite, which has no statistics, then looks the items of
    each attempt up by their key. Of `attempt.id IN (…)` it tries every attempt with every other.
    """
    return (
        select(
            Attempt.account_id,
            Attempt.id,
            Attempt.quiz,
            Attempt.attempt_number,
            Attempt.started_at,
            Attempt.finished_at,
        )
        .where(Attempt.account_id == account)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
        .limit(number)
        .subquery()
    )


def attempts(session: Session, account: uuid.UUID) -> tuple[AttemptOverview, ...]:
    """Return the account's attempts, from first to last. Of more than MAX_ATTEMPTS, the newest."""
    newest = newest_attempts(account, MAX_ATTEMPTS)
    rows = session.execute(
        select(
            newest.c.id,
            newest.c.quiz,
            newest.c.finished_at,
            func.count(Item.answered_at),
            func.count(Item.position),
            func.max(Item.answered_at),
        )
        .outerjoin(
            Item, (Item.account_id == newest.c.account_id) & (Item.attempt_id == newest.c.id)
        )
        .group_by(*newest.c)
        .having(func.count(Item.position) > 0)
        .order_by(newest.c.started_at, newest.c.attempt_number, newest.c.id)
    )
    return tuple(AttemptOverview(*row) for row in rows)


def answered_questions(
    session: Session, account: uuid.UUID, attempt: uuid.UUID
) -> Mapping[str, str]:
    """Return the objective of each question that was answered in one of the account's attempts."""
    rows = session.execute(
        select(Item.question_id, Item.objective_id)
        .where(
            Item.account_id == account,
            Item.attempt_id == attempt,
            Item.answered_at.is_not(None),
        )
        .order_by(Item.position)
    )
    return {row[0]: current_id(session, row[1]) for row in rows}
