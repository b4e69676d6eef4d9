"""Statements that select latest answers of members who agreed that they are seen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from learn.anonymous_answers import was_disclosed
from learn.learner.quiz_refs import BEFORE, BEFORE_PART
from learn.models import (
    Attempt,
    Item,
    Membership,
    SharingMode,
    SharingTerms,
)
from learn.objective_ids import MergedIds, current, merged_ids
from learn.results.first_answer_statements import ASSIGNMENT_PREFIX


def _shown_answers(session: Session) -> Select[Any]:
    """All answers of members who show their latest ones, which are among them.

    What was right has no version and response, so that it is counted together.
    """
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
            ~(
                Attempt.quiz.startswith(ASSIGNMENT_PREFIX)
                & Attempt.quiz.endswith(f"/{BEFORE_PART}")
            ),
            Attempt.quiz.startswith(bindparam("of_assignment")),
            ~was_disclosed(Item),
        )
    )


def latest_statements(session: Session) -> tuple[Any, Any]:
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
