"""What one answer reveals, part by part, and counts of that over many answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from learn.results.queries import IdenticalAnswers
from questions.grading import InvalidResponse, Outcome, grade, outcome_of
from questions.model import Question, Response


@dataclass(slots=True)
class AnswerCounts:
    """Counts for one version of a question.

    `points` is the sum of scores (each from 0 to 1). `parts` counts options that were chosen, or
    rows and steps that were right; `beliefs` counts answers that reveal a misconception, by its id.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    points: float = 0.0
    parts: Counter[str] = field(default_factory=Counter)
    beliefs: Counter[str] = field(default_factory=Counter)

    @property
    def n(self) -> int:
        """Number of answers."""
        return self.outcomes.total()

    def add(self, question: Question | None, answers: IdenticalAnswers) -> None:
        """Count these answers. `question` is None if the version that was asked is unknown."""
        outcome = outcome_of(answers.score, unsure=bool(answers.response.get("unsure")))
        self.outcomes[outcome] += answers.count
        self.points += answers.score * answers.count
        if outcome is Outcome.UNSURE:
            return
        parts, beliefs = parts_and_beliefs(question, answers.response)
        for part in parts:
            self.parts[part] += answers.count
        for belief in beliefs:
            self.beliefs[belief] += answers.count


def parts_and_beliefs(
    question: Question | None, stored: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the parts that a response chose or got right, and of its misconceptions.

    Both are empty if the response does not fit the question.
    """
    response = Response.from_json(stored)
    if question is None:
        return tuple(dict.fromkeys(response.chosen)), ()
    try:
        graded = grade(question, response)
    except InvalidResponse:
        return (), ()
    if question.counts_chosen:
        return tuple(dict.fromkeys(response.chosen)), graded.misconceptions
    return tuple(part.part for part in graded.parts if part.right), graded.misconceptions
