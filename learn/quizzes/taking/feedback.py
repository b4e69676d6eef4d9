"""What a feedback page says: made from the question, the answer and the grade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questions.grading import error_in, grade
from questions.model import Mark, Question, Response


class Tone(StrEnum):
    """Which headline the page has."""

    YES = "yes"
    AGAIN = "again"
    UNSURE = "unsure"
    CHANGED = "changed"  # the question was edited since, so the answer can't be shown with it


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the page says: each part of the question beside what was given for it."""

    tone: Tone
    marks: tuple[Mark, ...]


def feedback(question: Question, version: str, response: Response) -> Feedback:
    """The feedback to `response`, which was given to that version of the question."""
    if version != question.version and error_in(question, response):
        return Feedback(Tone.CHANGED, question.marks(Response()))
    result = grade(question, response)
    if result.unsure:
        return Feedback(Tone.UNSURE, question.marks(Response()))
    return Feedback(Tone.YES if result.right else Tone.AGAIN, question.marks(response))
