"""Writes about rooms. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from learn.database import DIALECT_INSERTS
from learn.models import CountKind, Phase, Room, RoomCount, RoomMark
from learn.models.base import table_of
from learn.room.queries import RoomView

LIFETIME = timedelta(hours=2)
"""A room ends so long after its last question was asked."""

MIN_ANSWERS = 5
"""Fewer answers are never shown, and forgotten when their question closes."""

_room = table_of(Room)
_mark = table_of(RoomMark)
_count = table_of(RoomCount)


@dataclass(frozen=True, slots=True)
class RoomQuestion:
    """A question to ask: its id and version, and the order of its parts."""

    question: str
    version: str
    shown: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing to count about an answer."""

    kind: CountKind
    name: str


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to open: its id, and its group."""

    id: uuid.UUID
    group: uuid.UUID


def open_room(
    session: Session, new: NewRoom, room_question: RoomQuestion, codes: Iterable[str], now: datetime
) -> None:
    """Open a room with a question and a code. Does nothing if the id exists already."""
    if session.scalar(select(_room.c.id).where(_room.c.id == new.id)) is not None:
        return
    code = next(
        c for c in codes if session.scalar(select(_room.c.id).where(_room.c.code == c)) is None
    )
    session.execute(
        insert(_room).values(
            id=new.id,
            group_id=new.group,
            code=code,
            question_id=room_question.question,
            version=room_question.version,
            shown=room_question.shown,
            turn=1,
            round=1,
            phase=Phase.OPEN,
            ends_at=now + LIFETIME,
        )
    )


def ask_another(
    session: Session, room: uuid.UUID, turn: int, room_question: RoomQuestion, now: datetime
) -> None:
    """Ask another question in the room, and forget the one before.

    Does nothing if somebody has asked something else since that `turn`, as with a double tap.
    """
    changed = session.execute(
        update(_room)
        .where(_room.c.id == room, _room.c.turn == turn)
        .values(
            question_id=room_question.question,
            version=room_question.version,
            shown=room_question.shown,
            turn=_room.c.turn + 1,
            round=1,
            phase=Phase.OPEN,
            ends_at=now + LIFETIME,
        )
    )
    if changed.rowcount:  # type: ignore[attr-defined]
        session.execute(delete(_mark).where(_mark.c.room_id == room))
        session.execute(delete(_count).where(_count.c.room_id == room))


def record(
    session: Session,
    room: RoomView,
    digest: uuid.UUID,
    counted: Iterable[Counted],
    now: datetime,
) -> bool:
    """Count an answer, in two statements, unless the phone has answered this question already.

    Return False if the question is no longer open. `digest` marks the phone.
    """
    insert_mark, raise_counts = _record_statements(session.get_bind().dialect.name)
    values = {"room": room.id, "mark": digest, "turn": room.turn, "now": now}
    if session.execute(insert_mark, values).first() is None:
        return session.execute(_IS_OPEN, values).first() is not None
    # Rows are locked in the order of their keys, or concurrent transactions could deadlock.
    names = sorted({(str(c.kind), c.name) for c in counted})
    of_round = {"room_id": room.id, "round": room.round, "n": 1}
    session.execute(raise_counts, [of_round | {"kind": k, "name": n} for k, n in names])
    return True


# Built once, since building them takes longer than running them: a whole class answers at once.

# On PostgreSQL the row is locked against closing, not against other answers.
_IS_OPEN = (
    select(_room.c.id, bindparam("mark", type_=_mark.c.digest.type))
    .where(
        _room.c.id == bindparam("room"),
        _room.c.turn == bindparam("turn"),
        _room.c.phase == Phase.OPEN,
        _room.c.ends_at > bindparam("now"),
    )
    .with_for_update(read=True)
)


@cache
def _record_statements(dialect: str) -> tuple[Executable, Executable]:
    """Return the statements that mark a phone, and raise counts by one, on that database."""
    insert_into = DIALECT_INSERTS[dialect]
    mark = insert_into(_mark).from_select(["room_id", "digest"], _IS_OPEN)
    counts = insert_into(_count)
    key = [_count.c.room_id, _count.c.round, _count.c.kind, _count.c.name]
    return (
        mark.on_conflict_do_nothing().returning(_mark.c.digest),
        counts.on_conflict_do_update(index_elements=key, set_={"n": _count.c.n + 1}),
    )


def close(session: Session, room: uuid.UUID, turn: int) -> None:
    """Take no more answers. Forget the marks of phones, and the counts if they are too few.

    Does nothing if it is closed already, or something else was asked since that `turn`.
    """
    closed = session.execute(
        update(_room)
        .where(_room.c.id == room, _room.c.turn == turn, _room.c.phase == Phase.OPEN)
        .values(phase=Phase.CLOSED)
        .returning(_room.c.round)
    ).scalar()
    if closed is None:
        return
    session.execute(delete(_mark).where(_mark.c.room_id == room))
    of_round = (_count.c.room_id == room) & (_count.c.round == closed)
    answers = session.scalar(
        select(func.coalesce(func.sum(_count.c.n), 0)).where(
            of_round, _count.c.kind == CountKind.OUTCOME
        )
    )
    if (answers or 0) < MIN_ANSWERS:
        session.execute(delete(_count).where(of_round))


def tell(session: Session, room: uuid.UUID, turn: int) -> None:
    """Show what is right, once the question is closed."""
    session.execute(
        update(_room)
        .where(_room.c.id == room, _room.c.turn == turn, _room.c.phase == Phase.CLOSED)
        .values(phase=Phase.TOLD)
    )


def ask_again(session: Session, room: uuid.UUID, turn: int, now: datetime) -> None:
    """Ask the same question once more, with counts of its own; once, however often it is sent.

    A round that too few answered doesn't count: it is asked anew. After two that count, nothing
    happens.
    """
    session.execute(
        update(_room)
        .where(
            _room.c.id == room,
            _room.c.turn == turn,
            _room.c.phase != Phase.OPEN,
            ~_was_counted(2),
        )
        .values(
            turn=_room.c.turn + 1,
            round=case((_was_counted(1), 2), else_=1),
            phase=Phase.OPEN,
            ends_at=now + LIFETIME,
        )
    )


def _was_counted(number: int) -> ColumnElement[bool]:
    """Whether enough people answered a round of the room that is updated, once it is closed."""
    of_round = (_count.c.room_id == _room.c.id) & (_count.c.round == number)
    return exists().where(of_round).correlate(_room)


def end(session: Session, room: uuid.UUID) -> None:
    """End the room; nothing of it stays."""
    session.execute(delete(_room).where(_room.c.id == room))


def delete_ended(session: Session, now: datetime) -> int:
    """Delete the rooms that have ended; return how many there were."""
    deleted = session.execute(delete(_room).where(_room.c.ends_at <= now))
    return deleted.rowcount  # type: ignore[attr-defined,no-any-return]
