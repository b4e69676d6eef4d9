"""Phrases that people write in despair, found in a text word for word.

Other signs are sets of words, in any order. Here the order and the small words matter: “I don't
want to live” and “I want to live” differ by one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from learn.search.words import words

MAX_TEXT = 10_000
"""Characters of a text that are looked at."""

_CLAUSE = re.compile(r"[.!?;:,()\n…]+")
_FILLERS = frozenset(words("just really even so to honestly literally simply still"))
_TAILS = frozenset(words("anymore now today tonight please again sometimes lately"))
"""Words that may follow the end of a phrase."""
_SPELLED = {
    "wanna": ("want",),
    "wana": ("want",),
    "gonna": ("going",),
    "cannot": ("cant",),
    "couldnt": ("cant",),
    "doesnt": ("dont",),
    "didnt": ("dont",),
    "isnt": ("not",),
    "arent": ("not",),
    "im": ("i",),
    "ive": ("i",),
    "id": ("i",),
    "ya": ("you",),
    "u": ("you",),
}
_TWO = {
    ("can", "not"): "cant",
    ("could", "not"): "cant",
    ("do", "not"): "dont",
    ("does", "not"): "dont",
    ("did", "not"): "dont",
    ("any", "more"): "anymore",
    ("no", "more"): "anymore",
    ("any", "longer"): "anymore",
}


class Phrases:
    """Phrases to look for; one that ends with a period counts only at the end of a clause."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._anywhere: set[tuple[str, ...]] = set()
        self._at_end: set[tuple[str, ...]] = set()
        for phrase in phrases:
            kept = self._at_end if phrase.endswith(".") else self._anywhere
            kept.update(clause for clause in _clauses(phrase) if clause)
        self._lengths = sorted({len(phrase) for phrase in self._anywhere})

    def are_in(self, text: str) -> bool:
        """Return whether one of them is in the text. Takes time in proportion to its length."""
        return any(map(self._has_one, _clauses(text[:MAX_TEXT])))

    def _has_one(self, clause: tuple[str, ...]) -> bool:
        end = len(clause)
        while end and clause[end - 1] in _TAILS:
            end -= 1
        if any(clause[:end][-len(phrase) :] == phrase for phrase in self._at_end):
            return True
        return any(
            clause[at : at + length] in self._anywhere
            for length in self._lengths
            for at in range(len(clause) - length + 1)
        )


def _clauses(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each clause as they are compared: in one spelling, without fillers."""
    for part in _CLAUSE.split(text):
        said: list[str] = []
        for word in words(part):
            if said and (said[-1], word) in _TWO:
                said[-1] = _TWO[said[-1], word]
            else:
                said += _SPELLED.get(word, (word,))
        yield tuple(word for word in said if word not in _FILLERS)
