"""Every write of taking a quiz. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import bindparam, case, exists, func, select, update
from sqlalchemy.orm import Session

from learn import accounts
from learn.accounts import AccountGoneError
from learn.database import DIALECT_INSERTS, Insert, dialect_insert
from learn.models import Account, Attempt, Item, MemoryRow, MergedGuest
from learn.models.base import table_of
from learn.quizzes.queries import AttemptView, ItemView, Remembered
from learn.record.assigned import shown_to_all
from questions import memory
from questions.bank import Bank
from questions.grading import grade
from questions.memory import Memory, Rating
from questions.model import Grade, Question, Response
from questions.selection import pack, shown_order

_account = table_of(Account)
_attempt = table_of(Attempt)
_item = table_of(Item)
_memory = table_of(MemoryRow)


@dataclass(frozen=True, slots=True)
class Start:
    """What an attempt is to be: `round` counts the attempts at this quiz from 1.

    The page may have been `planned_for` somebody else: a guest who has signed in since. Where it
    is `fixed`, answers stand as they do for everybody.
    """

    account: uuid.UUID
    attempt: uuid.UUID
    quiz: str
    round: int
    questions: tuple[Question, ...]
    planned_for: uuid.UUID
    fixed: bool = False


def seed(account: uuid.UUID, quiz: str, round_: int) -> str:
    """What the choice of questions and the order of answers of one round rest on."""
    return f"{account.hex}/{quiz}/{round_}"


def attempt_id(planned_for: uuid.UUID, quiz: str, round_: int) -> uuid.UUID:
    """The attempt that a page begins: always the same one, whoever sends it, and how often."""
    return uuid.uuid5(planned_for, f"{quiz}/{round_}")


def shown_in(start: Start, question: Question) -> tuple[str, ...]:
    """The order in which the question's parts stand in this round."""
    if start.fixed:
        return shown_to_all(start.quiz, question)
    own = seed(start.planned_for, start.quiz, start.round)
    return shown_order(question, Random(f"{own}/{question.id}"))  # noqa: S311 - not a secret


def begin(session: Session, start: Start, now: datetime, *, is_persisted: bool) -> uuid.UUID:
    """Make the account and the attempt with its items, where they are not there yet.

    Returns the id of the attempt, which may have been begun before, as by a second tab or a double
    click. Its round is the next that is free. An account that `is_persisted` is not made again;
    nor is a guest who became part of an account: raises AccountGoneError for both.
    """
    if not is_persisted:
        accounts.create_if_absent(session, start.account, now)
    values = {
        "account": start.account,
        "attempt": start.attempt,
        "quiz": start.quiz,
        "now": now,
    }
    made = _BEGIN[session.get_bind().dialect.name, is_persisted]
    while not session.execute(made, values).rowcount:  # type: ignore[attr-defined]
        began = session.execute(_BEGAN[is_persisted], values).scalar()
        if began is None:
            raise AccountGoneError
        if began:
            return start.attempt
        # Another round of the quiz was begun at the very same time, and has its number now.
    session.execute(
        dialect_insert(session, _item),
        [
            {
                "account_id": start.account,
                "attempt_id": start.attempt,
                "position": position,
                "question_id": question.id,
                "objective_id": question.objective,
                "version": question.version,
                "shown": pack(question, shown_in(start, question)),
            }
            for position, question in enumerate(start.questions, 1)
        ],
    )
    return start.attempt


_who = bindparam("account", type_=_account.c.id.type)
_which = bindparam("attempt", type_=_attempt.c.id.type)
_what = bindparam("quiz", type_=_attempt.c.quiz.type)
_earlier = _attempt.alias()
_merged_guest = table_of(MergedGuest)
_BEGUN = (
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
    # The lock: an account that is deleted or joined meanwhile is waited for, and then not there.
    .with_for_update(read=True, key_share=True, of=_account)
)
_THERE = (
    select(exists().where(_attempt.c.account_id == _who, _attempt.c.id == _which))
    .select_from(_account)
    .where(_account.c.id == _who)
)
_not_merged = ~exists().where(_merged_guest.c.guest_id == _who)
_BEGIN = {
    (dialect, is_persisted): insert(_attempt)
    .from_select(
        ["account_id", "id", "quiz", "round", "started_at"],
        _BEGUN if is_persisted else _BEGUN.where(_not_merged),
    )
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)  # else PostgreSQL's is lost
    for dialect, insert in DIALECT_INSERTS.items()
    for is_persisted in (True, False)
}
_BEGAN = {True: _THERE, False: _THERE.where(_not_merged)}


_ANSWER = (
    update(_item)
    .where(
        _item.c.account_id == bindparam("account"),
        _item.c.attempt_id == bindparam("attempt"),
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
)
_FINISH = (
    update(_attempt)
    .where(
        _attempt.c.account_id == bindparam("account"),
        _attempt.c.id == bindparam("attempt"),
        _attempt.c.finished_at.is_(None),
    )
    # A clock that went backwards: nothing ends before it began.
    .values(
        finished_at=case(
            (_attempt.c.started_at > bindparam("now"), _attempt.c.started_at),
            else_=bindparam("now"),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it came in, to the question as it was shown."""

    question: Question
    shown: Sequence[str]
    response: Response
    sure: bool | None


def record_answer(
    session: Session, attempt: AttemptView, item: ItemView, given: Given, now: datetime
) -> Grade | None:
    """Keep the first answer to an item, grade it, and bring its objective's memory forward.

    Returns the grade; None where the item was answered before, and then nothing changes.
    Raises questions.grading.InvalidResponse for a response that can't be graded.
    """
    result = grade(given.question, given.response)
    kept = session.execute(
        _ANSWER,
        {
            "account": attempt.account,
            "attempt": attempt.id,
            "at": item.position,
            "new_version": given.question.version,
            "new_shown": pack(given.question, given.shown),
            "new_response": given.response.to_json(),
            "new_sure": given.sure,
            "new_score": result.score,
            "now": now,
        },
    )
    if not kept.rowcount:  # type: ignore[attr-defined]
        return None
    how = memory.rating(result, sure=given.sure)
    _remember(session, (attempt.account, item.objective), item.remembered, how, now)
    return result


def finish_if_done(
    session: Session, attempt: AttemptView, answered: int | None, bank: Bank, now: datetime
) -> None:
    """Close the attempt when no item is open but the one at position `answered`, if any."""
    left = [i for i in attempt.present(bank) if i.response is None and i.position != answered]
    if not left and attempt.finished_at is None:
        session.execute(_FINISH, {"account": attempt.account, "attempt": attempt.id, "now": now})


def _remember(
    session: Session,
    key: tuple[uuid.UUID, str],
    remembered: Remembered | None,
    how: Rating,
    now: datetime,
) -> None:
    """Write the objective's next memory; again from the newest row if it is another by now."""
    account, objective = key
    while True:
        after = memory.review(remembered.memory if remembered else None, how, now)
        row = {
            "account_id": account,
            "objective_id": objective,
            "stability": after.stability,
            "difficulty": after.difficulty,
            "reviewed_at": after.reviewed_at,
            "due_at": after.due_at,
            "reviews": 1 + (remembered.reviews if remembered else 0),
            "was_stability": remembered.memory.stability if remembered else None,
            "was_difficulty": remembered.memory.difficulty if remembered else None,
        }
        written = session.execute(_REMEMBER[session.get_bind().dialect.name], row)
        if written.rowcount:  # type: ignore[attr-defined]
            return
        newest = session.execute(_REMEMBERED, {"account": account, "objective": objective}).one()
        remembered = Remembered(Memory(*newest[:4]), newest[4])


def _upsert(insert: Insert) -> Insert:
    """The memory after one more answer, where none came between, and no answer was graded again."""
    new = insert.excluded
    changes = ("stability", "difficulty", "reviewed_at", "due_at", "reviews")
    return insert.on_conflict_do_update(
        index_elements=["account_id", "objective_id"],
        set_={name: new[name] for name in changes},
        where=(_memory.c.reviews == new.reviews - 1)
        & (_memory.c.stability == bindparam("was_stability", type_=_memory.c.stability.type))
        & (_memory.c.difficulty == bindparam("was_difficulty", type_=_memory.c.difficulty.type)),
    ).execution_options(preserve_rowcount=True)  # else PostgreSQL's is lost


_REMEMBER = {dialect: _upsert(insert(_memory)) for dialect, insert in DIALECT_INSERTS.items()}
_REMEMBERED = select(
    _memory.c.stability,
    _memory.c.difficulty,
    _memory.c.reviewed_at,
    _memory.c.due_at,
    _memory.c.reviews,
).where(
    _memory.c.account_id == bindparam("account"), _memory.c.objective_id == bindparam("objective")
)
