"""Fields of the care team's list."""

from __future__ import annotations

import re
import unicodedata
import uuid

from flask import request
from wtforms import Field, SelectMultipleField, StringField, TextAreaField

from learn import addresses
from learn.forms import SharedPageForm, TokenForm
from learn.library.prose import MAX_CARE_QUESTION

MAX_LENGTH = MAX_CARE_QUESTION
_MAX_TEXTS = 50  # more than any page of ours has
MAX_NUMBER_LENGTH = 100

_PATH = re.compile(r"(?:^|&)(path=[a-z0-9-]{1,80})(?=&|\Z)")
_ANCHOR = re.compile(r"[a-z0-9-]{1,60}")


def without_controls(text: str) -> str:
    """Return the text without control characters, except line ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} else " " * c.isspace()
        for c in lines
    )


def one_line(text: str) -> str:
    """Return the text on one line, trimmed; empty if nothing in it is visible.

    Joiners and direction marks inside it stay: some scripts need them.
    """
    line = unicodedata.normalize("NFC", " ".join(without_controls(text).split()))
    has_visible = any(unicodedata.category(c)[0] not in "CZ" for c in line)
    return line if has_visible else ""


class ObjectivesForm(TokenForm):
    """Ids of one or more objectives."""

    objective = SelectMultipleField(validate_choice=False)


class PlaceForm(SharedPageForm):
    """Where the form stood: the page `to` come back to, and the place `at` there."""

    to = StringField()
    at = StringField()

    @property
    def page(self) -> str:
        """Address of that page on this site, with no query but the path of a lesson; or empty."""
        page, _, query = (self.to.data or "").partition("?")
        address = addresses.below(request.script_root, page)
        path = _PATH.search(query)
        return f"{address}?{path[1]}" if address and path else address

    @property
    def anchor(self) -> str:
        """Id of that place on the page; or empty."""
        at = self.at.data or ""
        return at if _ANCHOR.fullmatch(at) else ""


class SaveForm(PlaceForm):
    """Questions to save: our own texts, as lessons ask them, or ids of objectives.

    With `part`, the answer is the part of the page that changes.
    """

    objective = SelectMultipleField(validate_choice=False)
    text = SelectMultipleField(validate_choice=False)
    part = StringField()

    @property
    def words(self) -> list[str]:
        """Texts to save that fit on the list, in order."""
        words = dict.fromkeys(map(one_line, self.text.data or ()))
        return [text for text in words if 0 < len(text) <= MAX_LENGTH][:_MAX_TEXTS]


class NumbersForm(PlaceForm):
    """The care team's numbers in the daytime, and at night and on weekends, with any words."""

    daytime = StringField()
    nights = StringField()

    @property
    def typed(self) -> tuple[str, str]:
        """Numbers to save, or to show again."""
        return one_line(self.daytime.data or ""), one_line(self.nights.data or "")

    @property
    def error(self) -> str:
        """`long`, `empty`, `expired`, or an empty string."""
        if any(len(number) > MAX_NUMBER_LENGTH for number in self.typed):
            return "long"
        if not any(self.typed):
            return "empty"
        return "" if self.is_from_here else "expired"


class WordsForm(TokenForm):
    """A question in the learner's own words."""

    text = TextAreaField()

    @property
    def typed(self) -> str:
        """Text to show again."""
        return without_controls(self.text.data or "")

    @property
    def words(self) -> str:
        """Text to save."""
        return one_line(self.text.data or "")

    @property
    def error(self) -> str:
        """`long`, `empty`, `expired`, or an empty string."""
        if len(self.words) > MAX_LENGTH:
            return "long"
        if not self.words:
            return "empty"
        return "" if self.has_valid_token else "expired"


class LineField(Field):
    """Id of a line; None if it is missing or malformed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = uuid.UUID(hex=valuelist[0]) if valuelist else None
        except ValueError:
            self.data = None


class MoveForm(TokenForm):
    """Line to move above or below; `top` to move to the top."""

    above = LineField()
    below = LineField()
    top = StringField()


class TickForm(TokenForm):
    """Whether the line has been asked: yes or no."""

    asked = StringField()


class RemoveForm(TokenForm):
    """Line to focus after this one is gone; `then` is its name on pages from before an upgrade."""

    focus = LineField()
    then = LineField()
