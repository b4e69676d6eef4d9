"""One sentence and one question to take home from a quiz."""

from __future__ import annotations

import re
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.lessons import Point
from learn.quizzes.queries import AttemptView
from questions.grading import Outcome
from questions.model import Objective, Question

_LEANS = re.compile(r"(?:It|It’s|They|They’re|This|These|One of these)\b")


@dataclass(frozen=True, slots=True)
class TakeHome:
    """A key point of a lesson that a question was about, and an objective with its question."""

    point: Point | None
    ask: Objective | None


def take_home(content: Content, attempt: AttemptView) -> TakeHome:
    """Return what to take home: a point of what was right, and a question on what wasn't.

    Where all was right, or nothing, both are of what there is.
    """
    questions = content.bank.questions
    answered = [i for i in attempt.items if i.response is not None and i.question in questions]
    best = sorted(answered, key=lambda i: i.outcome is not Outcome.RIGHT)
    points = (_point(content, questions[i.question]) for i in best)
    asks = (content.bank.objectives.get(i.objective) for i in reversed(best))
    return TakeHome(next(filter(None, points), None), next(filter(None, asks), None))


def _point(content: Content, question: Question) -> Point | None:
    """Return the key point of its lesson that a question is about, if it can stand alone."""
    lesson, _ = content.passage(question)
    facts = {*question.facts, *(f for part in question.parts for f in part.facts)} - {"us"}
    alone = [p for p in lesson.points if not _LEANS.match(p.text) and facts & {*p.facts}]
    return max(alone, key=lambda p: len(facts & {*p.facts}) / len(p.facts), default=None)
