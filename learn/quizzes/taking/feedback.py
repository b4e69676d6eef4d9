"""Feedback to an answer: its tone, and a mark for each part of the question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questions.grading import error_in, grade
from questions.model import Question, Response
from questions.parts import Mark


class Tone(StrEnum):
    """Headline of the page."""

    YES = "yes"
    AGAIN = "again"
    UNSURE = "unsure"
    CHANGED = "changed"  # the answer does not fit the question as it is now


@dataclass(frozen=True, slots=True)
class Feedback:
    """Tone, and each part of the question with what was given for it."""

    tone: Tone
    marks: tuple[Mark, ...]


def feedback(question: Question, version: str, response: Response) -> Feedback:
    """Return the feedback to a response that was given to that `version` of the question."""
    if version != question.version and error_in(question, response):
        return Feedback(Tone.CHANGED, question.marks(Response()))
    result = grade(question, response)
    if result.unsure:
        return Feedback(Tone.UNSURE, question.marks(Response()))
    return Feedback(Tone.YES if result.right else Tone.AGAIN, question.marks(response))
