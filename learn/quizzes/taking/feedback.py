"""Feedback to an answer: its tone, and a mark for each part of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from questions.grading import Outcome, error_in, grade, outcome_of
from questions.model import Question, Response
from questions.parts import Fills, Mark


class Tone(StrEnum):
    """Headline of the page."""

    YES = "yes"
    AGAIN = "again"
    UNSURE = "unsure"
    CHANGED = "changed"  # the answer does not fit the question as it is now


@dataclass(frozen=True, slots=True)
class Feedback:
    """Tone, and each part of the question with what was given for it; `score` from 0 to 1."""

    tone: Tone
    marks: tuple[Mark, ...]
    score: float = 0.0

    @property
    def outcome(self) -> Outcome | None:
        """How the answer was; None if the question as it is now can't tell."""
        if self.tone is Tone.CHANGED:
            return None
        return outcome_of(self.score, unsure=self.tone is Tone.UNSURE)


def feedback(
    question: Question, version: str, response: Response, shown: Sequence[str] = ()
) -> Feedback:
    """Return the feedback to a response that was given to that `version` of the question.

    The marks stand in the order in which the parts were `shown`, except where their right order is
    what was asked.
    """
    told = _feedback(question, version, response)
    if question.fields[0].fills is Fills.PLACES:
        return told
    place = {part: i for i, part in enumerate(shown)}
    in_order = sorted(told.marks, key=lambda mark: place.get(mark.part.id, len(place)))
    return replace(told, marks=tuple(in_order))


def _feedback(question: Question, version: str, response: Response) -> Feedback:
    if version != question.version and error_in(question, response):
        return Feedback(Tone.CHANGED, question.marks(Response()))
    result = grade(question, response)
    if result.unsure:
        return Feedback(Tone.UNSURE, question.marks(Response()))
    tone = Tone.YES if result.right else Tone.AGAIN
    return Feedback(tone, question.marks(response), result.score)
