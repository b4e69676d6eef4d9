"""Every write about correcting a key. Whoever calls commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import Account, Item, MemoryRow, Notice, Regrade
from learn.models.base import table_of
from learn.regrading.queries import Change, Tally, answers, learners
from questions.memory import Answered, replay
from questions.model import Question

_account = table_of(Account)
_item = table_of(Item)
_memory = table_of(MemoryRow)
_notice = table_of(Notice)
_regrade = table_of(Regrade)

_KIND = "regraded"


def regrade(
    session: Session, question: Question, by: str, now: datetime, *, only_raise: bool = False
) -> Tally:
    """Grade all answers to the question by its key of now, and return what changed.

    What each grade was, who changed it and when stays; what the learner remembers is worked out
    anew, and they get a notice. With `only_raise`, no grade gets lower. A second time changes
    nothing.
    """
    done = Tally(only_raise)
    for accounts in learners(session, question.id):
        given = answers(session, question.id, accounts)
        changing = {c.given.account for c in Tally(only_raise).add(question, given)}
        done.add(question, [one for one in given if one.account not in changing])
        if there := _hold(session, changing):
            held = answers(session, question.id, there, hold=True)
            _write(session, question, done.add(question, held), by, now)
    return done


def _hold(session: Session, accounts: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Hold these accounts against whoever deletes or joins them, the items come after (PostgreSQL).

    Returns those that are there still. The order is that of all who hold more than one.
    """
    if not accounts:
        return []
    found = select(_account.c.id).where(_account.c.id.in_(accounts)).order_by(_account.c.id)
    return [*session.scalars(found.with_for_update(key_share=True))]


def _write(
    session: Session, question: Question, changes: list[Change], by: str, now: datetime
) -> None:
    if not changes:
        return
    before = _keys_before(session, changes)
    session.execute(
        insert(_regrade),
        [
            {
                "account_id": c.given.account,
                "attempt_id": c.given.attempt,
                "position": c.given.position,
                "regraded_at": now,
                "old_version": before.get(_place(c), c.given.version),
                "new_version": question.version,
                "old_score": c.given.score,
                "new_score": c.score,
                "regraded_by": by,
            }
            for c in changes
        ],
    )
    session.execute(
        _SCORE,
        [
            {
                "account": c.given.account,
                "attempt": c.given.attempt,
                "at": c.given.position,
                "new_score": c.score,
            }
            for c in changes
        ],
    )
    _remember(session, {(c.given.account, c.given.objective) for c in changes})
    _tell(session, question.id, {c.given.account for c in changes}, now)


_SCORE = (
    update(_item)
    .where(
        _item.c.account_id == bindparam("account"),
        _item.c.attempt_id == bindparam("attempt"),
        _item.c.position == bindparam("at"),
    )
    .values(score=bindparam("new_score"))
)


def _place(change: Change) -> tuple[uuid.UUID, uuid.UUID, int]:
    return change.given.account, change.given.attempt, change.given.position


def _keys_before(
    session: Session, changes: Iterable[Change]
) -> dict[tuple[uuid.UUID, uuid.UUID, int], str]:
    """The version by whose key each answer was graded last, of those that were graded again."""
    rows = session.execute(
        select(
            _regrade.c.account_id,
            _regrade.c.attempt_id,
            _regrade.c.position,
            _regrade.c.new_version,
        )
        .where(
            _regrade.c.account_id.in_({c.given.account for c in changes}),
            _regrade.c.attempt_id.in_({c.given.attempt for c in changes}),
        )
        .order_by(_regrade.c.regraded_at)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _remember(session: Session, touched: Collection[tuple[uuid.UUID, str]]) -> None:
    """Work out anew what is remembered, from all the answers of an account about an objective.

    The memories are held before the answers are read: an answer that was kept meanwhile is either
    among them, or finds the new memory and goes on from it.
    """
    accounts, objectives = {a for a, _ in touched}, {o for _, o in touched}
    held = select(_memory.c.account_id).where(
        _memory.c.account_id.in_(accounts), _memory.c.objective_id.in_(objectives)
    )
    in_order = (_memory.c.account_id, _memory.c.objective_id)
    session.execute(held.order_by(*in_order).with_for_update()).all()
    rows = session.execute(
        select(
            _item.c.account_id,
            _item.c.objective_id,
            _item.c.score,
            _item.c.sure,
            _item.c.answered_at,
        )
        .where(
            _item.c.account_id.in_(accounts),
            _item.c.objective_id.in_(objectives),
            _item.c.answered_at.is_not(None),
        )
        .order_by(
            _item.c.account_id,
            _item.c.objective_id,
            _item.c.answered_at,
            _item.c.attempt_id,
            _item.c.position,
        )
    ).all()
    new = [
        _remembered(account, objective, [Answered(*row[2:]) for row in own])
        for (account, objective), own in groupby(rows, lambda row: (row[0], row[1]))
        if (account, objective) in touched
    ]
    made = dialect_insert(session, _memory)
    changes = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")
    session.execute(
        made.on_conflict_do_update(
            index_elements=["account_id", "objective_id"],
            set_={name: made.excluded[name] for name in changes},
        ),
        new,
    )


def _remembered(account: uuid.UUID, objective: str, given: list[Answered]) -> dict[str, Any]:
    memory = replay(given)
    if memory is None:
        raise AssertionError("an objective that was answered is remembered")
    return asdict(memory) | {
        "account_id": account,
        "objective_id": objective,
        "reviews": len(given),
    }


def _tell(session: Session, question_id: str, accounts: set[uuid.UUID], now: datetime) -> None:
    """One notice for each: one that they have not read yet speaks of this time from now on."""
    unread = (
        _notice.c.account_id.in_(accounts),
        _notice.c.question_id == question_id,
        _notice.c.read_at.is_(None),
    )
    told = {*session.scalars(select(_notice.c.account_id).where(*unread))}
    session.execute(update(_notice).where(*unread).values(made_at=now))
    new = [
        {
            "account_id": account,
            "id": uuid.uuid5(account, f"{_KIND}/{question_id}/{now.isoformat()}"),
            "kind": _KIND,
            "question_id": question_id,
            "made_at": now,
        }
        for account in sorted(accounts - told)
    ]
    if new:
        session.execute(insert(_notice), new)


def put_away(session: Session, account: uuid.UUID, notice: uuid.UUID, now: datetime) -> bool:
    """The account has read this notice, and any other about the same question.

    Returns whether there is such a notice; a second time changes nothing.
    """
    question = session.scalar(
        select(_notice.c.question_id).where(_notice.c.account_id == account, _notice.c.id == notice)
    )
    if question is None:
        return False
    session.execute(
        update(_notice)
        .where(
            _notice.c.account_id == account,
            _notice.c.question_id == question,
            _notice.c.read_at.is_(None),
        )
        .values(read_at=now)
    )
    return True
