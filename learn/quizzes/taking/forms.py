"""Forms of taking a quiz: what was sent, never whether it is right."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum
from typing import Any

from wtforms import Field, Form, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import Length, Optional

from learn.forms import TokenForm
from learn.quizzes.planning.catalog import CHECK_LENGTHS
from questions.grading import error_in
from questions.kinds import KINDS
from questions.model import Question, Response, ResponseError
from questions.parts import Fills

ANSWER = "answer"
UNSURE = "?"
_MAX_LENGTH = 80


class ResponseField(Field):
    """All inputs of a question page, as a `Response`.

    "I'm not sure" is the answer `?`, of a button: it counts instead of options that were checked
    before. It reads the fields of every kind of question. `questions.grading.error_in` decides
    whether they fit the question.
    """

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002 - the library's signature
        self.process_errors: list[str] = []
        self.data = Response()
        if formdata is None:
            return
        answers = [a[:_MAX_LENGTH] for a in formdata.getlist(ANSWER) if a]
        places = _by_part(formdata, Fills.PLACES)
        unsure = UNSURE in answers
        self.data = Response(
            unsure=unsure,
            chosen=() if unsure else tuple(dict.fromkeys(answers)),
            pairs=_by_part(formdata, Fills.PAIRS),
            places={k: int(v) for k, v in places.items() if v.isdecimal()},
        )


def _by_part(formdata: Any, fills: Fills) -> dict[str, str]:
    """Return the values of all fields of any kind of question that fill `part` of a `Response`."""
    prefixes = tuple(f.name for kind in KINDS.values() for f in kind.fields if f.fills is fills)
    found = [(n, v) for n, v in formdata.items() if v and n.startswith(prefixes)]
    return {
        name.removeprefix(prefix)[:_MAX_LENGTH]: values[:_MAX_LENGTH]
        for name, values in found
        for prefix in prefixes
        if name.startswith(prefix)
    }


class AnswerError(StrEnum):
    """Why an answer has to be sent again, besides the problems that grading finds."""

    CHANGED = "changed"  # the question has changed since the page was shown
    EXPIRED = "expired"  # the form's token is not valid


class AnswerForm(TokenForm):
    """An answer to one question.

    `version` is that of the question as it was shown. The first answer of an attempt brings the
    signed `plan` of the attempt. One that is sent later brings the mark of its `owner`.
    """

    allows_earlier_token = True

    response = ResponseField()
    sure = RadioField(choices=["yes", "no"], validators=[Optional()], validate_choice=False)
    question = HiddenField(validators=[Length(max=_MAX_LENGTH)])
    version = HiddenField(validators=[Length(max=_MAX_LENGTH)])
    plan = HiddenField(validators=[Length(max=4000)])

    @property
    def is_sure(self) -> bool | None:
        """Whether the learner was sure; None if they didn't say, or if they had no answer."""
        if self.response.data.unsure:
            return None
        return {"yes": True, "no": False}.get(self.sure.data or "")

    def error(self, question: Question) -> ResponseError | AnswerError | None:
        """Why the answer to `question` can't be recorded, or None."""
        if not self.has_valid_token:
            return AnswerError.EXPIRED
        if not self.validate():
            return ResponseError.UNKNOWN
        return error_in(question, self.response.data)


EVERYTHING, SOME = "all", "some"


class CheckError(StrEnum):
    """Why a check can't start with these choices."""

    NO_LESSON = "no-lesson"
    UNKNOWN = "unknown"
    LENGTH = "length"


class CheckForm(Form):
    """What a check is about, and how many questions it asks."""

    about = RadioField(choices=[EVERYTHING, SOME], default=EVERYTHING, validate_choice=False)
    lesson = SelectMultipleField(validate_choice=False, default=())
    length = RadioField(
        choices=CHECK_LENGTHS, coerce=int, default=CHECK_LENGTHS[1], validate_choice=False
    )

    @property
    def lessons(self) -> tuple[str, ...]:
        """Chosen lessons; empty for all lessons."""
        return tuple(self.lesson.data) if self.about.data == SOME else ()

    def error(self, lessons: Container[str]) -> CheckError | None:
        """Why the check can't start, or None. `lessons` are all that exist."""
        if self.length.process_errors or self.length.data not in CHECK_LENGTHS:
            return CheckError.LENGTH
        if self.about.data not in {EVERYTHING, SOME}:
            return CheckError.UNKNOWN
        if self.about.data == SOME and not self.lesson.data:
            return CheckError.NO_LESSON
        if any(lesson not in lessons for lesson in self.lessons):
            return CheckError.UNKNOWN
        return None
