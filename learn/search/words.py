"""Words of a text as the search compares them: without case, accents, and marks."""

from __future__ import annotations

import re

from learn.alphabet import unaccented

LONGEST_WORD = 40
"""Characters of a word that are compared. The longest medical term that we explain has 20."""

WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[’'][^\W_]+)*")

_MARKS = str.maketrans("", "", "’'")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("[ao]e", "e"),  # anaemia, oedema
        ("ch|ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("x", "ks"),
        ("y", "i"),
        ("z", "s"),
        ("(?<=[rt])h|^h", ""),
        (r"(.)\1+", r"\1"),
    )
)


def fold(word: str) -> str:
    """Return the word in lowercase, without accents and apostrophes."""
    plain = word if word.isascii() else unaccented(word)
    return plain.casefold().translate(_MARKS)[:LONGEST_WORD]


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order. A hyphen separates words."""
    return [folded for match in WORD.finditer(text) if (folded := fold(match.group()))]


def names(text: str) -> list[str]:
    """Return the words of a name, and the name in one word: “stemcell” finds “stem cell”."""
    found = words(text)
    return [*found, "".join(found)[:LONGEST_WORD]] if 1 < len(found) < 4 else found


def sound(word: str) -> str:
    """Return the folded word as it might be spelled by ear: “filadelfia” is “Philadelphia”."""
    for pattern, by_ear in _SOUNDS:
        word = pattern.sub(by_ear, word)
    return word
