"""What one answer shows, part by part, and sums of that over many answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from learn.results.queries import Tally
from questions.grading import InvalidResponse, grade
from questions.model import Question, Response


@dataclass(slots=True)
class Sums:
    """What is added up for a question in one version.

    `parts` counts options that were chosen, or rows and steps that were put right; `beliefs` the
    answers that show a wrong idea, by its id.
    """

    n: int = 0
    right: int = 0
    unsure: int = 0
    points: float = 0.0
    parts: Counter[str] = field(default_factory=Counter)
    beliefs: Counter[str] = field(default_factory=Counter)

    def add(self, question: Question | None, tally: Tally) -> None:
        """Count these answers. Without the `question` as it was asked, options by id alone."""
        self.n += tally.count
        self.points += tally.score * tally.count
        if tally.score == 1:
            self.right += tally.count
        if tally.response.get("unsure"):
            self.unsure += tally.count
            return
        parts, beliefs = marks(question, tally.response)
        for part in parts:
            self.parts[part] += tally.count
        for belief in beliefs:
            self.beliefs[belief] += tally.count


def marks(
    question: Question | None, kept: Mapping[str, Any]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parts that an answer chose, or put right, and the wrong ideas that it shows, each once.

    None of them where it does not fit the question.
    """
    response = Response.from_json(kept)
    if question is None:
        return tuple(dict.fromkeys(response.chosen)), ()
    try:
        found = grade(question, response)
    except InvalidResponse:
        return (), ()
    if question.counts_chosen:
        return tuple(dict.fromkeys(response.chosen)), found.misconceptions
    return tuple(part.part for part in found.parts if part.right), found.misconceptions
