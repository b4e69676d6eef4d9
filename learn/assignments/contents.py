"""Select the questions of an assignment, once for all members, and give it a title."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from learn.assignments.printing import PrintedQuiz
from learn.learner.quiz_refs import AFTER_PART, BEFORE_PART
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.messages import gettext as _
from learn.messages import ngettext
from learn.models import AssignmentKind
from questions import selection

_MAX_PAIRS = 6


@dataclass(frozen=True, slots=True)
class AssignmentChoice:
    """An educator's choice: whole lessons, or objectives to ask about."""

    kind: str
    lessons: tuple[str, ...]
    objectives: tuple[str, ...]
    length: int
    fixed: bool


def select_contents(choice: AssignmentChoice, content: Content, rng: Random) -> Mapping[str, Any]:
    """Return the `contents` of the assignment; empty if no question fits the choice.

    A quiz may have fewer questions than `choice.length`. Before and after ask about the same
    objectives, at most six, each time with another question, and begin with gentle ones.
    """
    if choice.kind == AssignmentKind.LESSONS:
        return {"lessons": [*choice.lessons]}
    objectives = [o for o in content.bank.counted.values() if o.id in choice.objectives]
    if choice.kind == AssignmentKind.QUIZ:
        contents: Mapping[str, Any] = {
            "questions": [q.id for q in selection.plan(objectives, {}, choice.length, rng)]
        }
    else:
        pairs = selection.spread([o for o in objectives if len(o.questions) > 1], _MAX_PAIRS, rng)
        before = selection.before(pairs, {}, rng)
        after = selection.after(pairs, {}, rng, exclude={q.id for q in before})
        hard = content.bank.hard_to_hear
        contents = {
            part: [q.id for q in selection.without_sensitive_openers(questions, hard)]
            for part, questions in ((BEFORE_PART, before), (AFTER_PART, after))
        }
    if not all(contents.values()):
        return {}
    return {**contents, "fixed": True} if choice.fixed else contents


def with_others(
    chosen: Mapping[str, Any], swaps: Iterable[str], content: Content
) -> Mapping[str, Any]:
    """Return the contents with each of these questions swapped for another one on its idea.

    One that has no other question left stays.
    """
    swapped: list[str] = []
    for id_ in swaps:
        swapped.append(id_)
        for part, ids in _parts(chosen).items():
            others = _others(chosen, id_, swapped, content)
            if id_ in ids and others:
                chosen = {**chosen, part: [others[0] if q == id_ else q for q in ids]}
    return chosen


def can_swap(chosen: Mapping[str, Any], swaps: Collection[str], content: Content) -> frozenset[str]:
    """Return the questions for which there is another one on the same idea."""
    every = (id_ for ids in _parts(chosen).values() for id_ in ids)
    return frozenset(id_ for id_ in every if _others(chosen, id_, swaps, content))


def _parts(chosen: Mapping[str, Any]) -> Mapping[str, list[str]]:
    names = ("questions", BEFORE_PART, AFTER_PART)
    return {name: chosen[name] for name in names if name in chosen}


def _others(
    chosen: Mapping[str, Any], id_: str, swaps: Collection[str], content: Content
) -> list[str]:
    """Return the questions on the same idea that are neither asked nor swapped away."""
    if id_ not in content.bank.questions:
        return []
    asked = {q for ids in _parts(chosen).values() for q in ids}
    siblings = content.bank.objective_of(id_).questions
    return [q.id for q in siblings if q.id not in asked and q.id not in swaps]


def unasked(
    content: Content, chosen: Iterable[str], quizzes: Iterable[PrintedQuiz]
) -> tuple[Lesson, ...]:
    """Return the chosen lessons that no question of the quizzes is about; none without a quiz."""
    parts = [*quizzes]
    asked = {printed.lesson.id for part in parts for printed in part.questions}
    return tuple(content.lessons[i] for i in chosen if parts and i not in asked)


def default_title(choice: AssignmentChoice, content: Content, max_length: int) -> str:
    """A title made from the choice, cut to `max_length` characters."""
    about = _about(choice, content)
    if choice.kind == AssignmentKind.QUIZ:
        title = _("Quiz: %(about)s", about=about)
    elif choice.kind == AssignmentKind.BEFORE_AFTER:
        title = _("Before and after: %(about)s", about=about)
    else:
        title = _("Read: %(about)s", about=about)
    title = str(title)
    return title if len(title) <= max_length else title[: max_length - 1].rstrip() + "…"


def distinct_title(title: str, others: Collection[str], max_length: int) -> str:
    """Return the title, with a number if one of the `others` is the same, cut to `max_length`."""
    taken = {other.casefold() for other in others}
    number, found = 1, title
    while found.casefold() in taken:
        number += 1
        ending = f" ({number})"
        found = title[: max_length - len(ending)].rstrip() + ending
    return found


def _about(choice: AssignmentChoice, content: Content) -> str:
    if choice.kind == AssignmentKind.LESSONS:
        ids, every = choice.lessons, content.lessons_with_questions
    else:
        ids, every = _lessons_of(choice.objectives, content), content.counted_lessons
    if len(ids) == len(every):
        return str(_("all the lessons"))
    if len(ids) == 1:
        return content.lessons[ids[0]].title
    return str(ngettext("%(num)d lesson", "%(num)d lessons", len(ids)))


def _lessons_of(objectives: Collection[str], content: Content) -> tuple[str, ...]:
    lessons = {content.bank.objectives[o].lesson for o in objectives}
    return tuple(name for name in content.lessons if name in lessons)
