"""Rooms that were read a moment ago, in this process: a whole class answers at once.

Only an answer uses them. Whether its question is still open, the statement that counts it finds out
by itself, so that nothing is counted by what was read before.
"""

from __future__ import annotations

from time import monotonic
from typing import cast

from flask import current_app

from learn.room.queries import RoomView

_KEY = "learn.recent_rooms"
_SECONDS = 2.0
_MOST = 256  # of which those that were read last are kept


def find(code: str) -> RoomView | None:
    """Return the room with that code if it was read in the last seconds."""
    found = _rooms().get(code)
    return found[1] if found and found[0] > monotonic() else None


def note(room: RoomView) -> None:
    """Note a room that was just read."""
    rooms = _rooms()
    rooms.pop(room.code, None)
    rooms[room.code] = monotonic() + _SECONDS, room
    if len(rooms) > _MOST:
        del rooms[next(iter(rooms))]


def _rooms() -> dict[str, tuple[float, RoomView]]:
    return cast("dict[str, tuple[float, RoomView]]", current_app.extensions.setdefault(_KEY, {}))
