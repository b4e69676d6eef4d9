"""What the booklet needs besides the lessons: its sources, and the date of its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from learn.library.content import Content


@dataclass(frozen=True, slots=True)
class Cited:
    """A source, with the numbers of the lessons that are based on it.

    `elsewhere` says that Get help or the glossary are, too, or nothing else is.
    """

    citation: str
    lessons: tuple[int, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class BookletSources:
    """The day of the newest lesson, and all added sources that are used, by name."""

    day: date
    cited: tuple[Cited, ...]


def colophon(content: Content) -> BookletSources:
    """Return the colophon of a booklet with all lessons and Get help."""
    lessons: dict[str, list[int]] = {}
    elsewhere: set[str] = set()
    for number, facts in enumerate(_facts_of_lessons(content), 1):
        for source in content.ledger.cited(facts):
            lessons.setdefault(source, []).append(number)
    for source in content.ledger.cited({*_other_facts(content)}):
        lessons.setdefault(source, [])
        elsewhere.add(source)
    return BookletSources(
        max(lesson.reviewed_on for lesson in content.lessons.values()),
        tuple(
            Cited(source, tuple(lessons[source]), source in elsewhere)
            for source in sorted(lessons, key=str.casefold)
        ),
    )


def _facts_of_lessons(content: Content) -> Iterator[set[str]]:
    for lesson in content.lessons.values():
        blocks = lesson.text.all_blocks
        yield {fact for block in blocks for fact in block.facts} | {
            fact for block in blocks for passage in block.passages for fact in passage.facts
        }


def _other_facts(content: Content) -> Iterator[str]:
    yield from content.pages["help"].facts
    for term in content.glossary.terms.values():
        yield from term.facts
