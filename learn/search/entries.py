"""What can be found: terms, lessons, their passages, Get help, resources, questions of paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from learn.library.content import Content
from learn.library.glossary import Term
from learn.library.lessons import Lesson
from learn.library.prose import Block, ElementKind, Passage, SpanKind
from learn.search.words import names, words

_CALL_BLOCKS = 2  # of Get help, the first ones, after what it begins with
_NAME, _TITLE, _ABOUT, _TEXT, _HEADING = 6.0, 5.0, 1.5, 1.0, 0.7


class EntryKind(StrEnum):
    """Kind of an entry, which decides where it leads."""

    TERM = "term"
    LESSON = "lesson"
    PASSAGE = "passage"
    HELP = "help"
    RESOURCE = "resource"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. `fields` has its words with how much they weigh, the text last.

    `owner` is the id of the term, lesson, resource, or path; `anchor` is the place on the page.
    `names` has the words of each of its names. An item of a list `is_item`: it may need what is
    said above it. In Get help, `lead` is that, and what says when to call `is_call`.
    """

    kind: EntryKind
    owner: str
    anchor: str
    title: str
    text: str
    fields: tuple[tuple[tuple[str, ...], float], ...]
    names: tuple[frozenset[str], ...] = ()
    is_item: bool = False
    lead: str = ""
    is_call: bool = False

    def says(self, matched: AbstractSet[str]) -> bool:
        """Whether its text has one of the words, not only its heading."""
        return not matched.isdisjoint(self.fields[-1][0])

    def closeness(self, matched: AbstractSet[str]) -> float:
        """Return 1, or up to 2 the more of one of its names was looked for."""
        return 1 + max((len(name & matched) / len(name) for name in self.names if name), default=0)


def entries(content: Content) -> Iterator[Entry]:
    """Yield everything that can be found, in the order of the site."""
    yield from map(_term, content.glossary.terms.values())
    for lesson in content.lessons.values():
        yield from _lesson(lesson)
    yield from _help(content)
    yield from _resources(content)
    for path in content.paths.values():
        for ask in path.asks:
            asked = _fields((words(ask), _TEXT))
            yield Entry(EntryKind.QUESTION, path.id, "questions", path.title, ask, asked)


def _fields(*texts: tuple[Sequence[str], float]) -> tuple[tuple[tuple[str, ...], float], ...]:
    return tuple((tuple(found), weight) for found, weight in texts if found)


def _term(term: Term) -> Entry:
    called = [term.term, *term.also, *filter(None, term.spanish.split(","))]
    return Entry(
        EntryKind.TERM,
        term.id,
        term.id,
        term.term[:1].upper() + term.term[1:],
        term.meaning,
        _fields(([w for name in called for w in names(name)], _NAME), (words(term.meaning), _TEXT)),
        tuple(frozenset(words(name)) for name in called),
    )


def _lesson(lesson: Lesson) -> Iterator[Entry]:
    about = _fields((words(lesson.title), _TITLE), (words(lesson.about), _ABOUT))
    yield Entry(
        EntryKind.LESSON,
        lesson.id,
        "",
        lesson.title,
        lesson.about,
        about,
        (frozenset(words(lesson.title)),),
    )
    seen: set[str] = set()
    for block in lesson.text.all_blocks:
        anchors = lesson.anchors if block.heading else lesson.lead_anchors
        for passage, is_item in _shown(block):
            own = (anchors[f] for f in passage.facts if anchors.get(f) == f.lower())
            anchor = next((a for a in own if a not in seen), "")
            seen.add(anchor)
            yield Entry(
                EntryKind.PASSAGE,
                lesson.id,
                anchor or block.id,
                block.heading,
                passage.plain,
                _fields((words(block.heading), _HEADING), (words(passage.plain), _TEXT)),
                is_item=is_item,
            )


def _shown(block: Block) -> Iterator[tuple[Passage, bool]]:
    """Yield the passages that are shown without unfolding anything, and whether a list has them."""
    for element in block.elements:
        if element.kind is not ElementKind.PAUSE:
            yield from ((p, element.kind is ElementKind.LIST) for r in element.rows for p in r)


def _help(content: Content) -> Iterator[Entry]:
    """Yield each sentence of Get help, and each item of its lists with what is said above it."""
    page = content.pages["help"]
    for number, block in enumerate(page.text.all_blocks):
        intro = lead = name = ""
        for element, following in zip_longest(block.elements, block.elements[1:]):
            for row in element.rows:
                text = " ".join(passage.plain for passage in row)
                is_item = element.kind is ElementKind.LIST
                if not is_item:
                    lead, name = row[0].sentences[0], ""
                    intro = intro or lead
                    if block.heading and all(
                        s.kind is SpanKind.STRONG for p in row for s in p.spans
                    ):
                        lead, name = (intro if text in page.call_lists else text), text
                        continue  # the name of a list
                    if following and following.kind is ElementKind.LIST:
                        continue  # it says nothing without its list
                for said in [text] if is_item else [passage.plain for passage in row]:
                    yield Entry(
                        EntryKind.HELP,
                        page.id,
                        block.id,
                        block.heading or page.title,
                        said,
                        _fields(
                            (words(block.heading), _HEADING),
                            (words(name), _HEADING),
                            (words(said), _TEXT),
                        ),
                        is_item=is_item,
                        lead=lead if is_item else "",
                        is_call=number <= _CALL_BLOCKS,
                    )


def _resources(content: Content) -> Iterator[Entry]:
    """Yield the resources, if a lesson lists them."""
    listing = (
        lesson.id
        for lesson in content.lessons.values()
        if any(e.kind is ElementKind.RESOURCES for b in lesson.text.all_blocks for e in b.elements)
    )
    if lesson := next(listing, None):
        for resource in content.resources:
            yield Entry(
                EntryKind.RESOURCE,
                lesson,
                f"resource-{resource.id}",
                resource.name,
                resource.about,
                _fields(
                    (words(resource.name), _TITLE),
                    (words(resource.publisher), _HEADING),
                    (words(f"{resource.about} {resource.audience} {resource.note}"), _TEXT),
                ),
            )
