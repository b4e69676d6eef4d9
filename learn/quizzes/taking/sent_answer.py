"""An answer that was sent, in words, for when it can't be recorded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from learn import extensions
from learn.quizzes.taking.forms import AnswerForm
from questions.grading import error_in
from questions.parts import Line


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """What was asked and the answer, line by line; no line for "I'm not sure"."""

    stem: str
    lines: tuple[Line, ...]


def read_sent_answer() -> SentAnswer | None:
    """Return the answer in the form that was sent; None if there is none, or it can't be read."""
    if request.method != "POST":
        return None
    try:
        form = AnswerForm()
    except HTTPException:  # too large
        return None
    question = extensions.content().bank.questions.get(form.question.data or "")
    if question is None or error_in(question, form.response.data):
        return None
    is_unsure = form.response.data.unsure
    return SentAnswer(question.stem, () if is_unsure else question.describe(form.response.data))
