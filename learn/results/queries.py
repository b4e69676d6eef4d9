"""First answers of a group's members, aggregated in the database.

A first answer is a learner's first one ever to a question, in any version. It is shared with a
group if its attempt is finished and it was given at or after `shares_from` of the learner's current
membership. Former members are in none of these rows.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    bindparam,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Session

from learn import anonymous_answers
from learn.audit_log.actions import AuditEvent
from learn.learner.group_assignments import SELECT_ASSIGNMENT, GroupAssignment
from learn.models import (
    Assignment,
    Attempt,
    AuditLog,
    Membership,
    SharingMode,
    SharingTerms,
)
from learn.results import first_answer_statements
from learn.results.first_answer_statements import ASSIGNMENT_PREFIX
from learn.results.latest_answer_statements import latest_statements


@dataclass(frozen=True, slots=True)
class IdenticalAnswers:
    """`count` first answers that are equal in all other fields.

    `quiz` is the quiz of their attempts if it was assigned, else "". `score` is from 0 to 1. For
    members in totals, `block` and `block_size` are those of the last disclosure, and
    `already_disclosed` says that an educator may know the answer: it was counted before, shared by
    name, or given by an educator of the group.
    """

    sharing: str
    question: str
    version: str
    quiz: str
    response: Mapping[str, Any]
    score: float
    block: uuid.UUID | None
    block_size: int | None
    already_disclosed: bool
    count: int


@dataclass(frozen=True, slots=True)
class LatestAnswers:
    """`count` members' latest answers to an objective, equal in all other fields.

    `objective` is the id that counts now; `score` is from 0 to 1. Right answers are counted
    together, whatever the answer was: it is None, and so is their version.
    """

    objective: str
    question: str
    version: str | None
    response: Mapping[str, Any] | None
    score: float
    count: int


@dataclass(frozen=True, slots=True)
class NamedScore:
    """A first answer of a named member, with its score from 0 to 1."""

    account: uuid.UUID
    question: str
    version: str
    quiz: str
    score: float


@dataclass(frozen=True, slots=True)
class LearnerScore:
    """A first answer of a named member who agreed that single answers are seen.

    `score` is from 0 to 1.
    """

    account: uuid.UUID
    membership: uuid.UUID
    nickname: str
    question: str
    version: str
    quiz: str
    score: float


@dataclass(frozen=True, slots=True)
class TotalsAnswer:
    """A first answer of a member in totals; the fields are as in `IdenticalAnswers`."""

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    question: str
    version: str
    quiz: str
    block: uuid.UUID | None
    block_size: int | None
    already_disclosed: bool


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """Numbers of current members by `sharing`.

    `unfinished` counts attempts of named members who agreed that it is seen what they have begun.
    `latest` is the number of named members who agreed that their latest answers are seen.
    `unlogged` named members have no line in their log about this educator's views of this day.
    `last_visit` is the last day before it on which this educator looked at members of the group.
    """

    named: int = 0
    totals: int = 0
    unfinished: int = 0
    unlogged: int = 0
    latest: int = 0
    last_visit: date | None = None


@dataclass(frozen=True, slots=True)
class AssignedQuiz:
    """An assignment, the questions that everybody gets if it is a quiz, and its quizzes' names."""

    id: uuid.UUID
    title: str
    fixed_questions: tuple[str, ...]
    quizzes: frozenset[str] = frozenset()


def first_answers(
    session: Session, group: uuid.UUID, begin: datetime, end: datetime
) -> tuple[IdenticalAnswers, ...]:
    """First answers of the group's members, equal ones grouped.

    Answers of named members are limited to the time from `begin` until before `end`. Those of
    members in totals are not: a block is shown as a whole or not at all.
    """
    rows = session.execute(_FIRST_ANSWERS, {"group": group, "begin": begin, "end": end})
    return tuple(IdenticalAnswers(*row) for row in rows)


def first_answers_in_totals(session: Session, group: uuid.UUID) -> tuple[IdenticalAnswers, ...]:
    """First answers of the group's members in totals, equal ones grouped."""
    rows = session.execute(_FIRST_IN_TOTALS, {"group": group})
    return tuple(IdenticalAnswers(*row) for row in rows)


def latest_answers(
    session: Session,
    group: uuid.UUID,
    begin: datetime,
    end: datetime,
    assignment: uuid.UUID | None = None,
) -> tuple[LatestAnswers, ...]:
    """Return the latest answer to each objective of each member who agreed that it is seen.

    They are from finished attempts, but not from quizzes before the lessons, from `begin` until
    before `end`, and, with an `assignment`, from its quizzes only. An answer that was disclosed in
    totals is never shown by name, so it doesn't count here either.
    """
    of_assignment = f"{ASSIGNMENT_PREFIX}{assignment.hex}" if assignment else ""
    values = {"group": group, "begin": begin, "end": end, "of_assignment": of_assignment}
    statement, _ = latest_statements(session)
    return tuple(LatestAnswers(*row) for row in session.execute(statement, values))


def latest_people(  # noqa: PLR0913 - as for the answers, and their objectives
    session: Session,
    group: uuid.UUID,
    begin: datetime,
    end: datetime,
    assignment: uuid.UUID | None,
    *,
    objectives: Collection[str],
) -> int:
    """Return how many people the latest answers to these objectives are from."""
    of_assignment = f"{ASSIGNMENT_PREFIX}{assignment.hex}" if assignment else ""
    values = {"group": group, "begin": begin, "end": end, "of_assignment": of_assignment}
    _, statement = latest_statements(session)
    return session.scalar(statement, {**values, "objectives": [*objectives]}) or 0


def named_scores(
    session: Session, group: uuid.UUID, begin: datetime, end: datetime
) -> tuple[NamedScore, ...]:
    """Scores of named members' first answers from `begin` until before `end`."""
    rows = session.execute(_SCORES, {"group": group, "begin": begin, "end": end})
    return tuple(NamedScore(*row) for row in rows)


def learner_scores(
    session: Session, group: uuid.UUID, begin: datetime, end: datetime
) -> tuple[LearnerScore, ...]:
    """Scores of first answers from `begin` until before `end`, of who agreed to show them.

    An answer that was disclosed in totals is not among them.
    """
    rows = session.execute(_LEARNER_SCORES, {"group": group, "begin": begin, "end": end})
    return tuple(LearnerScore(*row) for row in rows)


def totals_answers(session: Session, group: uuid.UUID) -> tuple[TotalsAnswer, ...]:
    """First answers of members in totals, in an order that does not follow the accounts."""
    return tuple(TotalsAnswer(*row) for row in session.execute(_IN_TOTALS, {"group": group}))


def member_counts(session: Session, seen: AuditEvent, educator: uuid.UUID) -> MemberCounts:
    """Count the current members. Nothing else is disclosed about members in totals.

    `seen` is the educator's view that may have been logged today; nobody's own views are.
    """
    values = {"day": seen.day, "name": seen.educator, "view": seen.view, "educator": educator}
    rows = {row[0]: row for row in session.execute(_MEMBERS, {"group": seen.group, **values})}
    named, totals = (
        rows.get(SharingMode.NAMED, ("", 0, 0, 0, 0)),
        rows.get(SharingMode.TOTALS, ("", 0, 0, 0, 0)),
    )
    last_visit = max((row[5] for row in rows.values() if row[5]), default=None)
    unfinished, unlogged, latest = named[2:5]
    return MemberCounts(named[1], totals[1], unfinished, unlogged, latest, last_visit)


def named_accounts(session: Session, group: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Return the accounts of the current members who share by name."""
    return tuple(
        session.scalars(
            select(Membership.account_id).where(
                Membership.group_id == group,
                Membership.until.is_(None),
                Membership.sharing == SharingMode.NAMED,
            )
        )
    )


def assignments(session: Session, group: uuid.UUID) -> tuple[AssignedQuiz, ...]:
    """Return the group's assignments, open and closed, latest first."""
    assigned = (GroupAssignment(*row) for row in session.execute(_ASSIGNMENTS, {"group": group}))
    return tuple(
        AssignedQuiz(one.id, one.title, tuple(one.contents.get("questions", ())), one.quizzes)
        for one in assigned
    )


def newly_finished(
    session: Session, group: uuid.UUID, since: datetime
) -> Mapping[str, Mapping[uuid.UUID, bool]]:
    """Return who of the members who share by name finished a quiz from a time on, by quiz.

    Beside each of them stands whether it was their first time, as far as the group may see.
    """
    first = func.min(Attempt.finished_at)
    rows = session.execute(
        select(Attempt.quiz, Attempt.account_id, first >= since)
        .join(Membership, Membership.account_id == Attempt.account_id)
        .where(
            Membership.group_id == group,
            Membership.until.is_(None),
            Membership.sharing == SharingMode.NAMED,
            Attempt.finished_at >= Membership.shares_from,
            anonymous_answers.may_be_named(Attempt, group),
        )
        .group_by(Attempt.quiz, Attempt.account_id)
        .having(func.max(Attempt.finished_at) >= since)
    )
    found: dict[str, dict[uuid.UUID, bool]] = defaultdict(dict)
    for quiz, account, is_first in rows:
        found[quiz][account] = bool(is_first)
    return found


def _members() -> Any:
    unfinished = (
        select(func.count())
        .select_from(Attempt)
        .where(
            Membership.sharing == SharingMode.NAMED,
            Membership.terms == SharingTerms.LATEST,
            Attempt.account_id == Membership.account_id,
            Attempt.finished_at.is_(None),
            Attempt.started_at >= Membership.shares_from,
            anonymous_answers.may_be_named(Attempt, Membership.group_id),
        )
        .scalar_subquery()
    )
    logged = exists().where(
        AuditLog.account_id == Membership.account_id,
        AuditLog.group_id == Membership.group_id,
        AuditLog.viewed_on == bindparam("day"),
        AuditLog.educator == bindparam("name"),
        AuditLog.view == bindparam("view"),
    )
    unlogged = case(
        (Membership.account_id == bindparam("educator"), 0),
        (logged, 0),
        else_=1,
    )
    # By member, as the log is sorted, so that no other group's lines are read.
    last_visit = (
        select(func.max(AuditLog.viewed_on))
        .where(
            AuditLog.account_id == Membership.account_id,
            AuditLog.group_id == Membership.group_id,
            AuditLog.viewed_on < bindparam("day"),
            AuditLog.educator == bindparam("name"),
        )
        .scalar_subquery()
    )
    inside = (
        select(
            Membership.sharing,
            unfinished.label("unfinished"),
            unlogged.label("unlogged"),
            case((Membership.terms == SharingTerms.LATEST, 1), else_=0).label("latest"),
            last_visit.label("last_visit"),
        )
        .where(Membership.group_id == bindparam("group"), Membership.until.is_(None))
        .subquery()
    )
    return select(
        inside.c.sharing,
        func.count(),
        func.sum(inside.c.unfinished),
        func.sum(inside.c.unlogged),
        func.sum(inside.c.latest),
        func.max(inside.c.last_visit),
    ).group_by(inside.c.sharing)


# Built once: building them takes longer than running them for a small group.
_FIRST_ANSWERS, _FIRST_IN_TOTALS, _SCORES, _LEARNER_SCORES, _IN_TOTALS, _MEMBERS = (
    first_answer_statements.grouped_answers(),
    first_answer_statements.grouped_answers(SharingMode.TOTALS),
    first_answer_statements.named_scores(),
    first_answer_statements.learner_scores(),
    first_answer_statements.answers_in_totals(),
    _members(),
)
_ASSIGNMENTS = SELECT_ASSIGNMENT.where(Assignment.group_id == bindparam("group")).order_by(
    Assignment.created_at.desc(), Assignment.id
)
