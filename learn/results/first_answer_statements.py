"""Statements that select first answers, as members share them with a group."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
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
from sqlalchemy.orm import aliased

from learn.anonymous_answers import was_disclosed
from learn.learner.quiz_refs import QuizKind, prefix
from learn.models import (
    Attempt,
    DisclosedAnswer,
    GroupEducator,
    Item,
    Membership,
    SharingMode,
    SharingTerms,
)

ASSIGNMENT_PREFIX = prefix(QuizKind.ASSIGNMENT)


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
    other, ever = aliased(Membership), was_disclosed(first.c, aliased(DisclosedAnswer))
    was_named = exists().where(
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
        (or_(ever, was_named, leads), literal(1)),
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
            case((Attempt.quiz.startswith(ASSIGNMENT_PREFIX), Attempt.quiz), else_="").label(
                "quiz"
            ),
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


def grouped_answers(sharing: SharingMode | None = None) -> Any:
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


def named_scores() -> Any:
    row = _shared_answers(SharingMode.NAMED).c
    return select(row.account_id, row.question_id, row.version, row.quiz, row.score).order_by(
        row.account_id, row.question_id
    )


def learner_scores() -> Any:
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


def answers_in_totals() -> Any:
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
