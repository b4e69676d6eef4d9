"""Where each sentence of a lesson comes from, in the order of its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from learn.library.content import Content
from learn.library.ledger import Note
from learn.library.lessons import Lesson
from learn.library.prose import OURS, Block, Element, ElementKind

KEY_POINTS = "key-points"
"""The anchor of the key points on the page of a lesson."""


class SourcedKind(StrEnum):
    """Kind of what is said."""

    SENTENCE = "sentence"
    PICTURE = "picture"
    PAUSE = "pause"
    POINT = "point"
    RESOURCE = "resource"
    CARE_QUESTION = "care-question"


@dataclass(frozen=True, slots=True)
class Sourced:
    """What a lesson says in one place, and the facts that it is based on; none if it is ours.

    `place` is an anchor on the page of the lesson. `more` is what belongs to it: the captions of a
    picture's other steps, or what is said of a resource. If it `is_partly_ours`, some of the words
    are our own.
    """

    kind: SourcedKind
    text: str
    place: str
    facts: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    is_partly_ours: bool = False


@dataclass(frozen=True, slots=True)
class SourcedPart:
    """What stands under one heading. The main message has none; the key points have their own."""

    heading: str
    sourced: tuple[Sourced, ...]

    @property
    def has_points(self) -> bool:
        """Whether these are the key points."""
        return any(one.kind is SourcedKind.POINT for one in self.sourced)


def sources_of(lesson: Lesson, content: Content) -> Iterator[SourcedPart]:
    """Yield the parts of a lesson, in the order of its page, with what each sentence rests on."""
    places = _Places(lesson, content)
    for block in lesson.text.all_blocks:
        if block.care_questions and lesson.points:
            points = (
                _sourced(SourcedKind.POINT, p.text, KEY_POINTS, p.facts) for p in lesson.points
            )
            yield SourcedPart("", tuple(points))
        yield SourcedPart(block.heading, tuple(places.sourced(block)))


def notes_on(lesson: Lesson, content: Content) -> tuple[Note, ...]:
    """Return the editors' notes on the sections that a lesson teaches, or on one of its facts."""
    return tuple(
        note
        for note in content.ledger.notes
        if not {*lesson.sections}.isdisjoint(note.sections)
        or not lesson.anchors.keys().isdisjoint(note.facts)
    )


def _sourced(
    kind: SourcedKind, text: str, place: str, facts: tuple[str, ...], more: tuple[str, ...] = ()
) -> Sourced:
    named = tuple(fact for fact in facts if fact != OURS)
    return Sourced(kind, text, place, named, more, bool(named) and OURS in facts)


class _Places:
    def __init__(self, lesson: Lesson, content: Content) -> None:
        self._lesson, self._content, self._places = lesson, content, lesson.places

    def sourced(self, block: Block) -> Iterator[Sourced]:
        at = block.id
        for element in block.elements:
            if element.prompt:
                answer = element.rows[0][0]
                yield Sourced(SourcedKind.PAUSE, element.prompt, self._places[answer])
            for passage in (p for row in element.rows for p in row):
                place = self._places[passage]
                yield _sourced(SourcedKind.SENTENCE, passage.plain, place, passage.facts)
                at = at or place
            if element.kind in {ElementKind.FIGURE, ElementKind.STEPS}:
                yield self._picture(element)
            elif element.kind is ElementKind.RESOURCES:
                yield from self._resources()
        for ask in block.care_questions:
            yield Sourced(SourcedKind.CARE_QUESTION, ask, at)

    def _picture(self, element: Element) -> Sourced:
        is_one = element.kind is ElementKind.FIGURE
        name, content = element.name, self._content
        figures = (content.figures[name],) if is_one else content.steps(name)
        first, *others = (figure.title for figure in figures)
        place = f"figure-{name}"
        return _sourced(SourcedKind.PICTURE, first, place, element.facts, tuple(others))

    def _resources(self) -> Iterator[Sourced]:
        for resource in self._content.resources:
            is_told = bool(resource.facts) and self._lesson.anchors.keys() >= {*resource.facts}
            more = () if is_told else tuple(filter(None, (resource.about, resource.note)))
            place = f"resource-{resource.id}"
            yield _sourced(SourcedKind.RESOURCE, resource.name, place, resource.facts, more)
