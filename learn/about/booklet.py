"""What the booklet needs besides the lessons: its sources, and the date of its content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from learn.library.content import Content


@dataclass(frozen=True, slots=True)
class BookletSources:
    """The day of the newest lesson, and the citations of all added sources that are used."""

    day: date
    citations: tuple[str, ...]


def colophon(content: Content) -> BookletSources:
    """Return the colophon of a booklet with all lessons and Get help."""
    used = {*_facts(content)}
    cited = (added.citation for added in content.ledger.added.values() if added.id in used)
    return BookletSources(
        max(lesson.reviewed_on for lesson in content.lessons.values()),
        tuple(sorted(dict.fromkeys(cited), key=str.casefold)),
    )


def _facts(content: Content) -> Iterator[str]:
    for lesson in content.lessons.values():
        for block in lesson.text.all_blocks:
            yield from block.facts
            yield from (fact for passage in block.passages for fact in passage.facts)
    yield from content.pages["help"].facts
    for term in content.glossary.terms.values():
        yield from term.facts
