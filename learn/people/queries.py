"""What current members share by name: their answers at or after `shares_from`.

Answers of unfinished attempts are left out, and so are answers that were disclosed in a group's
totals: their learners were promised that nobody sees them individually. What came with the terms
`latest` (latest answers, and who hasn't begun) is read only of members who have accepted them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from learn import anonymous_answers, nicknames
from learn.alphabet import sort_key
from learn.learner import activity
from learn.learner.queries import RecordedAnswer
from learn.models import (
    Assignment,
    Attempt,
    Item,
    Membership,
    Removal,
    SharingMode,
    SharingTerms,
)
from learn.models.base import table_of
from learn.objective_ids import current, current_id
from questions.grading import ALMOST
from questions.model import Question
from questions.progress import Standing


@dataclass(frozen=True, slots=True)
class NamedMember:
    """A current member who shares by name; `id` is that of the membership.

    `shows_latest` says that they agreed to show their latest answers, and what they haven't begun.
    `rename_asked_at` is when they were asked for another nickname, if they have none yet.
    """

    account: uuid.UUID
    id: uuid.UUID
    nickname: str
    shares_from: datetime
    since: datetime
    shows_latest: bool
    rename_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemovedMember:
    """Somebody whom an educator removed on that day, without a name; `id` is the membership's."""

    id: uuid.UUID
    removed_at: datetime


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """Named members by nickname, and the number of members in totals.

    `not_begun` are those of the named members who have begun no quiz since they share, as far as
    they agreed to show it; `removed`, those whom an educator removed, latest first.
    """

    named: tuple[NamedMember, ...]
    totals: int
    not_begun: tuple[NamedMember, ...] = ()
    removed: tuple[RemovedMember, ...] = ()

    @property
    def alike(self) -> tuple[tuple[NamedMember, ...], ...]:
        """Members whose nicknames look alike, together."""
        by_look: dict[str, list[NamedMember]] = defaultdict(list)
        for member in self.named:
            by_look[nicknames.skeleton(member.nickname)].append(member)
        return tuple(tuple(found) for found in by_look.values() if len(found) > 1)


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
    """Return the current members: of those in totals, only their number.

    Of those whom an educator removed, only the day.
    """
    has_begun = (
        exists()
        .where(
            Attempt.account_id == Membership.account_id,
            Attempt.started_at >= Membership.shares_from,
            anonymous_answers.may_be_named(Attempt, group),
        )
        .correlate(Membership)
    )
    shows_beginnings = and_(Membership.sharing == SharingMode.NAMED, _SHOWS_LATEST)
    rows = session.execute(
        select(
            Membership.sharing,
            case((shows_beginnings, has_begun), else_=True),
            Membership.until,
            *_MEMBER,
        ).where(
            Membership.group_id == group,
            Membership.until.is_(None) | (Membership.removal == Removal.REMOVED),
        )
    ).all()
    removed = [RemovedMember(row[4], row[2]) for row in rows if row[2] is not None]
    inside = [row for row in rows if row[2] is None]
    named = [(NamedMember(*row[3:]), row[1]) for row in inside if row[0] == SharingMode.NAMED]
    named.sort(key=lambda one: (*sort_key(one[0].nickname), one[0].nickname, one[0].id))
    return GroupMembers(
        tuple(member for member, _ in named),
        len(inside) - len(named),
        tuple(member for member, begun in named if not begun),
        tuple(sorted(removed, key=lambda one: (one.removed_at, one.id), reverse=True)),
    )


def named_member(session: Session, group: uuid.UUID, membership: uuid.UUID) -> NamedMember | None:
    """Return the current named member with that membership id in the group, or None."""
    row = session.execute(
        select(*_MEMBER).where(Membership.id == membership, _is_named(group))
    ).first()
    return NamedMember(*row) if row else None


def named_standings(
    session: Session, group: uuid.UUID, zone: ZoneInfo
) -> Mapping[uuid.UUID, Mapping[str, Standing]]:
    """Return the standings of all named members by account and objective, where they are started.

    The rule is that of `questions.progress`, with one row for each member and objective: two
    different days were answered right if the first and the last right answer are of different days.
    Days are those of `zone`. Of who hasn't agreed to show latest answers, without these.
    """
    rank = func.row_number().over(
        partition_by=(Item.account_id, current(session, table_of(Item).c.objective_id)),
        order_by=(Item.answered_at.desc(), Item.attempt_id.desc(), Item.position.desc()),
    )
    shared = (
        select(
            Item.account_id,
            current(session, table_of(Item).c.objective_id).label("objective"),
            Item.question_id,
            Item.score,
            Item.answered_at,
            _SHOWS_LATEST.label("shows_latest"),
            rank.label("answer_rank"),
        )
        .join(Attempt, _of_attempt(Item))
        .join(Membership, Membership.account_id == Item.account_id)
        .where(_is_named(group), _is_shared(Item))
        .subquery()
    )
    row = shared.c
    is_right = row.score == 1
    several = func.count(case((is_right, row.question_id)).distinct()) > 1

    def right(moment: Any) -> ColumnElement[Any]:
        """Return the first or last moment of a right answer, if several questions were right."""
        return case((several, moment(case((is_right, row.answered_at)))))

    rows = session.execute(
        select(
            type_coerce(row.account_id, NullType()),
            row.objective,
            func.max(case((row.answer_rank == 1, row.score))),
            row.shows_latest,
            type_coerce(right(func.min), row.answered_at.type),
            type_coerce(right(func.max), row.answered_at.type),
        ).group_by(row.account_id, row.objective, row.shows_latest)
    )
    by_account: dict[uuid.UUID, dict[str, Standing]] = defaultdict(dict)
    known = cache(_id)
    for account, objective, last, shows_latest, first_right, last_right in rows:
        standing = Standing.GETTING_THERE
        if last < ALMOST:
            standing = Standing.ANOTHER_LOOK if shows_latest else Standing.GETTING_THERE
        elif last == 1 and first_right is not None:
            days = (moment.astimezone(zone).date() for moment in (first_right, last_right))
            if len({*days}) > 1:
                standing = Standing.MASTERED
        by_account[known(account)][objective] = standing
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
            anonymous_answers.may_be_named(Attempt, group),
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


_SHOWS_LATEST = Membership.terms == SharingTerms.LATEST
_MEMBER = (
    Membership.account_id,
    Membership.id,
    Membership.nickname,
    Membership.shares_from,
    Membership.since,
    _SHOWS_LATEST,
    Membership.rename_asked_at,
)


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
    return and_(
        item.answered_at >= Membership.shares_from,
        Attempt.finished_at.is_not(None),
        ~anonymous_answers.was_disclosed(item),
    )
