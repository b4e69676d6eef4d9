"""Writes about regrading and its notices. The caller commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
from learn.models import Account, Item, MemoryRow, Notice, Regrade
from learn.models.base import table_of
from learn.models.memory import replayed_memory
from learn.objective_ids import counting_as, current
from learn.regrading.queries import RegradeSummary, ScoreChange, answers, learners
from questions.memory import Answered
from questions.model import Question

_account = table_of(Account)
_item = table_of(Item)
_memory = table_of(MemoryRow)
_notice = table_of(Notice)
_regrade = table_of(Regrade)

_KIND = "regraded"


def regrade(
    session: Session, question: Question, by: str, now: datetime, *, only_raise: bool = False
) -> RegradeSummary:
    """Grade all answers to the question by its current key, and return what changed.

    Old grades are kept with who changed them and when; memories are replayed, and the learners get
    a notice. With `only_raise`, no grade gets lower. Running it again changes nothing.
    """
    summary = RegradeSummary(only_raise)
    for accounts in learners(session, question.id):
        batch = answers(session, question.id, accounts)
        changes = RegradeSummary(only_raise).add(question, batch)
        changing = {c.answer.account for c in changes}
        summary.add(question, [answer for answer in batch if answer.account not in changing])
        if remaining := _lock_accounts(session, changing):
            locked = answers(session, question.id, remaining, lock=True)
            _write(session, question, summary.add(question, locked), by, now)
    return summary


def _lock_accounts(session: Session, accounts: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Lock these accounts, in the order of their ids, and return those that still exist.

    Every transaction locks accounts before items, so that transactions can't deadlock.
    """
    if not accounts:
        return []
    locking = select(_account.c.id).where(_account.c.id.in_(accounts)).order_by(_account.c.id)
    return [*session.scalars(locking.with_for_update(key_share=True))]


def _write(
    session: Session, question: Question, changes: list[ScoreChange], by: str, now: datetime
) -> None:
    if not changes:
        return
    before = _earlier_versions(session, changes)
    session.execute(
        insert(_regrade),
        [
            {
                "account_id": c.answer.account,
                "attempt_id": c.answer.attempt,
                "position": c.answer.position,
                "regraded_at": now,
                "old_version": before.get(_item_key(c), c.answer.version),
                "new_version": question.version,
                "old_score": c.answer.score,
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
                "account": c.answer.account,
                "attempt": c.answer.attempt,
                "at": c.answer.position,
                "new_score": c.score,
            }
            for c in changes
        ],
    )
    _replay_memories(session, {(c.answer.account, c.answer.objective) for c in changes})
    _notify(session, question.id, {c.answer.account for c in changes}, now)


_SCORE = (
    update(_item)
    .where(
        _item.c.account_id == bindparam("account"),
        _item.c.attempt_id == bindparam("attempt"),
        _item.c.position == bindparam("at"),
    )
    .values(score=bindparam("new_score"))
)


def _item_key(change: ScoreChange) -> tuple[uuid.UUID, uuid.UUID, int]:
    return change.answer.account, change.answer.attempt, change.answer.position


def _earlier_versions(
    session: Session, changes: Iterable[ScoreChange]
) -> dict[tuple[uuid.UUID, uuid.UUID, int], str]:
    """For answers that were regraded before, the version by whose key they were last graded."""
    rows = session.execute(
        select(
            _regrade.c.account_id,
            _regrade.c.attempt_id,
            _regrade.c.position,
            _regrade.c.new_version,
        )
        .where(
            _regrade.c.account_id.in_({c.answer.account for c in changes}),
            _regrade.c.attempt_id.in_({c.answer.attempt for c in changes}),
        )
        .order_by(_regrade.c.regraded_at)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _replay_memories(session: Session, touched: Collection[tuple[uuid.UUID, str]]) -> None:
    """Replay the memories of these accounts and objectives from all their answers.

    The memories are locked before the answers are read: an answer stored meanwhile is either among
    them, or continues from the new memory.
    """
    accounts, objectives = {a for a, _ in touched}, counting_as(session, (o for _, o in touched))
    objective = current(session, _item.c.objective_id)
    held = select(_memory.c.account_id).where(
        _memory.c.account_id.in_(accounts), _memory.c.objective_id.in_(objectives)
    )
    in_order = (_memory.c.account_id, _memory.c.objective_id)
    session.execute(held.order_by(*in_order).with_for_update()).all()
    rows = session.execute(
        select(
            _item.c.account_id,
            objective,
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
            objective,
            _item.c.answered_at,
            _item.c.attempt_id,
            _item.c.position,
        )
    ).all()
    new = [
        replayed_memory(*key, [Answered(*row[2:]) for row in group])
        for key, group in groupby(rows, lambda row: (row[0], row[1]))
        if key in touched
    ]
    insertion = dialect_insert(session, _memory)
    changes = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=["account_id", "objective_id"],
            set_={name: insertion.excluded[name] for name in changes},
        ),
        new,
    )


def _notify(session: Session, question_id: str, accounts: set[uuid.UUID], now: datetime) -> None:
    """Notify each account once: an unread notice about the question is renewed."""
    unread_notices = (
        _notice.c.account_id.in_(accounts),
        _notice.c.question_id == question_id,
        _notice.c.read_at.is_(None),
    )
    notified = {*session.scalars(select(_notice.c.account_id).where(*unread_notices))}
    session.execute(update(_notice).where(*unread_notices).values(created_at=now))
    new = [
        {
            "account_id": account,
            "id": uuid.uuid5(account, f"{_KIND}/{question_id}/{now.isoformat()}"),
            "kind": _KIND,
            "question_id": question_id,
            "created_at": now,
        }
        for account in sorted(accounts - notified)
    ]
    if new:
        session.execute(insert(_notice), new)


def mark_read(session: Session, account: uuid.UUID, notice: uuid.UUID, now: datetime) -> bool:
    """Mark this notice, and any other about the same question, as read.

    Returns whether the notice exists. Running it again changes nothing.
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
