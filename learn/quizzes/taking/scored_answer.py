"""A valid answer, graded and ready to be stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from questions import memory
from questions.grading import grade
from questions.memory import Rating
from questions.model import Grade, Question, Response
from questions.selection import pack


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """A graded answer with all values to store, so that the transaction only writes.

    `version` is the question's, `shown` the packed order of its parts.
    """

    question: str
    version: str
    shown: str
    response: dict[str, Any]
    sure: bool | None
    grade: Grade
    rating: Rating


def score_answer(
    question: Question, shown: Sequence[str], response: Response, sure: bool | None
) -> ScoredAnswer:
    """Grade a response to a question whose parts were `shown` in this order.

    Raises questions.grading.InvalidResponse.
    """
    result = grade(question, response)
    return ScoredAnswer(
        question=question.id,
        version=question.version,
        shown=pack(question, shown),
        response=response.to_json(),
        sure=sure,
        grade=result,
        rating=memory.rating(result, sure=sure),
    )
