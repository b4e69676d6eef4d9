"""What an educator chooses for a group, as it comes in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField

from learn.forms import TokenForm
from learn.library.content import Content
from learn.record.assigned import BEFORE_AFTER, LESSONS, QUIZ

EVERYTHING, SOME = "all", "some"
LENGTHS = (5, 10, 15, 20)
LONGEST = 80
_KINDS = (LESSONS, QUIZ, BEFORE_AFTER)


class Trouble(StrEnum):
    """Why something can't be given to the group yet."""

    EXPIRED = "expired"
    KIND = "kind"
    ABOUT = "about"
    UNKNOWN = "unknown"
    NO_LESSON = "no-lesson"
    NOTHING = "nothing"
    NO_QUESTIONS = "no-questions"
    LENGTH = "length"
    LONG = "long"
    DATE = "date"
    PAST = "past"


class NewForm(TokenForm):
    """What the group is to do, about what, until when; `own` is the number that it will have."""

    kind = RadioField(choices=_KINDS, validate_choice=False, default="")
    about = RadioField(choices=[EVERYTHING, SOME], default=SOME, validate_choice=False)
    lesson = SelectMultipleField(validate_choice=False, default=())
    objective = SelectMultipleField(validate_choice=False, default=())
    length = RadioField(choices=LENGTHS, coerce=int, default=LENGTHS[1], validate_choice=False)
    fixed = BooleanField()
    title = StringField()
    due_on = StringField()
    own = HiddenField()

    @property
    def name(self) -> str:
        """The title, on one line, without spaces around it; empty to have one made."""
        return " ".join("".join(c for c in self.title.data or "" if c.isprintable()).split())

    @property
    def day(self) -> date | None:
        """The day of the wish, if there is one. Raises ValueError for what is no day."""
        text = (self.due_on.data or "").strip()
        return date.fromisoformat(text) if text else None

    def lessons(self, content: Content) -> tuple[str, ...]:
        """The ids of the lessons chosen, in their order."""
        if self.about.data == EVERYTHING:
            return tuple(content.asked_lessons)
        return tuple(name for name in content.asked_lessons if name in self.lesson.data)

    def objectives(self, content: Content) -> tuple[str, ...]:
        """The ids of the objectives chosen, by themselves or with their lesson."""
        lessons = self.lessons(content)
        return tuple(
            o.id
            for o in content.bank.objectives.values()
            if o.lesson in lessons or o.id in self.objective.data
        )

    def number(self, otherwise: uuid.UUID) -> uuid.UUID:
        """The number that the page gave to it."""
        try:
            return uuid.UUID(hex=self.own.data or "")
        except ValueError:
            return otherwise

    def troubles(self, content: Content, today: date) -> list[Trouble]:
        """What is amiss, in the order of the page."""
        found = [] if self.has_valid_token else [Trouble.EXPIRED]
        if self.kind.data not in _KINDS:
            found.append(Trouble.KIND)
        found += self._about(content)
        if self.kind.data == QUIZ and (
            self.length.process_errors or self.length.data not in LENGTHS
        ):
            found.append(Trouble.LENGTH)
        if len(self.name) > LONGEST:
            found.append(Trouble.LONG)
        try:
            past = self.day is not None and self.day < today
        except ValueError:
            return [*found, Trouble.DATE]
        return [*found, Trouble.PAST] if past else found

    def _about(self, content: Content) -> Iterable[Trouble]:
        if self.about.data not in {EVERYTHING, SOME}:
            yield Trouble.ABOUT
        elif not ({*self.lesson.data} <= {*content.asked_lessons}) or not (
            {*self.objective.data} <= {*content.bank.objectives}
        ):
            yield Trouble.UNKNOWN
        elif self.kind.data == LESSONS and not self.lessons(content):
            yield Trouble.NO_LESSON
        elif not self.objectives(content):
            yield Trouble.NOTHING
