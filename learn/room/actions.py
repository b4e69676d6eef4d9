"""Writes about rooms. The view commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from learn.database import dialect_insert
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
class Asked:
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
    session: Session, new: NewRoom, asked: Asked, codes: Iterable[str], now: datetime
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
            question_id=asked.question,
            version=asked.version,
            shown=asked.shown,
            turn=1,
            round=1,
            phase=Phase.OPEN,
            ends_at=now + LIFETIME,
        )
    )


def ask_another(session: Session, room: uuid.UUID, turn: int, asked: Asked, now: datetime) -> None:
    """Ask another question in the room, and forget the one before.

    Does nothing if somebody has asked something else since that `turn`, as with a double tap.
    """
    changed = session.execute(
        update(_room)
        .where(_room.c.id == room, _room.c.turn == turn)
        .values(
            question_id=asked.question,
            version=asked.version,
            shown=asked.shown,
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
    # On PostgreSQL the row is locked against closing, not against other answers.
    is_open = (
        select(_room.c.id, literal(digest, _mark.c.digest.type))
        .where(
            _room.c.id == room.id,
            _room.c.turn == room.turn,
            _room.c.phase == Phase.OPEN,
            _room.c.ends_at > now,
        )
        .with_for_update(read=True)
    )
    mark = dialect_insert(session, _mark).from_select(["room_id", "digest"], is_open)
    marked = session.execute(mark.on_conflict_do_nothing())
    if not marked.rowcount:  # type: ignore[attr-defined]
        return session.scalar(is_open) is not None
    # Rows are locked in the order of their keys, or concurrent transactions could deadlock.
    rows = [
        {"room_id": room.id, "round": room.round, "kind": kind, "name": name, "n": 1}
        for kind, name in sorted({(str(c.kind), c.name) for c in counted})
    ]
    counts = dialect_insert(session, _count).values(rows)
    session.execute(
        counts.on_conflict_do_update(
            index_elements=[_count.c.room_id, _count.c.round, _count.c.kind, _count.c.name],
            set_={"n": _count.c.n + 1},
        )
    )
    return True


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
    """Ask the same question once more, with counts of its own; once, however often it is sent."""
    session.execute(
        update(_room)
        .where(
            _room.c.id == room,
            _room.c.turn == turn,
            _room.c.phase != Phase.OPEN,
            _room.c.round == 1,
        )
        .values(turn=_room.c.turn + 1, round=2, phase=Phase.OPEN, ends_at=now + LIFETIME)
    )


def end(session: Session, room: uuid.UUID) -> None:
    """End the room; nothing of it stays."""
    session.execute(delete(_room).where(_room.c.id == room))


def delete_ended(session: Session, now: datetime) -> int:
    """Delete the rooms that have ended; return how many there were."""
    deleted = session.execute(delete(_room).where(_room.c.ends_at <= now))
    return deleted.rowcount  # type: ignore[attr-defined,no-any-return]
