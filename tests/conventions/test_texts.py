"""Texts of the interface can be translated, and say nothing that hurts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract

from tests.conventions.banned import BANNED

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
NO_LIST = (
    r"\b[^\s,.;:!?()“”]+, (?!(?:before|because|by|day|first|here|now|on|or|please|so|then|to|which|"
    r"with|your)\b)(?:[^\s,.;:!?()“”]+ ){1,4}(?:and|or) [^\s,.;:!?“”]+"
)
"""A list whose last “and” or “or” has no comma; not what begins as an addition does."""
ADDED = ("from you or others", "right away and for")
"""What is added after a comma, and is no list."""
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "translate": None, "ngettext": (1, 2)}
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


@cache
def messages(path: Path) -> list[str]:
    """Return the texts of one template."""
    with path.open("rb") as file:
        extracted = [*extract("jinja2.ext.babel_extract", file, options=OPTIONS)]
    each = (m if isinstance(m, tuple) else (m,) for _line, m, _comments, _context in extracted)
    return [text for texts in each for text in texts if isinstance(text, str)]


def test_interface_texts_are_found():
    assert sum(len(messages(path)) for path in TEMPLATES) > 100


def test_every_text_is_marked_for_translation():
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
        text = re.sub(r"<[^>]*>", "", text)
        assert not re.findall(r"[A-Za-z]{2,}", text), name_of(path)


def test_texts_are_kind_and_plain():
    for name, text in ((name_of(path), text) for path in TEMPLATES for text in messages(path)):
        assert not re.search(BANNED, text, re.IGNORECASE), f"{name}: {text}"
        assert "—" not in text, f"{name}: no dashes as punctuation: {text}"
        assert "'" not in text, f"{name}: typographic quotes in what people read: {text}"
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= 22, f"{name}: {sentence}"


def test_lists_have_a_comma_before_their_last_item():
    texts = [(name_of(path), text) for path in TEMPLATES for text in messages(path)]
    for path in sorted(ROOT.glob("learn/**/*.py")):
        with path.open("rb") as file:
            found = [*extract("python", file, keywords=KEYWORDS)]
        each = (m if isinstance(m, tuple) else (m,) for _line, m, _comments, _context in found)
        texts += [(path.name, text) for several in each for text in several if text]
    for name, text in texts:
        for match in re.finditer(NO_LIST, text):
            if not any(words in match[0] for words in ADDED):
                raise AssertionError(f"{name}: no comma before the last item: {match[0]}")


def test_the_convention_on_lists_finds_what_it_should():
    assert re.search(NO_LIST, "chickenpox, shingles or measles")
    assert re.search(NO_LIST, "B cells, T cells and natural killer cells")
    assert not re.search(NO_LIST, "B cells, T cells, and natural killer cells")
    assert not re.search(NO_LIST, "Call your care team now, day or night.")
