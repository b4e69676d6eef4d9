"""What stands on a handout: words of the bank and of the lessons, each with its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from learn.library import headlines
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.prose import Block, Element, ElementKind
from questions.figures import Figure
from questions.model import Misconception, Question, Safety

MAX_TOGETHER = 12
"""Handouts that are printed together at most."""

_ENOUGH_OVERLAP = 0.25
"""The share of what a picture shows that the idea is about, at least: else it distracts from it."""

_GET_HELP = "Get help"

_TOLD = (ElementKind.PARAGRAPH, ElementKind.LIST)

_NEEDS_ITS_ANSWERS = re.compile(r"\b(?:which|these|this|below)\b", re.IGNORECASE)
"""Words of questions that nobody can answer without seeing the answers or an exhibit."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A handout of one page, on a lesson or on a wrong idea about what it teaches.

    `idea` is None for a lesson. `headline` is what is true instead of the idea, or the lesson's
    title. `ask` is a question of the bank about the idea, to ask aloud; empty if there is none that
    can be heard without its answers. `safety` is what to do about a sign of illness in it, and
    `signs` names the signs. `lists` are the parts of the lesson that list signs and say whom to
    call, for a family to put up; they stand in the picture's place. `picture` has one figure about
    the idea, or the steps of a picture in steps. `sections` are headings of the document, and
    `citations` those of added sources. `is_practice` says that the questions about it wait for a
    clinician's signature.
    """

    lesson: Lesson
    idea: Misconception | None
    headline: str
    ask: str
    safety: Safety | None
    signs: Mapping[Safety, str]
    lists: tuple[Block, ...]
    picture: tuple[Figure, ...]
    sections: tuple[str, ...]
    citations: tuple[str, ...]
    is_practice: bool

    @property
    def names_get_help(self) -> bool:
        """Whether a point of the lesson, or one of the lists, sends readers to Get help."""
        if self.idea:
            return False
        passages = (p for b in self.lists for e in b.elements for row in e.rows for p in row)
        texts = (*(point.text for point in self.lesson.points), *(p.plain for p in passages))
        return any(_GET_HELP in text for text in texts)

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
    about = headlines.questions_about(content, idea, objective)
    facts = tuple(dict.fromkeys(fact for q in about for fact in q.facts)) or objective.facts
    core = headlines.shared_facts(about) or frozenset(objective.facts)
    aloud = next((q for q in about if _can_be_heard(q)), None)
    return Sheet(
        lesson=lesson,
        idea=idea,
        headline=headlines.of_idea(content, idea, objective),
        ask=f"{aloud.vignette} {aloud.stem}".strip() if aloud else "",
        safety=aloud.safety if aloud else None,
        signs=aloud.signs if aloud else {},
        lists=(),
        picture=_picture_of_idea(content, lesson, core),
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
    lists = tuple(_calls(content, lesson))
    shown = dict.fromkeys((*facts, *(fact for block in lists for fact in block.facts)))
    picture = _picture(content, lesson, facts) or _picture(content, lesson, lesson.anchors)
    return Sheet(
        lesson=lesson,
        idea=None,
        headline=lesson.title,
        ask="",
        safety=None,
        signs={},
        lists=lists,
        picture=() if lists else picture,
        sections=_sections(content, shown),
        citations=_citations(content, shown),
        is_practice=bool(objectives) and all(o.practice_only for o in objectives),
    )


def chosen(
    content: Content, ideas: Collection[str], lessons: Collection[str]
) -> tuple[Lesson | Misconception, ...]:
    """Return what these handouts are about, each lesson before the ideas about it, in order."""
    found: list[Lesson | Misconception] = []
    for lesson in content.lessons.values():
        if lesson.id in lessons:
            found.append(lesson)
        found += ideas_of(content, lesson.id, ideas)
    return tuple(found)


def together(content: Content, wanted: Iterable[Lesson | Misconception]) -> tuple[Sheet, ...]:
    """Return the handouts on each of these."""
    found = (
        of_lesson(content, one.id) if isinstance(one, Lesson) else of_idea(content, one.id)
        for one in wanted
    )
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


def _picture_of_idea(content: Content, lesson: Lesson, core: Collection[str]) -> tuple[Figure, ...]:
    """Return the picture that shows all that the idea is about, and not much more, if one does."""
    best = max(_pictures(lesson), key=lambda e: _overlap(e, core), default=None)
    if best is None or _overlap(best, core) < _ENOUGH_OVERLAP:
        return ()
    return _figures(content, best)


def _overlap(picture: Element, core: Collection[str]) -> float:
    """Return the share of the picture's facts that are the idea's; 0 if it leaves one out."""
    shown = {*picture.facts}
    return len(core) / len(shown) if core and shown.issuperset(core) else 0


def _picture(content: Content, lesson: Lesson, facts: Collection[str]) -> tuple[Figure, ...]:
    """Return the picture of the lesson that shows most of these facts, if one shows any."""
    best = max(_pictures(lesson), key=lambda e: len({*e.facts} & {*facts}), default=None)
    if best is None or {*best.facts}.isdisjoint(facts):
        return ()
    return _figures(content, best)


def _pictures(lesson: Lesson) -> Iterator[Element]:
    kinds = {ElementKind.FIGURE, ElementKind.STEPS}
    return (element for element in _elements(lesson) if element.kind in kinds)


def _calls(content: Content, lesson: Lesson) -> Iterator[Block]:
    """Yield the parts that say whom to call for which signs, without their pictures.

    None for a lesson without a list that is mostly such signs.
    """
    safety = {fact for facts in content.ledger.safety.values() for fact in facts}
    if not any(_is_mostly_signs(block, safety) for block in lesson.text.blocks):
        return
    for block in lesson.text.all_blocks:
        kept = tuple(e for e in block.elements if e.kind in _TOLD)
        is_list = any(e.kind is ElementKind.LIST for e in kept)
        if (is_list or block is lesson.text.lead) and safety.intersection(block.facts):
            yield replace(block, elements=kept)


def _is_mostly_signs(block: Block, safety: Collection[str]) -> bool:
    """Return whether most items of the block's lists are signs that need a call."""
    items = [row for e in block.elements if e.kind is ElementKind.LIST for row in e.rows]
    signs = [row for row in items if any({*safety}.intersection(p.facts) for p in row)]
    return 2 * len(signs) > len(items)


def _figures(content: Content, picture: Element) -> tuple[Figure, ...]:
    is_one = picture.kind is ElementKind.FIGURE
    return (content.figures[picture.name],) if is_one else content.steps(picture.name)


def _elements(lesson: Lesson) -> Iterator[Element]:
    return (element for block in lesson.text.all_blocks for element in block.elements)


def _sections(content: Content, facts: Iterable[str]) -> tuple[str, ...]:
    ledger = content.ledger
    of_document = (ledger.facts[fact].section for fact in facts if fact in ledger.facts)
    return tuple(ledger.sections[section].heading for section in dict.fromkeys(of_document))


def _citations(content: Content, facts: Iterable[str]) -> tuple[str, ...]:
    """Return each source once, of those that the facts name, often several together."""
    added = content.ledger.added
    named = (added[fact].citation.split("; ") for fact in facts if fact in added)
    return tuple(dict.fromkeys(source for sources in named for source in sources))
