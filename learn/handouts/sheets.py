"""What stands on a handout: words of the bank and of the lessons, each with its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.prose import Element, ElementKind
from questions.figures import Figure
from questions.model import Misconception, Question, Safety

MAX_TOGETHER = 12
"""Handouts that are printed together at most."""

_NEEDS_ITS_ANSWERS = re.compile(r"\b(?:which|these|this|below)\b", re.IGNORECASE)
"""Words of questions that nobody can answer without seeing the answers or an exhibit."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A handout of one page, on a lesson or on a wrong idea about what it teaches.

    `idea` is None for a lesson. `ask` is a question to ask aloud, of the bank or of the lesson;
    empty if there is none that can be heard without its answers. `safety` is what to do about a
    sign of illness in it. `picture` has one figure, or the steps of a picture in steps. `sections`
    are headings of the document, and `citations` those of added sources. `is_practice` says that
    the questions about it wait for a clinician's signature.
    """

    lesson: Lesson
    idea: Misconception | None
    ask: str
    safety: Safety | None
    picture: tuple[Figure, ...]
    sections: tuple[str, ...]
    citations: tuple[str, ...]
    is_practice: bool

    @property
    def name(self) -> str:
        """A name that no other handout has, for ids on a page."""
        return f"idea-{self.idea.id}" if self.idea else f"lesson-{self.lesson.id}"


def of_idea(content: Content, idea_id: str) -> Sheet | None:
    """Return the handout on a wrong idea of the bank; None if there is no such idea."""
    idea = content.bank.misconceptions.get(idea_id)
    if idea is None:
        return None
    objective = next(o for o in content.bank.objectives.values() if idea in o.misconceptions)
    lesson = content.lessons[objective.lesson]
    shown_by = [
        q
        for q in content.bank.questions.values()
        if idea_id in q.misconceptions
        and content.bank.objectives[q.objective].practice_only <= objective.practice_only
    ]
    own = [q for q in shown_by if q.objective == objective.id] or shown_by
    facts = tuple(dict.fromkeys(fact for q in own for fact in q.facts)) or objective.facts
    aloud = next((q for q in own if _can_be_heard(q)), None)
    return Sheet(
        lesson=lesson,
        idea=idea,
        ask=f"{aloud.vignette} {aloud.stem}".strip() if aloud else _pause(lesson, facts),
        safety=aloud.safety if aloud else None,
        picture=_picture(content, lesson, facts),
        sections=_sections(content, facts),
        citations=_citations(content, facts),
        is_practice=objective.practice_only,
    )


def of_lesson(content: Content, lesson_id: str) -> Sheet | None:
    """Return the handout on a lesson; None if there is no such lesson."""
    lesson = content.lessons.get(lesson_id)
    if lesson is None:
        return None
    facts = tuple(dict.fromkeys(fact for point in lesson.points for fact in point.facts))
    objectives = content.bank.of_lesson(lesson_id)
    return Sheet(
        lesson=lesson,
        idea=None,
        ask="",
        safety=None,
        picture=_picture(content, lesson, facts) or _picture(content, lesson, lesson.anchors),
        sections=_sections(content, facts),
        citations=_citations(content, facts),
        is_practice=bool(objectives) and all(o.practice_only for o in objectives),
    )


def together(
    content: Content, ideas: Collection[str], lessons: Collection[str]
) -> tuple[Sheet, ...]:
    """Return the handouts that exist, each lesson's own before those on its ideas, in order."""
    found = []
    for lesson in content.lessons.values():
        if lesson.id in lessons:
            found.append(of_lesson(content, lesson.id))
        found += [of_idea(content, idea.id) for idea in ideas_of(content, lesson.id, ideas)]
    return tuple(sheet for sheet in found if sheet)


def ideas_of(
    content: Content, lesson: str, wanted: Collection[str] | None = None
) -> tuple[Misconception, ...]:
    """Return the wrong ideas about a lesson, in the order of the bank; with `wanted`, of these."""
    return tuple(
        idea
        for objective in content.bank.of_lesson(lesson)
        for idea in objective.misconceptions
        if wanted is None or idea.id in wanted
    )


def _can_be_heard(question: Question) -> bool:
    """Return whether somebody who sees neither the answers nor an exhibit can answer."""
    return (
        question.only_key is not None
        and not question.figures
        and question.exhibit is None
        and question.stem.endswith("?")
        and not _NEEDS_ITS_ANSWERS.search(question.stem)
    )


def _pause(lesson: Lesson, facts: Collection[str]) -> str:
    """Return the question of the lesson, to pause and think, that is about one of these facts."""
    pauses = (e for e in _elements(lesson) if e.kind is ElementKind.PAUSE)
    of_facts = (e for e in pauses if not _answer_facts(e).isdisjoint(facts))
    return next((element.prompt for element in of_facts), "")


def _answer_facts(pause: Element) -> set[str]:
    return {fact for row in pause.rows for passage in row for fact in passage.facts}


def _picture(content: Content, lesson: Lesson, facts: Collection[str]) -> tuple[Figure, ...]:
    """Return the picture of the lesson that shows most of these facts, if one shows any."""
    pictures = [e for e in _elements(lesson) if e.kind in {ElementKind.FIGURE, ElementKind.STEPS}]
    best = max(pictures, key=lambda e: len({*e.facts} & {*facts}), default=None)
    if best is None or {*best.facts}.isdisjoint(facts):
        return ()
    is_one = best.kind is ElementKind.FIGURE
    return (content.figures[best.name],) if is_one else content.steps(best.name)


def _elements(lesson: Lesson) -> Iterator[Element]:
    return (element for block in lesson.text.all_blocks for element in block.elements)


def _sections(content: Content, facts: Iterable[str]) -> tuple[str, ...]:
    ledger = content.ledger
    of_document = (ledger.facts[fact].section for fact in facts if fact in ledger.facts)
    return tuple(ledger.sections[section].heading for section in dict.fromkeys(of_document))


def _citations(content: Content, facts: Iterable[str]) -> tuple[str, ...]:
    added = content.ledger.added
    return tuple(dict.fromkeys(added[fact].citation for fact in facts if fact in added))
