"""The fields of an answer; `questions.grading` decides whether it is right."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum
from typing import Any

from wtforms import Field, Form, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Length, Optional

from learn.forms import TokenForm
from learn.quizzes.catalog import CHECK_LENGTHS
from questions.kinds import KINDS
from questions.model import Fills, Response

ANSWER = "answer"
UNSURE = "?"
_LONGEST = 80


class ResponseField(Field):
    """All the answers of a page, as a `Response`; "I'm not sure" is the answer `?`.

    The names of the fields are those of every kind of question: whether they fit the question that
    was asked is for its kind to say.
    """

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002 - the library's signature
        self.process_errors: list[str] = []
        self.data = Response()
        if formdata is None:
            return
        answers = [a[:_LONGEST] for a in formdata.getlist(ANSWER) if a]
        places = _by_part(formdata, Fills.PLACES)
        self.data = Response(
            unsure=UNSURE in answers,
            chosen=tuple(dict.fromkeys(a for a in answers if a != UNSURE)),
            pairs=_by_part(formdata, Fills.PAIRS),
            places={k: int(v) for k, v in places.items() if v.isdecimal()},
        )


def _by_part(formdata: Any, fills: Fills) -> dict[str, str]:
    """What was given for parts, in the fields of any kind that fill that of a `Response`."""
    prefixes = {f.name for kind in KINDS.values() for f in kind.fields if f.fills is fills}
    return {
        name.removeprefix(prefix)[:_LONGEST]: given[:_LONGEST]
        for name, given in formdata.items()
        for prefix in prefixes
        if name.startswith(prefix) and given
    }


class AnswerForm(TokenForm):
    """An answer to one question.

    `version` is the question's, as it was shown; `plan` is what a quiz is to be, where the attempt
    begins with this answer.
    """

    allows_earlier_token = True

    response = ResponseField()
    sure = RadioField(choices=["yes", "no"], validators=[Optional()], validate_choice=False)
    question = HiddenField(validators=[Length(max=_LONGEST)])
    version = HiddenField(validators=[Length(max=_LONGEST)])
    plan = HiddenField(validators=[Length(max=4000)])

    @property
    def is_sure(self) -> bool | None:
        """Sure, not sure, or not said."""
        return {"yes": True, "no": False}.get(self.sure.data or "")


EVERYTHING, SOME = "all", "some"


class CheckTrouble(StrEnum):
    """Why a check can't begin as it was chosen."""

    NO_LESSON = "no-lesson"
    UNKNOWN = "unknown"
    LENGTH = "length"


class CheckForm(Form):
    """What a check is to be about, and how long."""

    about = RadioField(choices=[EVERYTHING, SOME], default=EVERYTHING, validate_choice=False)
    lesson = SelectMultipleField(validate_choice=False, default=())
    length = RadioField(
        choices=CHECK_LENGTHS, coerce=int, default=CHECK_LENGTHS[1], validate_choice=False
    )

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons that count: none stand for all of them."""
        return tuple(self.lesson.data) if self.about.data == SOME else ()

    def trouble(self, lessons: Container[str]) -> CheckTrouble | None:
        """What is amiss with it, where `lessons` are all there are."""
        if self.length.process_errors or self.length.data not in CHECK_LENGTHS:
            return CheckTrouble.LENGTH
        if self.about.data not in {EVERYTHING, SOME}:
            return CheckTrouble.UNKNOWN
        if self.about.data == SOME and not self.lesson.data:
            return CheckTrouble.NO_LESSON
        if any(lesson not in lessons for lesson in self.lessons):
            return CheckTrouble.UNKNOWN
        return None
