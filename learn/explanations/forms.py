"""Fields of an explanation, and of the points that its writer found in it."""

from __future__ import annotations

import unicodedata
import uuid
from enum import StrEnum

from wtforms import HiddenField, SelectMultipleField, TextAreaField

from learn.forms import TokenForm

MAX_LENGTH = 5000
MAX_TYPED = 2 * MAX_LENGTH  # accepted by the field; above MAX_LENGTH, an error is shown


class TextError(StrEnum):
    """Why a text can't be saved."""

    EMPTY = "empty"
    LONG = "long"
    EXPIRED = "expired"


class _ExplanationForm(TokenForm):
    """A form that accepts the token from before signing in, since the words are private."""

    allows_earlier_token = True


class TextForm(_ExplanationForm):
    """A text. `page` is the id of the page it was written on, `opened` says when (`opening`).

    To replace an earlier text, `earlier` is its id and `seen` the digest of what it said.
    """

    text = TextAreaField()
    page = HiddenField()
    opened = HiddenField()
    earlier = HiddenField()
    seen = HiddenField()

    @property
    def words(self) -> str:
        """Text with plain line ends, without control characters, trimmed."""
        lines = (self.text.data or "").replace("\r\n", "\n").replace("\r", "\n")
        characters = (c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
        return "".join(characters).strip()

    @property
    def page_id(self) -> uuid.UUID | None:
        """Id of the page; None if it is malformed."""
        return _uuid(self.page.data)

    @property
    def earlier_id(self) -> uuid.UUID | None:
        """Id of the text that this one replaces, or None."""
        return _uuid(self.earlier.data)

    @property
    def error(self) -> TextError | None:
        """Why the text can't be saved, or None."""
        if not any(c.isprintable() and not c.isspace() for c in self.words):
            return TextError.EMPTY
        if len(self.words) > MAX_LENGTH:
            return TextError.LONG
        return None if self.has_valid_token else TextError.EXPIRED


class PointsForm(_ExplanationForm):
    """Ids of the points that the writer found in the text."""

    point = SelectMultipleField(validate_choice=False)

    @property
    def points(self) -> list[str]:
        """Ids that were checked."""
        return self.point.data or []


class DeleteExplanationForm(_ExplanationForm):
    """Only the token."""


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
