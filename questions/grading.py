"""Validate and grade responses; pure and deterministic."""

from __future__ import annotations

from enum import StrEnum

from questions.model import Grade, PartGrade, Question, Response, ResponseError


class InvalidResponse(ValueError):  # noqa: N818 - it is a response that is invalid
    """Raised when a response that `error_in` rejects is graded."""


def error_in(question: Question, response: Response) -> ResponseError | None:
    """Return why `response` can't be graded, or None if it can."""
    return question.error_in(response)


ALMOST = 2 / 3 - 1e-9  # a score of two thirds may be rounded
"""Least score of an answer that is almost right, which never counts as missed."""


class Outcome(StrEnum):
    """How an answer was, in the same words everywhere. "I'm not sure" is not a missed answer."""

    RIGHT = "right"
    ALMOST = "almost"
    MISSED = "missed"
    UNSURE = "unsure"


def outcome_of(score: float, *, unsure: bool = False) -> Outcome:
    """Return the outcome of an answer with this score."""
    if unsure:
        return Outcome.UNSURE
    if score == 1:
        return Outcome.RIGHT
    return Outcome.ALMOST if score >= ALMOST else Outcome.MISSED


def grade(question: Question, response: Response) -> Grade:
    """Grade `response` by the rules of the question's kind.

    "I'm not sure" scores 0 with `unsure` set and without misconceptions. Raises InvalidResponse if
    `error_in` finds an error.
    """
    if error := question.error_in(response):
        raise InvalidResponse(f"{question.id}: {error.value}")
    if response.unsure:
        parts = tuple(PartGrade(p.id, right=False) for p in question.parts)
        return Grade(score=0.0, unsure=True, parts=parts)
    return question.grade(response)
