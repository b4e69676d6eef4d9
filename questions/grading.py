"""Grading: a question and a response give a grade. Pure, and the same every time."""

from __future__ import annotations

from questions.model import Grade, PartGrade, Question, Response, ResponseError


class InvalidResponse(ValueError):  # noqa: N818 - it is a response that is invalid
    """A response in which `error_in` finds an error was to be graded."""


def error_in(question: Question, response: Response) -> ResponseError | None:
    """What keeps `response` from being graded, or None."""
    return question.error_in(response)


def grade(question: Question, response: Response) -> Grade:
    """The grade of `response`, as its kind defines it.

    "I'm not sure" scores 0, marked as such, and shows no misconception. Raises InvalidResponse
    where `error_in` finds an error.
    """
    if found := question.error_in(response):
        raise InvalidResponse(f"{question.id}: {found.value}")
    if response.unsure:
        parts = tuple(PartGrade(p.id, right=False) for p in question.parts)
        return Grade(score=0.0, unsure=True, parts=parts)
    return question.grade(response)
