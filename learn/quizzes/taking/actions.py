"""Writes of taking a quiz. The caller commits."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import bindparam, case, exists, func, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.accounts import AccountGoneError
from learn.database import DIALECT_INSERTS, Insert, dialect_insert
from learn.metrics import ANSWERS
from learn.models import Account, Attempt, Item, MemoryRow, MergedGuest
from learn.models.base import table_of
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.queries import ItemToAnswer, StoredMemory
from learn.quizzes.taking.scored_answer import ScoredAnswer
from questions import memory
from questions.memory import Memory, Rating
from questions.selection import pack

_account = table_of(Account)
_attempt = table_of(Attempt)
_item = table_of(Item)
_memory = table_of(MemoryRow)


def start_attempt(
    session: Session, plan: AttemptPlan, now: datetime, *, is_persisted: bool
) -> None:
    """Insert the account and the attempt with its items, where they do not exist yet.

    A second tab or a double click may have started it already. A new one gets the next free number.
    An account that `is_persisted` was inserted before, and is never inserted again.

    Raises AccountGoneError if such an account was deleted, or if a guest was merged.
    """
    if not is_persisted:
        accounts.create_if_absent(session, plan.account, now)
    values = {
        "account": plan.account,
        "attempt": plan.attempt,
        "quiz": str(plan.quiz),
        "now": now,
    }
    start = _START[session.get_bind().dialect.name, is_persisted]
    while not session.execute(start, values).rowcount:  # type: ignore[attr-defined]
        is_started = session.execute(_IS_STARTED[is_persisted], values).scalar()
        if is_started is None:
            raise AccountGoneError
        if is_started:
            return
        # Another attempt at the quiz took the number at the same moment: take the next one.
    session.execute(
        dialect_insert(session, _item),
        [
            {
                "account_id": plan.account,
                "attempt_id": plan.attempt,
                "position": position,
                "question_id": question.id,
                "objective_id": question.objective,
                "version": question.version,
                "shown": pack(question, plan.part_order(question)),
            }
            for position, question in enumerate(plan.questions, 1)
        ],
    )


_who = bindparam("account", type_=_account.c.id.type)
_which = bindparam("attempt", type_=_attempt.c.id.type)
_what = bindparam("quiz", type_=_attempt.c.quiz.type)
_earlier = _attempt.alias()
_merged_guest = table_of(MergedGuest)
_NEW_ATTEMPT = (
    select(
        _who,
        _which,
        _what,
        select(func.coalesce(func.max(_earlier.c.round), 0) + 1)
        .where(_earlier.c.account_id == _who, _earlier.c.quiz == _what)
        .scalar_subquery(),
        bindparam("now", type_=_attempt.c.started_at.type),
    )
    .select_from(_account)
    .where(_account.c.id == _who)
    # Lock the account: wait for a deletion or a merge that is in progress, then insert nothing.
    .with_for_update(read=True, key_share=True, of=_account)
)
_IS_THERE = (
    select(exists().where(_attempt.c.account_id == _who, _attempt.c.id == _which))
    .select_from(_account)
    .where(_account.c.id == _who)
)
_not_merged = ~exists().where(_merged_guest.c.guest_id == _who)
_START = {
    (dialect, is_persisted): insert(_attempt)
    .from_select(
        ["account_id", "id", "quiz", "round", "started_at"],
        _NEW_ATTEMPT if is_persisted else _NEW_ATTEMPT.where(_not_merged),
    )
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)  # PostgreSQL loses it otherwise
    for dialect, insert in DIALECT_INSERTS.items()
    for is_persisted in (True, False)
}
_IS_STARTED = {True: _IS_THERE, False: _IS_THERE.where(_not_merged)}


_other = _item.alias()
_ANSWER = (
    update(_item)
    .where(
        _item.c.account_id == _who,
        _item.c.attempt_id == _which,
        _item.c.position == bindparam("at"),
        _item.c.answered_at.is_(None),
    )
    .values(
        version=bindparam("new_version"),
        shown=bindparam("new_shown"),
        response=bindparam("new_response"),
        sure=bindparam("new_sure"),
        score=bindparam("new_score"),
        answered_at=bindparam("now"),
    )
    .returning(
        select(func.count())
        .where(
            _other.c.account_id == _who,
            _other.c.attempt_id == _which,
            _other.c.position != bindparam("at"),
            _other.c.answered_at.is_(None),
        )
        .scalar_subquery()
    )
)
"""Returns how many other items of the attempt are open."""

_HOLD = (
    select(_attempt.c.id)
    .where(_attempt.c.account_id == _who, _attempt.c.id == _which)
    .with_for_update(key_share=True)
)
_OPEN = select(func.count()).where(
    _item.c.account_id == _who, _item.c.attempt_id == _which, _item.c.answered_at.is_(None)
)

_FINISH = (
    update(_attempt)
    .where(
        _attempt.c.account_id == bindparam("account"),
        _attempt.c.id == bindparam("attempt"),
        _attempt.c.finished_at.is_(None),
    )
    # The clock may have gone backwards: nothing is finished before it was started.
    .values(
        finished_at=case(
            (_attempt.c.started_at > bindparam("now"), _attempt.c.started_at),
            else_=bindparam("now"),
        )
    )
)


def record_answer(
    session: Session, item: ItemToAnswer, answer: ScoredAnswer, now: datetime
) -> bool:
    """Store the first answer to an item and its objective's memory; finish the attempt if complete.

    Returns False, and changes nothing, if the item was answered before or is gone.
    """
    left = session.execute(
        _ANSWER,
        {
            "account": item.account,
            "attempt": item.attempt,
            "at": item.position,
            "new_version": answer.version,
            "new_shown": answer.shown,
            "new_response": answer.response,
            "new_sure": answer.sure,
            "new_score": answer.grade.score,
            "now": now,
        },
    ).scalar()
    if left is None:
        return False
    session.info[ANSWERS] = session.info.get(ANSWERS, 0) + 1
    _write_memory(session, item, answer.rating, now)
    if left == item.unanswerable + 1:
        left = _count_open(session, item)
    if left == item.unanswerable:
        finish_attempt(session, item.account, item.attempt, now)
    return True


def _count_open(session: Session, item: ItemToAnswer) -> int:
    """Count the open items again after the last answer but one, with the attempt locked.

    On PostgreSQL, another tab may give the last one at this moment, and its transaction doesn't see
    this answer, as this one doesn't see that: the later one to get the lock sees both. On SQLite,
    nothing can have changed.
    """
    key = {"account": item.account, "attempt": item.attempt}
    if session.get_bind().dialect.name == "sqlite":
        return item.unanswerable + 1
    session.execute(_HOLD, key)
    return session.execute(_OPEN, key).scalar_one()


def finish_attempt(session: Session, account: uuid.UUID, attempt: uuid.UUID, now: datetime) -> None:
    """Finish an attempt, if it is not finished yet."""
    session.execute(_FINISH, {"account": account, "attempt": attempt, "now": now})


def _write_memory(session: Session, item: ItemToAnswer, rating: Rating, now: datetime) -> None:
    """Write the objective's next memory; compute it again if the stored one has changed."""
    stored = item.memory
    while True:
        after = memory.review(stored.memory if stored else None, rating, now)
        row = {
            "account_id": item.account,
            "objective_id": item.objective,
            "stability": after.stability,
            "difficulty": after.difficulty,
            "reviewed_at": after.reviewed_at,
            "due_at": after.due_at,
            "reviews": 1 + (stored.reviews if stored else 0),
            "was_stability": stored.memory.stability if stored else None,
            "was_difficulty": stored.memory.difficulty if stored else None,
            "fewer_than": stored.reviews if stored and not stored.is_current else 0,
        }
        written = session.execute(_WRITE_MEMORY[session.get_bind().dialect.name], row)
        if written.rowcount:  # type: ignore[attr-defined]
            return
        key = {"account": item.account, "objective": item.objective}
        newest = session.execute(_STORED_MEMORY, key).one()
        stored = StoredMemory(Memory(*newest[:4]), newest[4])


def _upsert(insert: Insert) -> Insert:
    """Write the next memory if the stored one is the one that it was computed from.

    If that is the memory of an objective that was merged into this one, replace one with fewer
    answers.
    """
    new = insert.excluded
    changes = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")
    return insert.on_conflict_do_update(
        index_elements=["account_id", "objective_id"],
        set_={name: new[name] for name in changes},
        where=(_memory.c.reviews < bindparam("fewer_than", type_=_memory.c.reviews.type))
        | (_memory.c.reviews == new.reviews - 1)
        & (_memory.c.stability == bindparam("was_stability", type_=_memory.c.stability.type))
        & (_memory.c.difficulty == bindparam("was_difficulty", type_=_memory.c.difficulty.type)),
    ).execution_options(preserve_rowcount=True)  # PostgreSQL loses it otherwise


_WRITE_MEMORY = {dialect: _upsert(insert(_memory)) for dialect, insert in DIALECT_INSERTS.items()}
_STORED_MEMORY = select(
    _memory.c.stability,
    _memory.c.difficulty,
    _memory.c.reviewed_at,
    _memory.c.due_at,
    _memory.c.reviews,
).where(
    _memory.c.account_id == bindparam("account"), _memory.c.objective_id == bindparam("objective")
)
