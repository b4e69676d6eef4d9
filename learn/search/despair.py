"""Phrases that people write in despair, found in a text by patterns of words.

Other signs are sets of words, in any order. Here the order and the small words matter: “I don't
want to live” and “I want to live” differ by one of them.

In a pattern, `die|dying` stands for either word, `…` for up to three words that don't say no, and
a period at its end for the end of a clause. Words are compared in one spelling, by `_SAME`, and
small ones such as “to” and “just” are left out of patterns and texts alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learn.search.words import words

MAX_TEXT = 10_000
"""Characters of a text that are looked at."""

GAP, EITHER, END = "…", "|", "."
_CLAUSE = re.compile(r"[.!?;:,()\n…]+")
_APART = re.compile(r"\b(ca|could|did|do|does|is|are|wo|would)n?[ `´‘]t\b", re.IGNORECASE)
"""“Don t” and “don`t,” as some keyboards leave it."""

_FILLERS = frozenset(
    words("2 actually even honestly just literally really seriously simply so still to")
)
_TAILS = frozenset(
    words("again anymore at lately more much now please sometimes today tonight all ever")
)
"""Words that may follow the end of a phrase."""
_SAME = {
    **dict.fromkeys(words("aint arent isnt wasnt werent"), "not"),
    **dict.fromkeys(words("cannot cant couldnt"), "cant"),
    **dict.fromkeys(words("didnt doesnt dnt donot dont"), "dont"),
    **dict.fromkeys(words("id ill im ive"), "i"),
    **dict.fromkeys(words("gonna"), "going"),
    **dict.fromkeys(words("wan wana wanna wanted wanting wants wnat wnt"), "want"),
    **dict.fromkeys(words("hoped hopes hoping"), "hope"),
    **dict.fromkeys(words("wished wishes wishing"), "wish"),
    **dict.fromkeys(words("her his their your"), "my"),
    **dict.fromkeys(
        words("herself himself hisself meself themself themselves urself yourself"), "myself"
    ),
}
"""In one spelling, and of anybody: people write of somebody they love, too."""
_TWO = {
    **dict.fromkeys((("can", "not"), ("could", "not")), "cant"),
    **dict.fromkeys((("do", "not"), ("does", "not"), ("did", "not")), "dont"),
    **dict.fromkeys((("any", "more"), ("no", "more"), ("any", "longer")), "anymore"),
    **dict.fromkeys((("my", "self"), ("him", "self"), ("them", "selves")), "myself"),
    ("no", "one"): "nobody",
}
_NO = "anti|cant|dont|never|no|nobody|none|not|nothing|without|wont"
_SKIPPED = rf"(?: (?!(?:{_NO}) )\S+){{0,3}}?"
_SHORTEST, _LONG = 6, 9  # letters of a word in which one slip is taken for it, and two


class Phrases:
    """Patterns to look for; `left_out` are those that mean something else, and aren't looked at.

    Raises:
        ValueError: a pattern has no word.

    """

    def __init__(self, patterns: Iterable[str], *, left_out: Iterable[str] = ()) -> None:
        self._known: set[str] = set()
        self._any = self._one_of(patterns)
        self._left_out = self._one_of(left_out)
        self._long = sorted(word for word in self._known if len(word) >= _SHORTEST)
        self._letters = {_letters(word): word for word in sorted(self._known) if len(word) > 3}

    def are_in(self, text: str) -> bool:
        """Return whether one of them is in the text. Takes time in proportion to its length."""
        return any(map(self._has_one, _clauses(text[:MAX_TEXT])))

    def _has_one(self, said: tuple[str, ...]) -> bool:
        clause = "".join(f" {self._spelled(word)}" for word in said) + " "
        if self._left_out:
            clause = self._left_out.sub(" ", clause)
        return bool(self._any and self._any.search(clause))

    def _one_of(self, patterns: Iterable[str]) -> re.Pattern[str] | None:
        """Return what finds any of the patterns in words that each follow a space."""
        found = [self._compiled(pattern) for pattern in patterns]
        return re.compile("|".join(found)) if found else None

    def _compiled(self, pattern: str) -> str:
        parts = []
        for part in pattern.removesuffix(END).split():
            if part == GAP:
                parts.append(_SKIPPED)
                continue
            either = [w for each in part.split(EITHER) for w in map(_in_one_spelling, words(each))]
            either = [word for word in dict.fromkeys(either) if word not in _FILLERS]
            self._known.update(either)
            if either:
                parts.append(f" (?:{'|'.join(either)})")
        if not any(part != _SKIPPED for part in parts):
            raise ValueError(f"{pattern!r} has no word to look for")
        end = rf"(?: (?:{'|'.join(sorted(_TAILS))}))* $" if pattern.endswith(END) else "(?= )"
        return "".join(parts) + end

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
    for part in _CLAUSE.split(_APART.sub(r"\1n't", text)):
        said: list[str] = []
        for word in map(_in_one_spelling, words(part)):
            if said and (said[-1], word) in _TWO:
                said[-1] = _TWO[said[-1], word]
            else:
                said.append(word)
        yield tuple(word for word in said if word not in _FILLERS)


def _in_one_spelling(word: str) -> str:
    return _SAME.get(word, word)
