"""Validate and grade responses; pure and deterministic."""

from __future__ import annotations

from questions.model import Grade, PartGrade, Question, Response, ResponseError


class InvalidResponse(ValueError):  # noqa: N818 - it is a response that is invalid
    """Raised when a response that `error_in` rejects is graded."""


def error_in(question: Question, response: Response) -> ResponseError | None:
    """Return why `response` can't be graded, or None if it can."""
    return question.error_in(response)


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
