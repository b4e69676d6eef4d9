"""What named members have done of one assignment, and what they answered there.

Single answers, and who hasn't begun, are read only of members who accepted the terms about them.
Answers of unfinished quizzes, and those disclosed in totals, are never read.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, literal, select
from sqlalchemy.orm import Session

from learn.alphabet import sort_key
from learn.anonymous_answers import was_disclosed
from learn.learner.group_assignments import shared_attempt
from learn.learner.outcomes import outcome_column
from learn.models import Attempt, Item, Membership, SharingMode, SharingTerms

HIDDEN = "hidden"
"""Instead of an outcome: the answer isn't shared by name."""

_SHOWS_LATEST = Membership.terms == SharingTerms.LATEST


@dataclass(frozen=True, slots=True)
class MemberWork:
    """A named member, and their attempts at an assignment's quizzes, by quiz.

    `membership` is the membership's id. An attempt is finished or not; of several, which only a
    merged account has, it is the one that was finished first.
    """

    account: uuid.UUID
    membership: uuid.UUID
    nickname: str
    shows_latest: bool
    finished: Mapping[str, uuid.UUID]
    begun: frozenset[str]


@dataclass(frozen=True, slots=True)
class AssignmentWork:
    """Named members by nickname, and the number of members in totals."""

    named: tuple[MemberWork, ...]
    totals: int


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """A question of a finished attempt with the answer's outcome, `HIDDEN`, or None without one.

    `score` is from 0 to 1, None without a shown answer.
    """

    account: uuid.UUID
    attempt: uuid.UUID
    question: str
    outcome: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class SingleAnswer:
    """An answer as it was given, with its score from 0 to 1."""

    question: str
    version: str
    response: Mapping[str, Any]
    score: float
    answered_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Question id and version."""
        return self.question, self.version


def work_on(session: Session, group: uuid.UUID, quizzes: Collection[str]) -> AssignmentWork:
    """Return the current members and their attempts at the quizzes, in one statement.

    Of members in totals, only their number.
    """
    rows: Sequence[Any] = session.execute(
        select(
            Membership.sharing,
            Membership.account_id,
            Membership.id,
            Membership.nickname,
            _SHOWS_LATEST,
            Attempt.quiz,
            Attempt.id,
            Attempt.finished_at,
        )
        .outerjoin(
            Attempt,
            (Membership.sharing == SharingMode.NAMED)
            & (Attempt.account_id == Membership.account_id)
            & shared_attempt(group, quizzes),
        )
        .where(Membership.group_id == group, Membership.until.is_(None))
        .order_by(Membership.account_id, Attempt.finished_at, Attempt.id)
    ).all()
    members = {row[1]: row for row in rows if row[0] == SharingMode.NAMED}
    finished: dict[uuid.UUID, dict[str, uuid.UUID]] = {account: {} for account in members}
    begun: dict[uuid.UUID, set[str]] = {account: set() for account in members}
    for _, account, *_rest, quiz, attempt, finished_at in rows:
        if quiz is None:
            continue
        begun[account].add(quiz)
        if finished_at is not None:
            finished[account].setdefault(quiz, attempt)
    named = [
        MemberWork(account, row[2], row[3], row[4], finished[account], frozenset(begun[account]))
        for account, row in members.items()
    ]
    named.sort(key=lambda one: (*sort_key(one.nickname), one.nickname, one.membership))
    return AssignmentWork(tuple(named), len({row[1] for row in rows}) - len(named))


def outcomes(
    session: Session, group: uuid.UUID, quizzes: Collection[str]
) -> tuple[AnswerOutcome, ...]:
    """Return the questions of finished attempts of members who show single answers."""
    shown = Item.answered_at.is_not(None) & _is_shared()
    outcome = case(
        (Item.answered_at.is_(None), None),
        (_is_shared(), outcome_column()),
        else_=literal(HIDDEN),
    )
    rows = session.execute(
        select(
            Item.account_id,
            Item.attempt_id,
            Item.question_id,
            outcome,
            case((shown, Item.score)),
        )
        .join(Attempt, and_(Attempt.account_id == Item.account_id, Attempt.id == Item.attempt_id))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(_shows_answers(group), Attempt.finished_at.is_not(None))
        .where(shared_attempt(group, quizzes))
        .order_by(Item.account_id, Item.attempt_id, Item.position)
    )
    return tuple(AnswerOutcome(*row) for row in rows)


def single_answer(
    session: Session, group: uuid.UUID, work: MemberWork, attempt: uuid.UUID, question: str
) -> SingleAnswer | None:
    """Return the member's answer to the question in their finished attempt, or None."""
    row = session.execute(
        select(Item.question_id, Item.version, Item.response, Item.score, Item.answered_at)
        .join(Attempt, and_(Attempt.account_id == Item.account_id, Attempt.id == Item.attempt_id))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(
            _shows_answers(group),
            Membership.id == work.membership,
            Item.account_id == work.account,
            Item.attempt_id == attempt,
            Item.question_id == question,
            Item.answered_at.is_not(None),
            Attempt.finished_at.is_not(None),
            _is_shared(),
        )
    ).first()
    return SingleAnswer(*row) if row else None


def _answers(group: uuid.UUID, quizzes: Collection[str]) -> Select[Any]:
    """Select the answers in finished attempts at the quizzes, after their account and attempt.

    Only of members who show single answers.
    """
    return (
        select(
            Item.account_id,
            Item.attempt_id,
            Item.question_id,
            Item.version,
            Item.response,
            Item.score,
            Item.answered_at,
        )
        .join(Attempt, and_(Attempt.account_id == Item.account_id, Attempt.id == Item.attempt_id))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(
            _shows_answers(group),
            shared_attempt(group, quizzes),
            Attempt.finished_at.is_not(None),
            Item.answered_at.is_not(None),
            _is_shared(),
        )
    )


def answers_to(
    session: Session, group: uuid.UUID, quiz: str, question: str
) -> Mapping[tuple[uuid.UUID, uuid.UUID], SingleAnswer]:
    """Return the answers to the question in finished attempts at the quiz, by member and attempt.

    Only of members who show single answers.
    """
    rows = session.execute(_answers(group, [quiz]).where(Item.question_id == question))
    return {(row[0], row[1]): SingleAnswer(*row[2:]) for row in rows}


def all_answers(
    session: Session, group: uuid.UUID, quizzes: Collection[str]
) -> Mapping[tuple[uuid.UUID, uuid.UUID, str], SingleAnswer]:
    """Return the answers in finished attempts at the quizzes, by member, attempt, and question.

    Only of members who show single answers.
    """
    rows = session.execute(_answers(group, quizzes))
    return {(row[0], row[1], row[2]): SingleAnswer(*row[2:]) for row in rows}


def _shows_answers(group: uuid.UUID) -> Any:
    return and_(
        Membership.group_id == group,
        Membership.until.is_(None),
        Membership.sharing == SharingMode.NAMED,
        _SHOWS_LATEST,
    )


def _is_shared() -> Any:
    return and_(Item.answered_at >= Membership.shares_from, ~was_disclosed(Item))
