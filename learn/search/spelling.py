"""Which words of the index a typed word may stand for: with any ending, begun, or misspelled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from learn.search.words import sound, words

_MAX_INFLECTIONS = 60  # other endings of a word that are looked at
_MAX_SPELLINGS = 5
_EXACT, _INFLECTED, _BEGUN, _MISSPELLED = 1.0, 0.85, 0.8, 0.7
_ENDINGS = frozenset(
    words(
        "a al ally an ar as c cal e ed ement er ers es est ful ic ical ies in ing ings ion "
        "ions is ise ish ism ist ity ive ize ized izes less ly ment n ness o or os ous r ren rs s "
        "se sis st t tion tions tic y"
    )
) | {""}
"""What may follow the common beginning of two words that are forms of one."""


@dataclass(slots=True)
class WordMatch:
    """Words of the index that a word of the query may stand for, with how well each fits."""

    typed: str = ""
    words: dict[str, float] = field(default_factory=dict)
    is_misspelled: bool = False

    @property
    def own(self) -> set[str]:
        """Words that are this one, not those of another name of the same term."""
        return {w for w, fit in self.words.items() if self.is_misspelled or fit > _MISSPELLED}


class Vocabulary:
    """All words of the index, in order, with how each sounds.

    `other_names` has, for a word that only other names of terms have, the words of their own names.
    """

    def __init__(self, known: Iterable[str], other_names: Mapping[str, frozenset[str]]) -> None:
        self._words = sorted(known)
        self._sounds = [sound(word) for word in self._words]
        self._other_names = other_names

    def match(self, word: str) -> WordMatch:
        """Return the words of the index that are this one, begin with it, or end otherwise.

        Only where there is none, what is spelled alike.
        """
        match = WordMatch(word)
        for other in self._with_same_beginning(word):
            if fit := _fit(word, other):
                match.words[other] = fit
                for own in self._other_names.get(other, ()):
                    match.words.setdefault(own, fit * _MISSPELLED)
        if not match.words and len(word) > 3:
            match.words = self._spelled_alike(word)
            match.is_misspelled = bool(match.words)
            for meant, fit in [*match.words.items()]:
                for other in self._with_same_beginning(meant):
                    if _fit(meant, other) == _INFLECTED:
                        match.words.setdefault(other, fit * _INFLECTED)
        return match

    def _with_same_beginning(self, word: str) -> Iterator[str]:
        beginning = word[:4]
        start = bisect_left(self._words, beginning)
        for other in self._words[start : start + _MAX_INFLECTIONS]:
            if not other.startswith(beginning):
                return
            yield other

    def _spelled_alike(self, word: str) -> dict[str, float]:
        by_ear = sound(word)
        edits = 1 if len(word) < 8 else 2
        near = process.extract(
            by_ear,
            self._sounds,
            scorer=OSA.distance,
            processor=None,
            score_cutoff=edits,
            limit=_MAX_SPELLINGS,
        )
        nearest = min((distance for _, distance, _ in near), default=0)
        return {
            self._words[at]: _MISSPELLED - 0.05 * distance
            for _, distance, at in near
            if distance == nearest
            and (len(word) > 4 or not distance or _is_slip(word, self._words[at]))
            and (not distance or OSA.distance(word, self._words[at]) <= edits + 1)
            and (not distance or by_ear[:1] == self._sounds[at][:1])  # “hives” is no “gives”
        }


def sure_matches(each: Mapping[str, WordMatch]) -> list[WordMatch]:
    """Return what the words may stand for; a short one is misspelled only if it's alone."""
    found = {word: match for word, match in each.items() if match.words}
    sure = [match for word, match in found.items() if len(word) > 4 or not match.is_misspelled]
    return sure or [*found.values()]


def meant_words(each: Mapping[str, WordMatch]) -> set[str]:
    """Return all words that may be meant, with any ending or spelling, to look for signs."""
    return {
        word
        for typed, match in each.items()
        if len(typed) > 2
        for word, fit in match.words.items()
        if fit != _BEGUN or len(typed) > 3
    }


def surely_meant_words(each: Mapping[str, WordMatch]) -> set[str]:
    """Return the words that are meant for sure, to look for warning signs.

    That is the same word with any ending. What is only spelled alike counts if it begins the same:
    “fevr” is “fever,” but “never” isn't.
    """
    return {
        word
        for typed, match in each.items()
        for word, fit in match.words.items()
        if fit in (_EXACT, _INFLECTED) or (match.is_misspelled and word[0] == typed[0])
    }


def _fit(word: str, other: str) -> float:
    """Return how well a word of the index fits one of the query with the same beginning."""
    if other == word:
        return _EXACT
    common = next(
        (n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    if common >= 4 and common >= 0.6 * max(len(word), len(other)) and _is_form(word, other, common):
        return _INFLECTED
    if len(word) > 2 and common == len(word):
        return _BEGUN
    return 0


def _is_slip(word: str, other: str) -> bool:
    """Return whether a letter is missing: “fevr,” but not “rate” (“rare”) nor “diet” (“die”)."""
    return len(word) < len(other) and OSA.distance(word, other) == 1


def _is_form(word: str, other: str, common: int) -> bool:
    """Return whether two words are forms of one: “bleeds” and “bleeding,” not “child” and “chills”.

    After an “e,” a form may end in “d,” and before an ending, a consonant may stand twice.
    """
    last = word[common - 1]
    if common < 5 and {word[common:], other[common:]} & {"r", "rs"}:
        return False  # “live” and “liver”
    return all(
        end in _ENDINGS
        or (last == "e" and end == "d")
        or (end[0] == last and end[1:] in _ENDINGS and len(end) > 2)
        for end in (word[common:], other[common:])
    )
