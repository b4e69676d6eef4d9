"""Form for a new assignment."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField

from learn.forms import TokenForm
from learn.library.content import Content
from learn.models import AssignmentKind

EVERYTHING, SOME = "all", "some"
LENGTHS = (5, 10, 15, 20)
MAX_TITLE = 80
_MAX_SWAPS = 100  # more than anybody presses


class FormError(StrEnum):
    """Why the assignment can't be created. The template has a message for each."""

    EXPIRED = "expired"
    KIND = "kind"
    ABOUT = "about"
    UNKNOWN = "unknown"
    NO_LESSON = "no-lesson"
    NOTHING = "nothing"
    PRACTICE = "practice"
    NO_QUESTIONS = "no-questions"
    LENGTH = "length"
    LONG = "long"
    TAKEN = "taken"
    EMPTY = "empty"
    DATE = "date"
    PAST = "past"


class DetailsForm(TokenForm):
    """Title and due date."""

    title = StringField()
    due_on = StringField()

    @property
    def cleaned_title(self) -> str:
        """Title on one line, without surrounding spaces; empty to have one made."""
        return " ".join("".join(c for c in self.title.data or "" if c.isprintable()).split())

    @property
    def due_day(self) -> date | None:
        """Due date, or None. Raises ValueError if it is not a date."""
        text = (self.due_on.data or "").strip()
        return date.fromisoformat(text) if text else None

    def check_details(
        self, others: Collection[str], today: date, *, due_before: date | None = None
    ) -> Iterable[FormError]:
        """Yield the errors of title and date. `others` are titles of the group's assignments.

        A date that has passed is all right if it is `due_before`: it hasn't changed.
        """
        if len(self.cleaned_title) > MAX_TITLE:
            yield FormError.LONG
        if self.cleaned_title.casefold() in {title.casefold() for title in others}:
            yield FormError.TAKEN
        try:
            day = self.due_day
        except ValueError:
            yield FormError.DATE
        else:
            if day is not None and day < today and day != due_before:
                yield FormError.PAST


class EditForm(DetailsForm):
    """Title and due date of an assignment that is there."""

    def check(
        self, others: Collection[str], today: date, due_before: date | None
    ) -> list[FormError]:
        """Return the errors of the form, in the order of the page."""
        errors = [] if self.has_valid_token else [FormError.EXPIRED]
        if not self.cleaned_title:
            errors.append(FormError.EMPTY)
        return [*errors, *self.check_details(others, today, due_before=due_before)]


class CopyForm(DetailsForm):
    """Title of a copy, and the group that gets it; `new_id` is the id that it will have."""

    group = HiddenField()
    new_id = HiddenField()

    def check(self, others: Collection[str], today: date) -> list[FormError]:
        """Return the errors of the form, in the order of the page."""
        errors = [] if self.has_valid_token else [FormError.EXPIRED]
        if not self.cleaned_title:
            errors.append(FormError.EMPTY)
        return [*errors, *self.check_details(others, today)]

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed, so that sending it twice makes one copy."""
        return proposed_id(self.new_id.data, default)


def proposed_id(text: str | None, default: uuid.UUID) -> uuid.UUID:
    """Return the id that a page proposed, or the default."""
    try:
        return uuid.UUID(hex=text or "")
    except ValueError:
        return default


class AssignmentForm(DetailsForm):
    """Kind, topics, length, and due date; `new_id` is the id that the assignment will have.

    With `preview`, it is looked at first; with `change`, one goes back from there. `swap` are
    questions that were swapped for others there, oldest first, and `swap_now` is one more.
    """

    kind = RadioField(choices=[*AssignmentKind], validate_choice=False, default="")
    about = RadioField(choices=[EVERYTHING, SOME], default=SOME, validate_choice=False)
    lesson = SelectMultipleField(validate_choice=False, default=())
    objective = SelectMultipleField(validate_choice=False, default=())
    length = RadioField(choices=LENGTHS, coerce=int, default=LENGTHS[1], validate_choice=False)
    fixed = BooleanField(default=True)
    new_id = HiddenField()
    preview = StringField()
    change = StringField()
    swap = SelectMultipleField(validate_choice=False, default=())
    swap_now = StringField()

    @property
    def swaps(self) -> tuple[str, ...]:
        """Ids of the questions to swap for others, oldest first."""
        return tuple(
            dict.fromkeys(filter(None, (*self.swap.data[:_MAX_SWAPS], self.swap_now.data)))
        )

    def lessons(self, content: Content) -> tuple[str, ...]:
        """Return the ids of the chosen lessons, in the order of the lessons."""
        if self.about.data == EVERYTHING:
            return tuple(content.lessons_with_questions)
        return tuple(name for name in content.lessons_with_questions if name in self.lesson.data)

    def objectives(self, content: Content) -> tuple[str, ...]:
        """Return the ids of the objectives that were chosen directly or with their lesson."""
        lessons, chosen = self.lessons(content), self._chosen(content)
        return tuple(
            o.id for o in content.bank.counted.values() if o.lesson in lessons or o.id in chosen
        )

    def _chosen(self, content: Content) -> set[str]:
        """Return the ids of the objectives that were chosen directly, even by their old ids."""
        return {content.bank.current_id(o) for o in self.objective.data}

    def id_or(self, default: uuid.UUID) -> uuid.UUID:
        """Return the id that the page proposed, so that sending it twice creates one assignment."""
        return proposed_id(self.new_id.data, default)

    def check(self, content: Content, others: Collection[str], today: date) -> list[FormError]:
        """Return the errors of the form, in the order of the page."""
        errors = [] if self.has_valid_token else [FormError.EXPIRED]
        if self.kind.data not in {*AssignmentKind}:
            errors.append(FormError.KIND)
        errors += self._about(content)
        if self.kind.data == AssignmentKind.QUIZ and (
            self.length.process_errors or self.length.data not in LENGTHS
        ):
            errors.append(FormError.LENGTH)
        return [*errors, *self.check_details(others, today)]

    def _about(self, content: Content) -> Iterable[FormError]:
        if self.about.data not in {EVERYTHING, SOME}:
            yield FormError.ABOUT
        elif not ({*self.lesson.data} <= {*content.lessons_with_questions}) or not (
            self._chosen(content) <= {*content.bank.counted}
        ):
            yield FormError.UNKNOWN
        elif self.kind.data == AssignmentKind.LESSONS:
            if not self.lessons(content):
                yield FormError.NO_LESSON
        elif not self.objectives(content):
            yield FormError.PRACTICE if self.lessons(content) else FormError.NOTHING
