"""First answers of a group's members, aggregated in the database.

A first answer is a learner's first one ever to a question, in any version. It is shared with a
group if its attempt is finished and it was given at or after `shares_from` of the learner's current
membership. Former members are in none of these rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from learn import anonymous_answers
from learn.audit_log.actions import AuditEvent
from learn.learner.quiz_refs import BEFORE, BEFORE_PART, QuizKind, prefix
from learn.models import (
    Assignment,
    Attempt,
    AuditLog,
    DisclosedAnswer,
    GroupEducator,
    Item,
    Membership,
    SharingMode,
    SharingTerms,
)
from learn.objective_ids import MergedIds, current, merged_ids

_ASSIGNMENT = prefix(QuizKind.ASSIGNMENT)


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
    """

    named: int = 0
    totals: int = 0
    unfinished: int = 0
    unlogged: int = 0
    latest: int = 0


@dataclass(frozen=True, slots=True)
class AssignedQuiz:
    """An assignment, and the questions that everybody gets if it is a quiz."""

    id: uuid.UUID
    title: str
    fixed_questions: tuple[str, ...]


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
    of_assignment = f"{_ASSIGNMENT}{assignment.hex}" if assignment else ""
    values = {"group": group, "begin": begin, "end": end, "of_assignment": of_assignment}
    statement, _ = _latest(session)
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
    of_assignment = f"{_ASSIGNMENT}{assignment.hex}" if assignment else ""
    values = {"group": group, "begin": begin, "end": end, "of_assignment": of_assignment}
    _, statement = _latest(session)
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
    return MemberCounts(named[1], totals[1], *named[2:])


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
    rows = session.execute(_ASSIGNMENTS, {"group": group})
    return tuple(
        AssignedQuiz(id_, title, tuple(contents.get("questions", ())))
        for id_, title, contents in rows
    )


def _first_answers(sharing: SharingMode | None) -> Subquery:
    """Answers of current members with this `sharing`, or all; a first one has `answer_rank` 1."""
    inside = select(Membership.account_id).where(
        Membership.group_id == bindparam("group"), Membership.until.is_(None)
    )
    if sharing is not None:
        inside = inside.where(Membership.sharing == sharing)
    rank = func.row_number().over(
        partition_by=(Item.account_id, Item.question_id),
        order_by=(Item.answered_at, Item.attempt_id, Item.position),
    )
    return (
        select(
            Item.account_id,
            Item.attempt_id,
            Item.position,
            Item.question_id,
            Item.version,
            Item.response,
            Item.score,
            Item.answered_at,
            rank.label("answer_rank"),
        )
        .where(Item.account_id.in_(inside), Item.answered_at.is_not(None))
        .subquery()
    )


def _shared_answers(sharing: SharingMode | None = None) -> Subquery:
    """First answers shared by members with this `sharing`, or by all members."""
    first, membership = _first_answers(sharing), aliased(Membership)
    anywhere, other = aliased(DisclosedAnswer), aliased(Membership)
    ever = exists().where(
        anywhere.account_id == first.c.account_id,
        anywhere.attempt_id == first.c.attempt_id,
        anywhere.position == first.c.position,
    )
    was_disclosed = exists().where(
        other.account_id == first.c.account_id,
        other.sharing == SharingMode.NAMED,
        other.shares_from <= first.c.answered_at,
        or_(other.until.is_(None), other.until >= first.c.answered_at),
    )
    leads = exists().where(
        GroupEducator.account_id == first.c.account_id,
        GroupEducator.group_id == bindparam("group"),
    )
    already_disclosed = case(
        (membership.sharing == SharingMode.NAMED, literal(0)),
        (or_(ever, was_disclosed, leads), literal(1)),
        else_=literal(0),
    )
    named = and_(
        membership.sharing == SharingMode.NAMED,
        first.c.answered_at >= bindparam("begin"),
        first.c.answered_at < bindparam("end"),
        ~ever,
    )
    totals = membership.sharing == SharingMode.TOTALS
    wanted = {SharingMode.NAMED: named, SharingMode.TOTALS: totals, None: or_(totals, named)}[
        sharing
    ]
    return (
        select(
            membership.sharing,
            first,
            case((Attempt.quiz.startswith(_ASSIGNMENT), Attempt.quiz), else_="").label("quiz"),
            _of_block("block", first, membership),
            _of_block("block_size", first, membership),
            already_disclosed.label("already_disclosed"),
        )
        .join_from(
            first,
            membership,
            and_(
                membership.account_id == first.c.account_id,
                membership.group_id == bindparam("group"),
                membership.until.is_(None),
                membership.shares_from <= first.c.answered_at,
            ),
        )
        .join(
            Attempt,
            and_(Attempt.account_id == first.c.account_id, Attempt.id == first.c.attempt_id),
        )
        .where(first.c.answer_rank == 1, Attempt.finished_at.is_not(None), wanted)
        .subquery()
    )


def _of_block(column: str, first: Subquery, membership: Any) -> ColumnElement[Any]:
    """Return a column of the row about an answer's disclosure in the group; null without one.

    As a subquery, and with the group of the membership: PostgreSQL expects few rows of a group that
    its statistics don't know yet, and would join by the group alone, each answer with every row.
    """
    here = aliased(DisclosedAnswer)
    return (
        select(getattr(here, column))
        .where(
            here.account_id == first.c.account_id,
            here.group_id == membership.group_id,
            here.attempt_id == first.c.attempt_id,
            here.position == first.c.position,
        )
        .scalar_subquery()
        .label(column)
    )


def _grouped_answers(sharing: SharingMode | None = None) -> Any:
    row = _shared_answers(sharing).c
    alike = (
        row.sharing,
        row.question_id,
        row.version,
        row.quiz,
        row.response,
        row.score,
        row.block,
        row.block_size,
        row.already_disclosed,
    )
    return select(*alike, func.count()).group_by(*alike)


def _scores() -> Any:
    row = _shared_answers(SharingMode.NAMED).c
    return select(row.account_id, row.question_id, row.version, row.quiz, row.score).order_by(
        row.account_id, row.question_id
    )


def _learner_scores() -> Any:
    row = _shared_answers(SharingMode.NAMED).c
    return (
        select(
            row.account_id,
            Membership.id,
            Membership.nickname,
            row.question_id,
            row.version,
            row.quiz,
            row.score,
        )
        .join(
            Membership,
            and_(
                Membership.account_id == row.account_id,
                Membership.group_id == bindparam("group"),
                Membership.until.is_(None),
                Membership.terms == SharingTerms.LATEST,
            ),
        )
        .order_by(Membership.id, row.question_id)
    )


def _in_totals() -> Any:
    row = _shared_answers(SharingMode.TOTALS).c
    return select(
        row.account_id,
        row.attempt_id,
        row.position,
        row.question_id,
        row.version,
        row.quiz,
        row.block,
        row.block_size,
        row.already_disclosed,
    ).order_by(row.attempt_id, row.position)


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
    inside = (
        select(
            Membership.sharing,
            unfinished.label("unfinished"),
            unlogged.label("unlogged"),
            case((Membership.terms == SharingTerms.LATEST, 1), else_=0).label("latest"),
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
    ).group_by(inside.c.sharing)


def _shown_answers(session: Session) -> Select[Any]:
    """All answers of members who show their latest ones, which are among them.

    What was right has no version and response, so that it is counted together.
    """
    was_disclosed = exists().where(
        DisclosedAnswer.account_id == Item.account_id,
        DisclosedAnswer.attempt_id == Item.attempt_id,
        DisclosedAnswer.position == Item.position,
    )
    return (
        select(
            Item.account_id,
            _objective(session).label("objective"),
            Item.question_id,
            case((Item.score < 1, Item.version)).label("version"),
            case((Item.score < 1, Item.response)).label("response"),
            Item.score,
        )
        .select_from(Membership)
        .join(Attempt, Attempt.account_id == Membership.account_id)
        .join(Item, and_(Item.account_id == Attempt.account_id, Item.attempt_id == Attempt.id))
        .where(
            Membership.group_id == bindparam("group"),
            Membership.until.is_(None),
            Membership.sharing == SharingMode.NAMED,
            Membership.terms == SharingTerms.LATEST,
            Item.answered_at >= Membership.shares_from,
            Item.answered_at >= bindparam("begin"),
            Item.answered_at < bindparam("end"),
            Attempt.finished_at.is_not(None),
            Attempt.quiz != str(BEFORE),
            ~(Attempt.quiz.startswith(_ASSIGNMENT) & Attempt.quiz.endswith(f"/{BEFORE_PART}")),
            Attempt.quiz.startswith(bindparam("of_assignment")),
            ~was_disclosed,
        )
    )


def _latest(session: Session) -> tuple[Any, Any]:
    kind = session.get_bind().dialect.name, merged_ids(session)
    if kind not in _LATEST:
        _LATEST[kind] = _latest_answers(session), _latest_people(session)
    return _LATEST[kind]


def _objective(session: Session) -> ColumnElement[Any]:
    return current(session, Item.__table__.c.objective_id)


def _latest_answers(session: Session) -> Any:
    row = _latest_of(session, _shown_answers(session)).c
    alike = row.objective, row.question_id, row.version, row.response, row.score
    return select(*alike, func.count()).group_by(*alike)


def _latest_of(session: Session, answers: Select[Any]) -> Subquery:
    """Return each account's latest answer to each objective.

    SQLite takes the other columns from the row with the maximum, in half the time of a window that
    ranks all rows. PostgreSQL has DISTINCT ON.
    """
    one = Item.account_id, _objective(session)
    if session.get_bind().dialect.name == "sqlite":
        return answers.add_columns(func.max(Item.answered_at)).group_by(*one).subquery()
    latest = Item.answered_at.desc(), Item.attempt_id.desc(), Item.position.desc()
    return answers.ext(distinct_on(*one)).order_by(*one, *latest).subquery()


def _latest_people(session: Session) -> Any:
    row = _shown_answers(session).subquery().c
    wanted = row.objective.in_(bindparam("objectives", expanding=True))
    return select(func.count(row.account_id.distinct())).where(wanted)


_LATEST: dict[tuple[str, MergedIds], tuple[Any, Any]] = {}
"""The statements for latest answers and for the people who gave them.

They depend on the database, by its name, and contain the merged objectives.
"""

# Built once: building them takes longer than running them for a small group.
_FIRST_ANSWERS, _FIRST_IN_TOTALS, _SCORES, _LEARNER_SCORES, _IN_TOTALS, _MEMBERS = (
    _grouped_answers(),
    _grouped_answers(SharingMode.TOTALS),
    _scores(),
    _learner_scores(),
    _in_totals(),
    _members(),
)
_ASSIGNMENTS = (
    select(Assignment.id, Assignment.title, Assignment.contents)
    .where(Assignment.group_id == bindparam("group"))
    .order_by(Assignment.created_at.desc(), Assignment.id)
)
