"""What comes in: which objectives to add, a question in one's own words, and where a line goes."""

from __future__ import annotations

import unicodedata
import uuid

from wtforms import Field, SelectMultipleField, StringField, TextAreaField

from learn.forms import TokenForm

LONGEST = 300


def readable(text: str) -> str:
    """The text without control characters: of these, only ends of lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} else " " * c.isspace()
        for c in lines
    )


def one_line(text: str) -> str:
    """The text in one line, trimmed; empty if there is nothing in it to see.

    Joiners and marks of direction stay inside of it: some scripts can't be written without them.
    """
    found = unicodedata.normalize("NFC", " ".join(readable(text).split()))
    seen = any(unicodedata.category(c)[0] not in "CZ" for c in found)
    return found if seen else ""


class ObjectivesForm(TokenForm):
    """One or more objectives, by id."""

    objective = SelectMultipleField(validate_choice=False)


class WordsForm(TokenForm):
    """A question in the learner's own words."""

    text = TextAreaField()

    @property
    def typed(self) -> str:
        """What was typed, to be shown again."""
        return readable(self.text.data or "")

    @property
    def words(self) -> str:
        """What is to be kept."""
        return one_line(self.text.data or "")

    @property
    def trouble(self) -> str:
        """Why the words can't be kept yet, in a word; empty if they can."""
        if len(self.words) > LONGEST:
            return "long"
        if not self.words:
            return "empty"
        return "" if self.has_valid_token else "expired"


class LineField(Field):
    """The id of a line; None where none is given, or none that could be one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = uuid.UUID(hex=valuelist[0]) if valuelist else None
        except ValueError:
            self.data = None


class MoveForm(TokenForm):
    """Above or below which line a line goes; to the top, if `top` is there."""

    above = LineField()
    below = LineField()
    top = StringField()


class TickForm(TokenForm):
    """Whether a line has been asked: yes or no."""

    asked = StringField()


class RemoveForm(TokenForm):
    """Which line to look at after this one is gone."""

    then = LineField()
