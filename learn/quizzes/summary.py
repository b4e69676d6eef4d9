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

    Of the objectives that are `known`, the `doubted` were answered right and not surely.
    """

    right: int
    total: int
    removed: int
    known: tuple[Objective, ...]
    looks: tuple[Look, ...]
    doubted: tuple[Objective, ...]


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """How the questions of one lesson went; it is understood if nothing needs another look."""

    lesson: Lesson
    known: tuple[Objective, ...]
    looks: tuple[Look, ...]


def summary_of(content: Content, attempt: AttemptView) -> Summary:
    """The summary of an attempt that has no open question left."""
    answered = [i for i in attempt.items if i.response is not None]
    own = [*_by_objective(content, answered)]
    known = [o for o, items in own if all(i.score == 1 for i in items)]
    return Summary(
        right=sum(i.score == 1 for i in answered),
        total=len(answered),
        removed=len(attempt.items) - len(answered),
        known=tuple(known),
        looks=tuple(look_at(content, o) for o, _ in own if o not in known),
        doubted=tuple(o for o, items in own if o in known and any(i.sure is False for i in items)),
    )


def by_lesson(content: Content, summary: Summary) -> tuple[LessonSummary, ...]:
    """The lessons that were asked about, in order."""
    lessons = (
        LessonSummary(
            lesson,
            tuple(o for o in summary.known if o.lesson == lesson.id),
            tuple(look for look in summary.looks if look.lesson is lesson),
        )
        for lesson in content.lessons.values()
    )
    return tuple(own for own in lessons if own.known or own.looks)


def _by_objective(
    content: Content, answered: list[ItemView]
) -> Iterator[tuple[Objective, list[ItemView]]]:
    """The answered items of each objective that is still in the bank, in the bank's order."""
    for objective in content.bank.objectives.values():
        if own := [i for i in answered if i.objective == objective.id]:
            yield objective, own


def look_at(content: Content, objective: Objective) -> Look:
    """Where the objective is explained."""
    lesson = content.lessons[objective.lesson]
    return Look(objective, lesson, lesson.anchors[objective.facts[0]])
