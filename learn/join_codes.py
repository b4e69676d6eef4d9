"""Join codes: made to be read aloud in a noisy room and typed on a phone.

Syllables of a consonant and a vowel, without letters that look or sound like another (no C and K,
no I, L and 1, no O and 0 side by side: there are no digits at all).
"""

from __future__ import annotations

import unicodedata
from random import Random

_CONSONANTS = "BDGKLMNPRTVZ"
_VOWELS = "AEOU"
_SYLLABLES = 6
_GROUP = 4
_MEANT = str.maketrans("C01I", "KOLL")
"""What is no letter of a code, and the letter that looks or sounds like it."""

LENGTH = 2 * _SYLLABLES


def made(rng: Random) -> str:
    """A new code, as it is kept: one of about 12 thousand million."""
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(_SYLLABLES))


def shown(code: str) -> str:
    """A code as people read it: `DAGO-MELU-ZAPO`."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def read(typed: str) -> str:
    """What somebody typed, as a code is kept: without spaces, dashes and small letters.

    Case, width and letters that look or sound alike make no difference. What is no code stays
    none: it is at most 40 letters, and need not be `LENGTH`.
    """
    text = unicodedata.normalize("NFKC", typed[:1000]).upper().translate(_MEANT)
    return "".join(c for c in text if c.isalpha())[:40]
