"""Queries for a learner's attempts and memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from learn.learner.quiz_refs import QuizRef
from learn.models import Attempt, Item, MemoryRow
from learn.models.base import table_of
from learn.objective_ids import (
    MergedIds,
    best_informed,
    current_id,
    merged_ids,
    same_objective,
)
from learn.sign_in_sessions import IS_CURRENT
from questions.bank import Bank
from questions.grading import Outcome, outcome_of
from questions.memory import Memory
from questions.model import Response


@dataclass(frozen=True, slots=True)
class StoredMemory:
    """Memory of an objective, and how many answers it is computed from.

    It `is_current` unless its row has the id of an objective that was merged into this one.
    """

    memory: Memory
    reviews: int
    is_current: bool = True


@dataclass(frozen=True, slots=True)
class ItemView:
    """A question in an attempt. `response` and `score` are None until answered."""

    position: int
    question: str
    objective: str
    version: str
    shown: str
    response: Response | None
    sure: bool | None
    score: float | None

    @property
    def outcome(self) -> Outcome | None:
        """How the answer was; None until answered."""
        if self.response is None:
            return None
        return outcome_of(self.score or 0.0, unsure=self.response.unsure)


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where an item is. Nothing is there if the account's sign-in session `signed_in` has ended."""

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    signed_in: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ItemToAnswer:
    """What it takes to record an answer to an item, or to see that it has one.

    `unanswerable` other items are open and have a question that has left the bank or is on hold.
    """

    account: uuid.UUID
    attempt: uuid.UUID
    position: int
    question: str
    objective: str
    shown: str
    is_answered: bool
    memory: StoredMemory | None
    unanswerable: int


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt with all its items, in order."""

    account: uuid.UUID
    id: uuid.UUID
    quiz: str
    finished_at: datetime | None
    items: tuple[ItemView, ...]

    @property
    def ref(self) -> QuizRef | None:
        """Reference to its quiz; None if another version of the site wrote one unknown here."""
        return QuizRef.parse(self.quiz)

    def item(self, position: int) -> ItemView | None:
        """Return the item at that position."""
        return next((i for i in self.items if i.position == position), None)

    def present(self, bank: Bank) -> tuple[ItemView, ...]:
        """Return the items that count: answered, or with a question that is in the bank."""
        return tuple(i for i in self.items if i.response or i.question in bank.questions)

    def next_open(self, bank: Bank) -> ItemView | None:
        """Return the first item that can still be answered."""
        return next((i for i in self.present(bank) if i.response is None), None)

    def on_hold(self, whole: Bank, available: Bank) -> int:
        """How many open items have a question that is on hold."""
        return sum(
            i.response is None and i.question in whole.questions
            for i in self.items
            if i.question not in available.questions
        )


@dataclass(frozen=True, slots=True)
class QuizAttempts:
    """Attempts at one quiz: the latest open one, the first finished one, and their number."""

    open: uuid.UUID | None
    finished: uuid.UUID | None
    count: int


_attempt = table_of(Attempt)
_item = table_of(Item)
_memory = table_of(MemoryRow)

_MEMORY = (
    _memory.c.objective_id,
    _memory.c.reviews,
    _memory.c.reviewed_at,
    _memory.c.stability,
    _memory.c.difficulty,
    _memory.c.due_at,
)


_ATTEMPT = (
    select(
        _attempt.c.quiz,
        _attempt.c.finished_at,
        _item.c.position,
        _item.c.question_id,
        _item.c.objective_id,
        _item.c.version,
        _item.c.shown,
        _item.c.response,
        _item.c.sure,
        _item.c.score,
    )
    .select_from(_attempt)
    .join(
        _item,
        (_item.c.account_id == _attempt.c.account_id) & (_item.c.attempt_id == _attempt.c.id),
    )
    .where(
        _attempt.c.account_id == bindparam("account"),
        _attempt.c.id == bindparam("attempt"),
        IS_CURRENT,
    )
    .order_by(_item.c.position)
)


def _is_memory_of_item(merged: MergedIds) -> ColumnElement[bool]:
    return and_(
        _memory.c.account_id == _item.c.account_id,
        _memory.c.objective_id.in_(same_objective(merged, _item.c.objective_id))
        if merged
        else _memory.c.objective_id == _item.c.objective_id,
    )


def _by_position(
    session: Session, rows: Iterable[Any]
) -> dict[int, tuple[Any, StoredMemory | None]]:
    """Return the row of each position with its memory: of several, the best informed."""
    by_position: dict[int, list[Any]] = {}
    for row in rows:
        by_position.setdefault(row[0], []).append(row)
    return {
        position: (same[0], _memory_in(session, same)) for position, same in by_position.items()
    }


def _memory_in(session: Session, rows: Iterable[Any]) -> StoredMemory | None:
    stored = [row[1:7] for row in rows if row[1] is not None]
    if len(stored) > 1:
        stored = [*best_informed(session, stored).values()]
    if not stored:
        return None
    objective, reviews, reviewed_at, stability, difficulty, due_at = stored[0]
    memory = Memory(stability, difficulty, reviewed_at, due_at)
    is_current = objective == current_id(session, objective)
    return StoredMemory(memory, reviews, is_current=is_current)


def attempt(
    session: Session,
    account: uuid.UUID,
    attempt_id: uuid.UUID,
    *,
    signed_in: uuid.UUID | None = None,
) -> AttemptView | None:
    """Return the account's attempt of that id, in one statement; None if it has no such attempt.

    None, too, if the sign-in session `signed_in` has ended.
    """
    key = {"account": account, "attempt": attempt_id, "session": signed_in}
    rows = session.execute(_ATTEMPT, key).all()
    if not rows:
        return None
    items = tuple(
        ItemView(
            position=position,
            question=question,
            objective=current_id(session, objective),
            version=version,
            shown=shown,
            response=None if response is None else Response.from_json(response),
            sure=sure,
            score=score,
        )
        for _, _, position, question, objective, version, shown, response, sure, score in rows
    )
    return AttemptView(account, attempt_id, rows[0][0], rows[0][1], items)


@cache
def _to_answer_statement(merged: MergedIds) -> Select[Any]:
    """Return the statement for one item with its objective's memory, and the open items."""
    return (
        select(
            _item.c.position,
            *_MEMORY,
            _item.c.question_id,
            _item.c.objective_id,
            _item.c.shown,
            _item.c.answered_at.is_not(None),
        )
        .select_from(_item)
        .outerjoin(_memory, _is_memory_of_item(merged) & (_item.c.position == bindparam("at")))
        .where(
            _item.c.account_id == bindparam("account"),
            _item.c.attempt_id == bindparam("attempt"),
            (_item.c.position == bindparam("at")) | _item.c.answered_at.is_(None),
            IS_CURRENT,
        )
    )


def item_to_answer(session: Session, place: ItemPlace, bank: Bank) -> ItemToAnswer | None:
    """Return the item at that place, in one statement; None if there is no such item.

    `bank` has the questions that can be answered now.
    """
    position = place.position
    key = {
        "account": place.account,
        "attempt": place.attempt,
        "at": position,
        "session": place.signed_in,
    }
    rows: Sequence[Any] = session.execute(_to_answer_statement(merged_ids(session)), key).all()
    open_items = _by_position(session, rows)
    if position not in open_items:
        return None
    row, memory = open_items.pop(position)
    return ItemToAnswer(
        place.account,
        place.attempt,
        position,
        question=row[7],
        objective=current_id(session, row[8]),
        shown=row[9],
        is_answered=row[10],
        memory=memory,
        unanswerable=sum(
            open_item[7] not in bank.questions for open_item, _ in open_items.values()
        ),
    )


_QUIZ_ATTEMPTS = (
    select(Attempt.id, Attempt.finished_at)
    .where(Attempt.account_id == bindparam("account"), Attempt.quiz == bindparam("quiz"))
    .order_by(Attempt.attempt_number.desc())
)


def quiz_attempts(session: Session, account: uuid.UUID, quiz: QuizRef) -> QuizAttempts:
    """Return the account's attempts at a quiz."""
    rows = session.execute(_QUIZ_ATTEMPTS, {"account": account, "quiz": str(quiz)}).all()
    return QuizAttempts(
        open=next((r[0] for r in rows if r[1] is None), None),
        finished=next((r[0] for r in reversed(rows) if r[1]), None),
        count=len(rows),
    )


def times_answered(session: Session, account: uuid.UUID) -> Mapping[str, int]:
    """How often the account has answered each question."""
    rows = session.execute(
        select(Item.question_id, func.count())
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .group_by(Item.question_id)
    )
    return {row[0]: row[1] for row in rows}


def memories(session: Session, account: uuid.UUID) -> Mapping[str, Memory]:
    """Return the account's memory of each objective, also of those that have left the bank."""
    rows = session.execute(select(*_MEMORY).where(_memory.c.account_id == account)).all()
    return {
        objective: Memory(stability, difficulty, reviewed_at, due_at)
        for objective, (_, _, reviewed_at, stability, difficulty, due_at) in best_informed(
            session, rows
        ).items()
    }


def last_answered_at(session: Session, account: uuid.UUID) -> datetime | None:
    """When the account last answered anything; None if never."""
    return session.scalar(
        select(func.max(MemoryRow.reviewed_at)).where(MemoryRow.account_id == account)
    )
