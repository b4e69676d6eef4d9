"""How a quiz went: what is known now, and what is worth another look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes.queries import AttemptView, ItemView
from questions.model import Objective


@dataclass(frozen=True, slots=True)
class Look:
    """An objective worth another look, and the passage that explains it."""

    objective: Objective
    lesson: Lesson
    anchor: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`right` of `total` answers were right; `removed` questions left the quiz on the way.

    `positions` are those of the answered questions, to read again.
    """

    right: int
    total: int
    removed: int
    known: tuple[Objective, ...]
    looks: tuple[Look, ...]


def summary_of(content: Content, attempt: AttemptView) -> Summary:
    """The summary of an attempt that has no open question left."""
    answered = [i for i in attempt.items if i.response is not None]
    mastered = {
        o.id: all(i.score == 1 for i in items) for o, items in _by_objective(content, answered)
    }
    objectives = content.bank.objectives
    return Summary(
        right=sum(i.score == 1 for i in answered),
        total=len(answered),
        removed=len(attempt.items) - len(answered),
        known=tuple(objectives[o] for o, well in mastered.items() if well),
        looks=tuple(_look(content, objectives[o]) for o, well in mastered.items() if not well),
    )


def _by_objective(
    content: Content, answered: list[ItemView]
) -> Iterator[tuple[Objective, list[ItemView]]]:
    """The answered items of each objective that is still in the bank, in the bank's order."""
    for objective in content.bank.objectives.values():
        if own := [i for i in answered if i.objective == objective.id]:
            yield objective, own


def _look(content: Content, objective: Objective) -> Look:
    lesson = content.lessons[objective.lesson]
    return Look(objective, lesson, lesson.anchors[objective.facts[0]])
