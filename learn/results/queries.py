"""First answers of a group's members, aggregated in the database.

A first answer is a learner's first one ever to a question, in any version. It is shared with a
group if its attempt is finished and it was given at or after `shares_from` of the learner's current
membership. Former members are in none of these rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, and_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from learn.models import Assignment, Attempt, DisclosedAnswer, GroupEducator, Item, Membership

NAMED, TOTALS = "named", "totals"
ASSIGNMENT = "assignment/"


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` first answers that are alike in all the rest.

    `sharing` is how their learners share, the `quiz` of their attempts if it was assigned,
    the `response` as kept, `score` from 0 to 1.
    Of those who share in totals only: the `block` they were let into last and its first size, and
    whether they are `stale`: counted before, seen with a name, or known to who leads the group.
    """

    sharing: str
    question: str
    version: str
    quiz: str
    response: Mapping[str, Any]
    score: float
    block: uuid.UUID | None
    block_size: int | None
    stale: bool
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """A first answer of somebody who shares by name."""

    account: uuid.UUID
    question: str
    version: str
    quiz: str
    score: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A first answer of somebody who shares in totals only; the rest is as in `Tally`."""

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    question: str
    version: str
    quiz: str
    block: uuid.UUID | None
    block_size: int | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Members:
    """How many are in the group, and how many quizzes those with a name have begun."""

    named: int = 0
    totals: int = 0
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the group was asked to do; `fixed` has the questions of a quiz, the same for all."""

    id: uuid.UUID
    title: str
    fixed: tuple[str, ...]


def tallies(
    session: Session, group: uuid.UUID, begin: datetime, end: datetime
) -> tuple[Tally, ...]:
    """All first answers of the group's members, those alike together.

    Of those with a name only what was answered from `begin` until before `end`; of the others all,
    since their blocks are whole or not there.
    """
    rows = session.execute(_TALLIES, {"group": group, "begin": begin, "end": end})
    return tuple(Tally(*row) for row in rows)


def scores(session: Session, group: uuid.UUID, begin: datetime, end: datetime) -> tuple[Score, ...]:
    """First answers of those with a name, one by one, from `begin` until before `end`."""
    rows = session.execute(_SCORES, {"group": group, "begin": begin, "end": end})
    return tuple(Score(*row) for row in rows)


def in_totals(session: Session, group: uuid.UUID) -> tuple[Waiting, ...]:
    """First answers of those who share in totals only, one by one, in no order of people."""
    return tuple(Waiting(*row) for row in session.execute(_IN_TOTALS, {"group": group}))


def members(session: Session, group: uuid.UUID) -> Members:
    """Who is in the group now, in numbers. No statement about anybody in totals but that."""
    found = {row[0]: row for row in session.execute(_MEMBERS, {"group": group})}
    named, totals = found.get(NAMED, ("", 0, 0)), found.get(TOTALS, ("", 0, 0))
    return Members(named[1], totals[1], named[2])


def assignments(session: Session, group: uuid.UUID) -> tuple[Assigned, ...]:
    """What the group was ever asked to do, the newest first."""
    rows = session.execute(_ASSIGNMENTS, {"group": group})
    return tuple(
        Assigned(own, title, tuple(contents.get("questions", ()))) for own, title, contents in rows
    )


def _firsts() -> Subquery:
    """The first answer of each member to each question; `turn` is 1."""
    inside = select(Membership.account_id).where(
        Membership.group_id == bindparam("group"), Membership.until.is_(None)
    )
    turn = func.row_number().over(
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
            turn.label("turn"),
        )
        .where(Item.account_id.in_(inside), Item.answered_at.is_not(None))
        .subquery()
    )


def _shared(sharing: str | None = None) -> Subquery:
    """First answers that the group's members share, of those who share so, or of all."""
    first, membership = _firsts(), aliased(Membership)
    here, anywhere, other = aliased(DisclosedAnswer), aliased(DisclosedAnswer), aliased(Membership)
    ever = exists().where(
        anywhere.account_id == first.c.account_id,
        anywhere.attempt_id == first.c.attempt_id,
        anywhere.position == first.c.position,
    )
    seen = exists().where(
        other.account_id == first.c.account_id,
        other.sharing == NAMED,
        other.shares_from <= first.c.answered_at,
        or_(other.until.is_(None), other.until >= first.c.answered_at),
    )
    leads = exists().where(
        GroupEducator.account_id == first.c.account_id,
        GroupEducator.group_id == bindparam("group"),
    )
    stale = case(
        (membership.sharing == NAMED, literal(0)),
        (here.account_id.is_not(None), literal(1)),
        (or_(ever, seen, leads), literal(1)),
        else_=literal(0),
    )
    named = and_(
        membership.sharing == NAMED,
        first.c.answered_at >= bindparam("begin"),
        first.c.answered_at < bindparam("end"),
        ~ever,
    )
    totals = membership.sharing == TOTALS
    wanted = {NAMED: named, TOTALS: totals, None: or_(totals, named)}[sharing]
    return (
        select(
            membership.sharing,
            first,
            case((Attempt.quiz.startswith(ASSIGNMENT), Attempt.quiz), else_="").label("quiz"),
            here.block,
            here.block_size,
            stale.label("stale"),
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
        .outerjoin(
            here,
            and_(
                here.account_id == first.c.account_id,
                here.group_id == bindparam("group"),
                here.attempt_id == first.c.attempt_id,
                here.position == first.c.position,
            ),
        )
        .where(first.c.turn == 1, Attempt.finished_at.is_not(None), wanted)
        .subquery()
    )


def _tallies() -> Any:
    row = _shared().c
    alike = (
        row.sharing,
        row.question_id,
        row.version,
        row.quiz,
        row.response,
        row.score,
        row.block,
        row.block_size,
        row.stale,
    )
    together = func.count(), func.min(row.answered_at), func.max(row.answered_at)
    return select(*alike, *together).group_by(*alike)


def _scores() -> Any:
    row = _shared(NAMED).c
    return select(row.account_id, row.question_id, row.version, row.quiz, row.score).order_by(
        row.account_id, row.question_id
    )


def _in_totals() -> Any:
    row = _shared(TOTALS).c
    return select(
        row.account_id,
        row.attempt_id,
        row.position,
        row.question_id,
        row.version,
        row.quiz,
        row.block,
        row.block_size,
        row.stale,
    ).order_by(row.attempt_id, row.position)


def _members() -> Any:
    begun = (
        select(func.count())
        .select_from(Attempt)
        .where(
            Membership.sharing == NAMED,
            Attempt.account_id == Membership.account_id,
            Attempt.finished_at.is_(None),
            Attempt.started_at >= Membership.shares_from,
        )
        .scalar_subquery()
    )
    inside = (
        select(Membership.sharing, begun.label("begun"))
        .where(Membership.group_id == bindparam("group"), Membership.until.is_(None))
        .subquery()
    )
    return select(inside.c.sharing, func.count(), func.sum(inside.c.begun)).group_by(
        inside.c.sharing
    )


# Built once: to build them takes longer than to run them for a small group.
_TALLIES, _SCORES, _IN_TOTALS, _MEMBERS = _tallies(), _scores(), _in_totals(), _members()
_ASSIGNMENTS = (
    select(Assignment.id, Assignment.title, Assignment.contents)
    .where(Assignment.group_id == bindparam("group"))
    .order_by(Assignment.made_at.desc(), Assignment.id)
)
