"""What somebody writes for themselves, and which points they find in it."""

from __future__ import annotations

import unicodedata
import uuid
from enum import StrEnum

from wtforms import HiddenField, SelectMultipleField, TextAreaField

from learn.forms import TokenForm

LONGEST = 5000
MOST_TYPED = 2 * LONGEST  # so much can be typed before it is said that it is too long


class Trouble(StrEnum):
    """Why a text can't be kept yet."""

    EMPTY = "empty"
    LONG = "long"
    EXPIRED = "expired"


class _OwnForm(TokenForm):
    """A form that a page shows again where its token is not ours, with all that was given."""

    allows_earlier_token = True


class TextForm(_OwnForm):
    """A text. `page` is the number of the page it was written on.

    Where it stands in place of an earlier one, `earlier` is that one's id and `seen` the print of
    what it said.
    """

    text = TextAreaField()
    page = HiddenField()
    earlier = HiddenField()
    seen = HiddenField()

    @property
    def words(self) -> str:
        """The text as it is kept: one kind of line end, and no signs that nobody can see."""
        lines = (self.text.data or "").replace("\r\n", "\n").replace("\r", "\n")
        kept = (c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
        return "".join(kept).strip()

    @property
    def page_id(self) -> uuid.UUID | None:
        """The page's number; None where it is not one of ours."""
        return _uuid(self.page.data)

    @property
    def earlier_id(self) -> uuid.UUID | None:
        """The text that this one replaces, or None."""
        return _uuid(self.earlier.data)

    @property
    def trouble(self) -> Trouble | None:
        """What is amiss with the text, or with the page."""
        if not any(c.isprintable() and not c.isspace() for c in self.words):
            return Trouble.EMPTY
        if len(self.words) > LONGEST:
            return Trouble.LONG
        return None if self.has_valid_token else Trouble.EXPIRED


class PointsForm(_OwnForm):
    """The points that somebody found in their text, by id."""

    point = SelectMultipleField(validate_choice=False)

    @property
    def points(self) -> list[str]:
        """What was ticked."""
        return self.point.data or []


class DeleteForm(_OwnForm):
    """A press of the button, with the token of our page."""


def _uuid(given: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(given or "")
    except ValueError:
        return None
