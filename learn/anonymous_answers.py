"""Answers that a group has only in totals, and that it never sees by name.

They are marked as disclosed, without a block. The membership may go on with a nickname, by the
member's own choice or since a guest signed in.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from learn.models import Attempt, DisclosedAnswer, Item, Membership, SharingMode
from learn.models.base import table_of

_attempt = table_of(Attempt)
_item = table_of(Item)
_disclosed = table_of(DisclosedAnswer)
_membership = table_of(Membership)
_COLUMNS = ["account_id", "group_id", "attempt_id", "position", "disclosed_at"]


def may_be_named(attempt: Any, group: Any) -> ColumnElement[bool]:
    """Return the condition that nothing of the attempt was given to this group only in totals.

    `attempt` is the model or table of attempts in the statement, and `group` a group's id.
    """
    marked = _disclosed.alias()
    return ~(
        exists()
        .where(
            marked.c.account_id == attempt.account_id,
            marked.c.group_id == group,
            marked.c.attempt_id == attempt.id,
        )
        .correlate_except(marked)
    )


def mark_open_questions(
    session: Session, account: uuid.UUID, group: uuid.UUID, now: datetime
) -> None:
    """Mark the open questions of quizzes that the account has begun, when it leaves the totals.

    An answer that waits on a device was given before that.
    """
    _mark(
        session,
        select(_item.c.account_id, _group(group), _item.c.attempt_id, _item.c.position, _time(now))
        .join_from(_item, _attempt, _of_attempt())
        .where(
            _attempt.c.account_id == account,
            _attempt.c.finished_at.is_(None),
            _item.c.answered_at.is_(None),
            ~_is_marked(group),
        ),
    )


def mark_guests_attempt(
    session: Session, account: uuid.UUID, attempt: uuid.UUID, now: datetime
) -> None:
    """Mark an attempt that the account's guest began before signing in, and that arrives after.

    In each group where somebody was in totals before the account shared by name: perhaps the guest.
    """
    own, earlier = _membership.alias(), _membership.alias()
    _mark(
        session,
        select(_item.c.account_id, own.c.group_id, _item.c.attempt_id, _item.c.position, _time(now))
        .join_from(_item, own, own.c.account_id == _item.c.account_id)
        .where(
            _item.c.account_id == account,
            _item.c.attempt_id == attempt,
            own.c.until.is_(None),
            own.c.sharing == SharingMode.NAMED,
            exists().where(
                earlier.c.account_id == account,
                earlier.c.group_id == own.c.group_id,
                earlier.c.sharing == SharingMode.TOTALS,
            ),
            ~_is_marked(own.c.group_id),
        ),
    )


def mark_guests_answers(session: Session, guest: uuid.UUID, account: uuid.UUID) -> None:
    """Before a merge, mark what the guest gave in totals where the account shares by name.

    So too what they gave before they left such a group, or changed what they share; and the open
    questions of a quiz that they began in totals.
    """
    theirs, own = _membership.alias(), _membership.alias()
    in_totals = theirs.c.sharing == SharingMode.TOTALS
    was_given = exists().where(
        theirs.c.account_id == guest,
        theirs.c.group_id == own.c.group_id,
        or_(
            _item.c.answered_at <= theirs.c.until,
            and_(theirs.c.until.is_(None), in_totals, _item.c.answered_at >= theirs.c.shares_from),
            and_(
                _item.c.answered_at.is_(None),
                in_totals,
                or_(theirs.c.until.is_(None), theirs.c.until >= _attempt.c.started_at),
            ),
        ),
    )
    _mark(
        session,
        select(
            _item.c.account_id,
            own.c.group_id,
            _item.c.attempt_id,
            _item.c.position,
            func.coalesce(_item.c.answered_at, _attempt.c.started_at),
        )
        .join_from(_item, _attempt, _of_attempt())
        .join(own, own.c.account_id == account)
        .where(
            _item.c.account_id == guest,
            own.c.until.is_(None),
            own.c.sharing == SharingMode.NAMED,
            was_given,
            ~_is_marked(own.c.group_id),
        ),
    )


def was_disclosed(answer: Any, disclosed: Any = DisclosedAnswer) -> ColumnElement[bool]:
    """Return the condition that an answer was disclosed in the totals of any group.

    `answer` is the model or table of items in the statement, and `disclosed` the model to look in,
    or an alias of it.
    """
    return exists().where(
        disclosed.account_id == answer.account_id,
        disclosed.attempt_id == answer.attempt_id,
        disclosed.position == answer.position,
    )


def _mark(session: Session, given: Any) -> None:
    session.execute(insert(_disclosed).from_select(_COLUMNS, given))


def _of_attempt() -> ColumnElement[bool]:
    return and_(_attempt.c.account_id == _item.c.account_id, _attempt.c.id == _item.c.attempt_id)


def _is_marked(group: Any) -> ColumnElement[bool]:
    marked = _disclosed.alias()
    return exists().where(
        marked.c.account_id == _item.c.account_id,
        marked.c.group_id == group,
        marked.c.attempt_id == _item.c.attempt_id,
        marked.c.position == _item.c.position,
    )


def _group(group: uuid.UUID) -> Any:
    return literal(group, _disclosed.c.group_id.type)


def _time(now: datetime) -> Any:
    return literal(now, _disclosed.c.disclosed_at.type)
