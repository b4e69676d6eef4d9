"""Join codes, easy to read aloud in a noisy room and to type on a phone.

They are syllables of a consonant and a vowel, without digits and without letters that look or
sound like another.
"""

from __future__ import annotations

import unicodedata
from random import Random

_CONSONANTS = "BDGKLMNPRTVZ"
_VOWELS = "AEOU"
_SYLLABLES = 6
_ROOM_SYLLABLES = 4
_GROUP = 4
_READ_AS = str.maketrans("C01I", "KOLL")
"""Characters outside the alphabet, read as letters that look or sound like them."""

LENGTH = 2 * _SYLLABLES
ROOM_LENGTH = 2 * _ROOM_SYLLABLES


def generate(rng: Random) -> str:
    """Return a new code of a group, as it is stored: one of about 12 billion."""
    return _generate(rng, _SYLLABLES)


def generate_for_room(rng: Random) -> str:
    """Return a new code of a room, which lasts for hours only: one of about 5 million."""
    return _generate(rng, _ROOM_SYLLABLES)


def _generate(rng: Random, syllables: int) -> str:
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(syllables))


def grouped(code: str) -> str:
    """Return a code as it is displayed: `DAGO-MELU-ZAPO`."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def parse(typed: str) -> str:
    """Return typed text as a code would be stored: capital letters only, at most 40.

    Characters that no code has are read as letters that look or sound like them. The result need
    not be a code.
    """
    text = unicodedata.normalize("NFKC", typed[:1000]).upper().translate(_READ_AS)
    return "".join(c for c in text if c.isalpha())[:40]
