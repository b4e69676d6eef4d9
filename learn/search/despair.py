"""Phrases that people write in despair, found in a text word for word.

Other signs are sets of words, in any order. Here the order and the small words matter: “I don't
want to live” and “I want to live” differ by one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learn.search.words import words

MAX_TEXT = 10_000
"""Characters of a text that are looked at."""

_CLAUSE = re.compile(r"[.!?;:,()\n…]+")
_FILLERS = frozenset(words("2 even honestly just literally really simply still to"))
_TAILS = frozenset(words("again anymore lately now please sometimes today tonight"))
"""Words that may follow the end of a phrase."""
_SAME = {
    **dict.fromkeys(words("arent isnt"), "not"),
    **dict.fromkeys(words("cannot couldnt"), "cant"),
    **dict.fromkeys(words("didnt doesnt"), "dont"),
    **dict.fromkeys(words("id im ive"), "i"),
    **dict.fromkeys(words("gonna"), "going"),
    **dict.fromkeys(words("wana wanna wanted wants"), "want"),
    **dict.fromkeys(words("her his their"), "my"),
    **dict.fromkeys(words("herself himself themself themselves"), "myself"),
}
"""In one spelling, and of anybody: people write of somebody they love, too."""
_TWO = {
    **dict.fromkeys((("can", "not"), ("could", "not")), "cant"),
    **dict.fromkeys((("do", "not"), ("does", "not"), ("did", "not")), "dont"),
    **dict.fromkeys((("any", "more"), ("no", "more"), ("any", "longer")), "anymore"),
    ("my", "self"): "myself",
}
_SHORTEST, _LONG = 6, 9  # letters of a word in which one slip is taken for it, and two


class Phrases:
    """Phrases to look for; one that ends with a period counts only at the end of a clause."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._anywhere: set[tuple[str, ...]] = set()
        self._at_end: set[tuple[str, ...]] = set()
        for phrase in phrases:
            kept = self._at_end if phrase.endswith(".") else self._anywhere
            kept.update(clause for clause in _clauses(phrase) if clause)
        self._lengths = sorted({len(phrase) for phrase in self._anywhere})
        self._known = {word for phrase in self._anywhere | self._at_end for word in phrase}
        self._long = sorted(word for word in self._known if len(word) >= _SHORTEST)
        self._letters = {_letters(word): word for word in sorted(self._known) if len(word) > 3}

    def are_in(self, text: str) -> bool:
        """Return whether one of them is in the text. Takes time in proportion to its length."""
        return any(map(self._has_one, _clauses(text[:MAX_TEXT])))

    def _has_one(self, said: tuple[str, ...]) -> bool:
        clause = tuple(map(self._spelled, said))
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

    def _spelled(self, word: str) -> str:
        """Return the word of a phrase that is meant: its letters in another order, or a slip."""
        if word in self._known or len(word) < 4:
            return word
        if swapped := self._letters.get(_letters(word)):
            return swapped
        if len(word) < _SHORTEST - 1:
            return word
        slips = 2 if len(word) >= _LONG else 1
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=slips)
        return near[0] if near and near[0][0] == word[0] else word


def _letters(word: str) -> tuple[str, str]:
    return word[0], "".join(sorted(word))


def _clauses(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each clause as they are compared: in one spelling, without fillers."""
    for part in _CLAUSE.split(text):
        said: list[str] = []
        for word in map(_in_one_spelling, words(part)):
            if said and (said[-1], word) in _TWO:
                said[-1] = _TWO[said[-1], word]
            else:
                said.append(word)
        yield tuple(word for word in said if word not in _FILLERS)


def _in_one_spelling(word: str) -> str:
    return _SAME.get(word, word)
