"""What a learner did so far, as far as it says what may come next."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from learn.models import Attempt, Item, Membership, MemoryRow, Reading
from questions.bank import Bank

REVIEW, BEFORE, AFTER = "review", "before", "after"

_LESSON = "lesson/"
_A_WHILE = timedelta(days=30)
_REST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Attempted:
    """A quiz that was begun. `finished_at` is None while it is open."""

    id: uuid.UUID
    quiz: str
    finished_at: datetime | None
    answered: int
    last_answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fading:
    """When an idea was last answered, and when it is good to be asked again."""

    answered_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SoFar:
    """The quizzes begun, from first to last; the lessons opened; the memory of each objective.

    `groups` are those that the learner is in now.
    """

    attempts: tuple[Attempted, ...] = ()
    opened: frozenset[str] = frozenset()
    memories: Mapping[str, Fading] = field(default_factory=dict)
    groups: frozenset[uuid.UUID] = frozenset()

    @property
    def open(self) -> Attempted | None:
        """The unfinished quiz that was answered last."""
        left = [a for a in self.attempts if a.finished_at is None and a.last_answered_at]
        return max(left, key=lambda a: (a.last_answered_at, a.id), default=None)

    @property
    def quizzed(self) -> frozenset[str]:
        """The lessons whose quiz was begun."""
        return frozenset(
            a.quiz.removeprefix(_LESSON) for a in self.attempts if a.quiz.startswith(_LESSON)
        )

    @property
    def read(self) -> frozenset[str]:
        """The lessons that were opened, or whose quiz was begun."""
        return self.opened | self.quizzed

    def is_back_after_a_while(self, now: datetime) -> bool:
        """Whether the last answer is a month old or more."""
        last = max((f.answered_at for f in self.memories.values()), default=None)
        return is_a_while(last, now)

    def may_review(self, bank: Bank, now: datetime) -> bool:
        """Whether something of the bank is due, and no review was finished in the last hours.

        However much is due, one short review is enough for a day.
        """
        done = [a.finished_at for a in self.attempts if a.quiz == REVIEW and a.finished_at]
        if done and now - max(done) < _REST:
            return False
        return any(
            self.memories[o.id].due_at <= now
            for o in bank.objectives.values()
            if o.questions and o.id in self.memories
        )


def is_a_while(last_answered_at: datetime | None, now: datetime) -> bool:
    """Whether the last answer is so old that a welcome is due."""
    return last_answered_at is not None and now - last_answered_at >= _A_WHILE


def so_far(session: Session, account: uuid.UUID) -> SoFar:
    """What the account did so far, in three statements."""
    opened, groups = _opened_and_groups(session, account)
    memories = session.execute(
        select(MemoryRow.objective_id, MemoryRow.reviewed_at, MemoryRow.due_at).where(
            MemoryRow.account_id == account
        )
    )
    return SoFar(
        attempts(session, account),
        opened,
        {row[0]: Fading(row[1], row[2]) for row in memories},
        groups,
    )


def _opened_and_groups(
    session: Session, account: uuid.UUID
) -> tuple[frozenset[str], frozenset[uuid.UUID]]:
    """Both in one statement, so that pages cost no more for everybody because some have groups."""
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
    opened = frozenset(row[0] for row in rows if row[0] is not None)
    return opened, frozenset(row[1] for row in rows if row[1] is not None)


def sitting(begun: Iterable[Attempted], quiz: str) -> Attempted | None:
    """Of a quiz that is sat once: the one that was finished first, else one that is open."""
    own = [a for a in begun if a.quiz == quiz]
    return next(iter(finished(own, quiz)), own[0] if own else None)


def finished(begun: Iterable[Attempted], quiz: str) -> list[Attempted]:
    """The finished attempts at a quiz, by when they were finished.

    There can be several of one that is sat once, where two devices became one account.
    """
    own = [(a.finished_at, a.id, a) for a in begun if a.quiz == quiz and a.finished_at]
    return [a for *_, a in sorted(own)]


def attempts(session: Session, account: uuid.UUID) -> tuple[Attempted, ...]:
    """All quizzes that the account began, from first to last."""
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.quiz,
            Attempt.finished_at,
            func.count(Item.answered_at),
            func.max(Item.answered_at),
        )
        .join(Item, (Item.account_id == Attempt.account_id) & (Item.attempt_id == Attempt.id))
        .where(Attempt.account_id == account)
        .group_by(Attempt.id, Attempt.quiz, Attempt.round, Attempt.started_at, Attempt.finished_at)
        .order_by(Attempt.started_at, Attempt.round, Attempt.id)
    )
    return tuple(Attempted(*row) for row in rows)


def asked_in(session: Session, account: uuid.UUID, attempt: uuid.UUID) -> Mapping[str, str]:
    """The questions answered in one of the account's attempts, and the objective of each."""
    rows = session.execute(
        select(Item.question_id, Item.objective_id)
        .where(
            Item.account_id == account,
            Item.attempt_id == attempt,
            Item.answered_at.is_not(None),
        )
        .order_by(Item.position)
    )
    return {row[0]: row[1] for row in rows}
