"""A made-up document, its anchors, and checks of it after an edit."""

from __future__ import annotations

from learn.authoring.source_anchors import anchors_of
from learn.authoring.source_check import (
    SourceCheck,
    check_source,
)
from learn.authoring.source_text import read_sentences
from tests.second_document import TEXT

READ = read_sentences(TEXT)
HEADINGS = {
    f"S{n}": heading
    for n, heading in enumerate((s.text for s in READ if s.is_heading), 1)  # in order
}
SAID = [s for s in READ if not s.is_heading]
MORE = {5: ["F25"], 18: ["F26", "F27"]}  # sentences that carry more than one fact
FACTS = {n: [f"F{n}", *MORE.get(n, [])] for n in range(1, len(SAID) + 1)}
ANCHORS = anchors_of(READ, HEADINGS, {READ.index(s): FACTS[n] for n, s in enumerate(SAID, 1)})
EVERY = tuple(f"F{n}" for n in range(1, 28))
TWICE = "Wash your hands before and after you touch the soil."


def check(text: str) -> SourceCheck:
    return check_source(read_sentences(text), ANCHORS, HEADINGS)


def edited(*changes: tuple[str, str]) -> SourceCheck:
    """Check the document after replacing these passages, each of which occurs once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return check(text)


def sections() -> list[str]:
    """Return the parts of the document, each with its heading."""
    first, *others = TEXT.split("\n## ")
    return [first, *(f"\n## {other}" for other in others)]
