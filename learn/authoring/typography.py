"""Punctuation rules by language; "" has those of languages without their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from learn.library.prose import sentences

Rule = tuple[str, Callable[[str], Iterator[str]]]
"""A message, and a function that finds each violation in a text."""


def _pattern(pattern: str) -> Callable[[str], Iterator[str]]:
    compiled = re.compile(pattern)
    return lambda text: (" ".join(m.group().split()) for m in compiled.finditer(text))


def _unopened(opening: str, closing: str) -> Callable[[str], Iterator[str]]:
    """Find sentences that end with `closing` and have no `opening`."""

    def find(text: str) -> Iterator[str]:
        for sentence in sentences(text):
            if sentence.count(opening) != sentence.count(closing):
                yield sentence

    return find


_COMMON: tuple[Rule, ...] = (
    ("a straight quote", _pattern(r"\S*[\"']\S*")),
    ("two spaces in a row", _pattern(r"\S*  +\S*")),
)
TYPOGRAPHY: Mapping[str, tuple[Rule, ...]] = {
    "": _COMMON,
    "es": (
        *_COMMON,
        ("“?” without “¿”", _unopened("¿", "?")),
        ("“!” without “¡”", _unopened("¡", "!")),
    ),
}
