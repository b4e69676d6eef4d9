"""What current members share by name: their answers at or after `shares_from`.

Answers of unfinished attempts are left out, and so are answers that were disclosed in a group's
totals: their learners were promised that nobody sees them individually.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from learn import nameless
from learn.alphabet import sort_key
from learn.learner import activity
from learn.learner.queries import RecordedAnswer
from learn.models import Assignment, Attempt, DisclosedAnswer, Item, Membership, SharingMode
from learn.models.base import table_of
from learn.objective_ids import current, current_id
from questions.model import Question


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A current member who shares by name; `id` is that of the membership."""

    account: uuid.UUID
    id: uuid.UUID
    nickname: str
    shares_from: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """Named members by nickname, and the number of members in totals."""

    named: tuple[NamedMember, ...]
    totals: int


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """A stored answer. `is_first` says that it is the learner's first one to the question.

    `as_answered` is the question as it was then, if it has changed since.
    """

    given: RecordedAnswer
    version: str
    response: Mapping[str, Any]
    is_first: bool
    as_answered: Question | None = None


@dataclass(frozen=True, slots=True)
class MemberAttempt:
    """An attempt that was started at or after `shares_from`."""

    quiz: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssignmentTitle:
    """Id, kind, and title of an assignment."""

    id: uuid.UUID
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """Whether an answer in a quiz was right."""

    account: uuid.UUID
    attempt: uuid.UUID
    quiz: str
    objective: str
    answered_at: datetime
    right: bool


def group_members(session: Session, group: uuid.UUID) -> GroupMembers:
    """Return the current members. Of those in totals, only their number."""
    rows = session.execute(
        select(
            Membership.sharing,
            Membership.account_id,
            Membership.id,
            Membership.nickname,
            Membership.shares_from,
            Membership.since,
        ).where(Membership.group_id == group, Membership.until.is_(None))
    ).all()
    named = [NamedMember(*row[1:]) for row in rows if row[0] == SharingMode.NAMED]
    by_name = sorted(named, key=lambda s: (*sort_key(s.nickname), s.nickname, s.id))
    return GroupMembers(tuple(by_name), len(rows) - len(named))


def named_member(session: Session, group: uuid.UUID, membership: uuid.UUID) -> NamedMember | None:
    """Return the current named member with that membership id in the group, or None."""
    row = session.execute(
        select(
            Membership.account_id,
            Membership.id,
            Membership.nickname,
            Membership.shares_from,
            Membership.since,
        ).where(Membership.id == membership, _is_named(group))
    ).first()
    return NamedMember(*row) if row else None


def named_answers(session: Session, group: uuid.UUID) -> Mapping[uuid.UUID, list[RecordedAnswer]]:
    """Return the answers of all named members by account, in chronological order.

    Ids are converted once, not for each row, which halves the time.
    """
    rows = session.execute(
        select(
            type_coerce(Item.account_id, NullType()),
            Item.question_id,
            Item.objective_id,
            type_coerce(Item.attempt_id, NullType()),
            Item.score,
            Item.answered_at,
            Item.sure,
        )
        .join(Attempt, _of_attempt(Item))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(_is_named(group), _is_shared(Item))
        .order_by(Item.account_id, Item.answered_at, Item.attempt_id, Item.position)
    )
    by_account: dict[uuid.UUID, list[RecordedAnswer]] = defaultdict(list)
    known = cache(_id)
    for account, question, objective, attempt, *rest in rows:
        now = current_id(session, objective)
        answer = RecordedAnswer(question, now, known(attempt), *cast("Any", rest))
        by_account[known(account)].append(answer)  # answered items have a score and a time
    return by_account


def answers_of(session: Session, group: uuid.UUID, account: uuid.UUID) -> tuple[MemberAnswer, ...]:
    """Return the answers of one named member, in chronological order."""
    rank = func.row_number().over(
        partition_by=Item.question_id, order_by=(Item.answered_at, Item.attempt_id, Item.position)
    )
    every = (
        select(*Item.__table__.c, rank.label("rank"))
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .subquery()
    )
    columns = every.c
    rows = session.execute(
        select(
            columns.question_id,
            columns.objective_id,
            columns.attempt_id,
            columns.score,
            columns.answered_at,
            columns.sure,
            columns.version,
            columns.response,
            columns.rank,
        )
        .join(Attempt, _of_attempt(columns))
        .join(Membership, Membership.account_id == columns.account_id)
        .where(_is_named(group), _is_shared(columns))
        .order_by(columns.answered_at, columns.attempt_id, columns.position)
    )
    return tuple(
        MemberAnswer(
            RecordedAnswer(row[0], current_id(session, row[1]), *row[2:6]),
            row[6],
            row[7],
            row[8] == 1,
        )
        for row in rows
    )


def attempts_of(
    session: Session, group: uuid.UUID, account: uuid.UUID
) -> tuple[MemberAttempt, ...]:
    """Return the attempts that a named member has started, latest first, up to MAX_ATTEMPTS.

    Without those that they gave to this group only in totals.
    """
    rows = session.execute(
        select(Attempt.quiz, Attempt.started_at, Attempt.finished_at)
        .join(Membership, Membership.account_id == Attempt.account_id)
        .where(
            Attempt.account_id == account,
            _is_named(group),
            Attempt.started_at >= Membership.shares_from,
            nameless.has_name(Attempt, group),
        )
        .order_by(Attempt.started_at.desc(), Attempt.id)
        .limit(activity.MAX_ATTEMPTS)
    )
    return tuple(MemberAttempt(*row) for row in rows)


def assignments(session: Session, group: uuid.UUID) -> tuple[AssignmentTitle, ...]:
    """Return the group's assignments, open and closed, latest first."""
    rows = session.execute(
        select(Assignment.id, Assignment.kind, Assignment.title)
        .where(Assignment.group_id == group)
        .order_by(Assignment.created_at.desc(), Assignment.id)
    )
    return tuple(AssignmentTitle(*row) for row in rows)


def quiz_answers(
    session: Session, group: uuid.UUID, quizzes: Iterable[str], only: uuid.UUID | None = None
) -> tuple[QuizAnswer, ...]:
    """Return the answers in these quizzes by all named members or `only` one, oldest first."""
    statement = (
        select(
            Item.account_id,
            Item.attempt_id,
            Attempt.quiz,
            current(session, table_of(Item).c.objective_id),
            Item.answered_at,
            Item.score == 1,
        )
        .join(Attempt, _of_attempt(Item))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(_is_named(group), _is_shared(Item), Attempt.quiz.in_([*quizzes]))
        .order_by(Item.answered_at, Item.attempt_id, Item.position)
    )
    if only is not None:
        statement = statement.where(Item.account_id == only)
    return tuple(QuizAnswer(*cast("Any", row)) for row in session.execute(statement))


def _id(raw: bytes | uuid.UUID) -> uuid.UUID:
    """Convert an id as the database driver returns it."""
    return uuid.UUID(bytes=raw) if isinstance(raw, bytes) else raw


def _is_named(group: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Membership.group_id == group,
        Membership.until.is_(None),
        Membership.sharing == SharingMode.NAMED,
    )


def _of_attempt(item: Any) -> ColumnElement[bool]:
    return and_(Attempt.account_id == item.account_id, Attempt.id == item.attempt_id)


def _is_shared(item: Any) -> ColumnElement[bool]:
    was_disclosed = exists().where(
        DisclosedAnswer.account_id == item.account_id,
        DisclosedAnswer.attempt_id == item.attempt_id,
        DisclosedAnswer.position == item.position,
    )
    return and_(
        item.answered_at >= Membership.shares_from, Attempt.finished_at.is_not(None), ~was_disclosed
    )
