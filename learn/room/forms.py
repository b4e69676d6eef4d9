"""Forms of a room: an answer on a phone, and the buttons of the educator."""

from __future__ import annotations

import uuid
from typing import Any

from wtforms import HiddenField

from learn.forms import TokenForm
from learn.quizzes.taking.forms import ResponseField

_MAX_LENGTH = 80


class RoomAnswerForm(TokenForm):
    """An answer; `turn` and `version` are those of the question as it was shown.

    `phone` is a token of the room's cookie. It takes the place of the session's: no account is read
    here.
    """

    response = ResponseField()
    question = HiddenField()
    version = HiddenField()
    turn = HiddenField()
    phone = HiddenField()

    def is_about(self, turn: int, version: str) -> bool:
        """Whether the form is of this very question, asked this time."""
        return (self.turn.data, self.version.data) == (str(turn), version)

    def is_same_question(self, question: str, version: str) -> bool:
        """Whether the form is of this very question, whenever it was asked."""
        return (self.question.data, self.version.data) == (question, version)

    @property
    def turn_number(self) -> int:
        """Return the turn in which the phone got the form; 0 if it can't be read."""
        return _number(self.turn.data)

    @property
    def phone_token(self) -> str:
        """Return the token of the phone, as it was sent."""
        return (self.phone.data or "")[:_MAX_LENGTH]


class TurnForm(TokenForm):
    """A button of the educator's, pressed in a turn; `new_id` is for a new room, else `room`."""

    turn = HiddenField()
    room = HiddenField()
    new_id = HiddenField()
    anyway = HiddenField()

    @property
    def turn_number(self) -> int:
        """Return the turn that the page showed; 0 if it can't be read."""
        return _number(self.turn.data)

    @property
    def is_sure(self) -> bool:
        """Whether it was asked once already."""
        return bool(self.anyway.data)

    @property
    def room_id(self) -> uuid.UUID | None:
        """Return the room to ask another question in, if any."""
        return _id(self.room.data)

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed, so that sending it twice opens one room."""
        return _id(self.new_id.data) or default


def _number(data: str | None) -> int:
    return int(data) if data and data.isascii() and data.isdigit() and len(data) < 6 else 0


def _id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(hex=value)
    except (ValueError, TypeError, AttributeError):
        return None
