"""Lessons and standing pages (Get help, Your privacy …): prose with facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from learn.library.prose import (
    OURS,
    Block,
    ElementKind,
    Passage,
    Text,
    count_words,
    read_text,
    split_front,
    terms,
)
from questions.reading import ContentError, Table, read_utf8

_WORDS_PER_MINUTE = 130  # a tired adult reading about health on a phone
_MINUTES_PER_FIGURE = 0.4
_MINUTES_PER_PAUSE = 0.25
_MIN_POINTS, _MAX_POINTS = 3, 5
_MAX_POINT_WORDS = 15  # words


@dataclass(frozen=True, slots=True)
class Point:
    """A point to mention when you explain the lesson, with the facts it is based on.

    The first fact leads to the passage that says it best.
    """

    id: str
    text: str
    facts: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson on sections of the document, or on none: then it rests on added sources.

    `anchors` maps each fact to the anchor of the first passage based on it. `borrows` maps facts of
    other sections to the reason for using them. `points` is the checklist for explaining the
    lesson: three to five, or none. `exempt` maps rules of writing to the reason for not keeping
    them. `has_numbers` says that the page has a place for the care team's own numbers. `is_safety`
    says that readers' safety depends on it, so a clinician reads it first.
    """

    id: str
    title: str
    topic: str
    sections: tuple[str, ...]
    about: str
    reviewed_on: date
    reviewed_by: str
    borrows: Mapping[str, str]
    points: tuple[Point, ...]
    exempt: Mapping[str, str]
    has_numbers: bool
    text: Text
    anchors: Mapping[str, str]
    file: str
    is_safety: bool = False

    @property
    def lead_anchors(self) -> Mapping[str, str]:
        """Anchors of facts that only the main message states in a sentence."""
        passages = (p for block in self.text.blocks for p in block.running)
        body = {fact for passage in passages for fact in passage.facts}
        return {fact: anchor for fact, anchor in self.anchors.items() if fact not in body}

    @property
    def places(self) -> Mapping[Passage, str]:
        """Anchors of all passages on the page of the lesson, also of folded answers.

        A passage that is the first one based on a fact is named after it, the others by number.
        """
        places: dict[Passage, str] = {}
        for block in self.text.all_blocks:
            anchors = self.anchors if block.heading else self.lead_anchors
            running = {*block.running}
            for passage in block.passages:
                own = (anchors[f] for f in passage.facts if anchors.get(f) == f.lower())
                named = (a for a in own if passage in running and a not in places.values())
                places[passage] = next(named, f"sentence-{len(places) + 1}")
        return places

    def heading_over(self, anchor: str) -> str:
        """Return the heading over the passage with this anchor; empty for the main message.

        That is where a link to it lands. A picture above it may rest on the same fact.
        """
        for block in self.text.blocks:
            passages = (fact.lower() for passage in block.running for fact in passage.facts)
            pictures = (f"figure-{element.name}" for element in block.elements if element.name)
            if anchor in {*passages, *pictures}:
                return block.heading
        return ""

    @property
    def care_questions(self) -> tuple[str, ...]:
        """Questions for the care team that end the lesson."""
        return self.text.care_questions

    @property
    def minutes(self) -> int:
        """Reading time to the nearest minute, at least 1."""
        return max(1, round(self.time()))

    def time(self, without: Collection[str] = ()) -> float:
        """Return the reading time in minutes, without some of the parts."""
        text = replace(self.text, blocks=tuple(b for b in self.text.blocks if b.id not in without))
        kinds = [e.kind for b in text.all_blocks for e in b.elements]
        pictures = kinds.count(ElementKind.FIGURE) + kinds.count(ElementKind.STEPS)
        return (
            text.words / _WORDS_PER_MINUTE
            + pictures * _MINUTES_PER_FIGURE
            + kinds.count(ElementKind.PAUSE) * _MINUTES_PER_PAUSE
        )

    @property
    def term_names(self) -> tuple[str, ...]:
        """Glossary terms marked in the lesson, as written, in order."""
        return tuple(t.name for p in self.text.passages for t in terms(p.spans))


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A standing page.

    `signs` are words for which the search shows this page first, and `crisis_signs` those for which
    it shows the crisis line. `crisis_phrases` are patterns of words (`learn.search.despair`) that
    are looked for in all that people write; `fear_phrases`, of people who fear to die, are no
    crisis. For them and for `distress_phrases`, the search shows the line above what it found.
    `call_lists` names its lists of signs to call about; other named lists say something else.
    `urgent` is the anchor of the part that can't wait; on the home page, it comes first. `folded`
    has the anchors of parts that can wait.
    """

    id: str
    title: str
    text: Text
    file: str
    signs: tuple[str, ...] = ()
    crisis_signs: tuple[str, ...] = ()
    crisis_phrases: tuple[str, ...] = ()
    fear_phrases: tuple[str, ...] = ()
    distress_phrases: tuple[str, ...] = ()
    call_lists: tuple[str, ...] = ()
    urgent: str = ""
    folded: tuple[str, ...] = ()

    @property
    def urgent_block(self) -> Block | None:
        """Return the part that can't wait, if the page has one."""
        return next((b for b in self.text.blocks if b.id == self.urgent), None)

    @property
    def facts(self) -> frozenset[str]:
        """Ids of all facts on the page."""
        return frozenset(f for block in self.text.all_blocks for f in block.facts)


def read_lesson(path: Path, name: str) -> tuple[Lesson, list[ContentError]]:
    """Read the lesson in `path` and its errors."""
    raw, unreadable = read_utf8(path, name)
    front, body, first_line = split_front(name, raw)
    front.errors += unreadable
    table = front.root
    text = read_text(front, body, first_line)
    if front.broken:
        no = MappingProxyType[str, str]({})
        lesson_id = path.name.split(".")[0]
        return Lesson(
            lesson_id, lesson_id, "", (), "", date.min, "", no, (), no, False, text, no, name
        ), front.errors
    lesson = Lesson(
        id=table.slug("id"),
        title=table.text("title"),
        topic=table.slug("topic"),
        sections=table.texts("sections", default=()),
        about=table.text("about"),
        reviewed_on=table.day("reviewed_on"),
        reviewed_by=table.text("reviewed_by"),
        borrows=MappingProxyType(table.table("borrows", required=False).strings()),
        points=_points(table),
        exempt=MappingProxyType(table.table("exempt", required=False).strings()),
        has_numbers=table.flag("numbers"),
        text=text,
        anchors=MappingProxyType(anchors(text)),
        file=name,
        is_safety=table.flag("safety"),
    )
    table.close()
    last = text.blocks[-1].care_questions if text.blocks else ()
    if not last or last != text.care_questions:
        front.add(1, "a lesson ends with one or more !ask lines: questions for the care team")
    if not any(text.lead.passages):
        front.add(first_line, "a lesson begins with its main message")
    return lesson, front.errors


def _points(lesson: Table) -> tuple[Point, ...]:
    """Read the points of a lesson. The caller checks that their facts exist."""
    points: list[Point] = []
    for table in lesson.tables("point"):
        line = table.file.line(table.path)
        point = Point(table.slug("id"), table.text("text"), table.texts("facts"), line)
        table.close()
        if point.id in {p.id for p in points}:
            table.error(f"the point “{point.id}” stands twice", "id")
        if (words := count_words(point.text)) > _MAX_POINT_WORDS:
            table.error(f"{words} words: a point has at most {_MAX_POINT_WORDS}", "text")
        if point.text and not point.text.rstrip("”’)").endswith((".", "!", "?")):
            table.error("a point is a whole sentence", "text")
        if point.facts and point.facts[0] == OURS:
            table.error(f"a point rests on a fact first, and then on “{OURS}”", "facts")
        points.append(point)
    if points and not _MIN_POINTS <= len(points) <= _MAX_POINTS:
        message = f"{len(points)} points: a lesson has {_MIN_POINTS} to {_MAX_POINTS}, or none"
        lesson.file.add(points[0].line, message)
    return tuple(points)


def read_page(
    path: Path, name: str, settings: Mapping[str, str]
) -> tuple[StaticPage, list[ContentError]]:
    """Read the standing page in `path` and its errors; replace `{{name}}` from `settings`."""
    raw, unreadable = read_utf8(path, name)
    for key, value in settings.items():
        raw = raw.replace("{{" + key + "}}", value)
    front, body, first_line = split_front(name, raw)
    front.errors += unreadable
    text = read_text(front, body, first_line)
    if front.broken:
        return StaticPage(path.name.split(".")[0], "", text, name), front.errors
    if not any(text.lead.passages):
        front.add(first_line, "a page begins with a sentence that says what it is")
    page = StaticPage(
        front.root.slug("id"),
        front.root.text("title"),
        text,
        name,
        front.root.texts("signs", default=()),
        front.root.texts("crisis_signs", default=()),
        front.root.texts("crisis_phrases", default=()),
        front.root.texts("fear_phrases", default=()),
        front.root.texts("distress_phrases", default=()),
        front.root.texts("call_lists", default=()),
        front.root.text("urgent", default=""),
        front.root.texts("folded", default=()),
    )
    named = {passage.plain for passage in text.passages}
    for unknown in sorted({*page.call_lists} - named):
        front.root.error(f"the page has no list “{unknown}”", "call_lists")
    parts = {block.id for block in page.text.blocks}
    for unknown in sorted({*page.folded} - parts):
        front.root.error(f"the page has no part “{unknown}”", "folded")
    if page.urgent and page.urgent_block is None:
        front.root.error(f"the page has no part “{page.urgent}”", "urgent")
    front.root.close()
    return page, front.errors


def anchors(text: Text) -> dict[str, str]:
    """For each fact, the anchor of the first passage based on it.

    Passages of the body win over the main message, since the body explains the fact, and sentences
    win over pictures. The folded answer of a pause is never the first: it repeats what the text
    explains.
    """
    by_fact: dict[str, str] = {}
    blocks = (*text.blocks, text.lead)
    for block in blocks:
        _add_passages(block, by_fact)
    for element in (e for block in blocks for e in block.elements):
        for fact in element.facts:
            by_fact.setdefault(fact, f"figure-{element.name}")
    return by_fact


def _add_passages(block: Block, by_fact: dict[str, str]) -> None:
    for passage in block.running:
        new = [f for f in passage.facts if f not in by_fact]
        for fact in new:
            by_fact[fact] = new[0].lower()
