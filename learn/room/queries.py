"""Reads of rooms and of what was counted in them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from learn import join_codes
from learn.models import CountKind, Phase, Room, RoomCount
from learn.models.base import table_of
from questions.grading import Outcome

_room = table_of(Room)
_count = table_of(RoomCount)


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room that has not ended; the fields are those of its row."""

    id: uuid.UUID
    group_id: uuid.UUID
    code: str
    question_id: str
    version: str
    shown: str
    turn: int
    round: int
    phase: str
    ends_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it takes answers."""
        return self.phase == Phase.OPEN

    @property
    def is_told(self) -> bool:
        """Whether it shows what is right."""
        return self.phase == Phase.TOLD

    @property
    def spoken_code(self) -> str:
        """Return the code as people read it."""
        return join_codes.grouped(self.code)

    @property
    def state(self) -> str:
        """What changes when a page of the room has to change."""
        return f"{self.turn}-{self.phase}"


@dataclass(slots=True)
class RoundCounts:
    """What was counted in one round: by outcome, by part, and by misconception."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    beliefs: Counter[str] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """Number of answers, one for each phone."""
        return self.outcomes.total()


_ROOMS = select(*(_room.c[name] for name in RoomView.__dataclass_fields__))
_WITH_CODE = _ROOMS.where(_room.c.code == bindparam("code"), _room.c.ends_at > bindparam("now"))


def with_code(session: Session, code: str, now: datetime) -> RoomView | None:
    """Return the room with that code, or None if there is none or it has ended."""
    row = session.execute(_WITH_CODE, {"code": code, "now": now}).first()
    return RoomView(*row) if row else None


def of_group(session: Session, group: uuid.UUID, now: datetime) -> list[RoomView]:
    """Return the group's rooms, those that end last first."""
    rows = session.execute(
        _ROOMS.where(_room.c.group_id == group, _room.c.ends_at > now).order_by(
            _room.c.ends_at.desc(), _room.c.code
        )
    )
    return [RoomView(*row) for row in rows]


def one(session: Session, group: uuid.UUID, room: uuid.UUID, now: datetime) -> RoomView | None:
    """Return a room of the group, or None if it isn't there or has ended."""
    rows = _ROOMS.where(_room.c.id == room, _room.c.group_id == group, _room.c.ends_at > now)
    row = session.execute(rows).first()
    return RoomView(*row) if row else None


def counts(session: Session, room: uuid.UUID) -> Mapping[int, RoundCounts]:
    """Return what was counted, by round."""
    rounds: dict[int, RoundCounts] = {1: RoundCounts(), 2: RoundCounts()}
    rows = session.execute(
        select(_count.c.round, _count.c.kind, _count.c.name, _count.c.n).where(
            _count.c.room_id == room
        )
    )
    for number, kind, name, n in rows:
        found = rounds[number]
        if kind == CountKind.OUTCOME:
            found.outcomes[Outcome(name)] = n
        elif kind == CountKind.PART:
            found.parts[name] = n
        else:
            found.beliefs[name] = n
    return rounds
