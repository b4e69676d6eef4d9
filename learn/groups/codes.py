"""Join codes: made to be read aloud in a noisy room and typed on a phone.

Syllables of a consonant and a vowel, without letters that look or sound like another (no C and K,
no I, L and 1, no O and 0 side by side: there are no digits at all).
"""

from __future__ import annotations

from random import Random

_CONSONANTS = "BDGKLMNPRTVZ"
_VOWELS = "AEOU"
_SYLLABLES = 6
_GROUP = 4


def made(rng: Random) -> str:
    """A new code, as it is kept: one of about 12 thousand million."""
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(_SYLLABLES))


def shown(code: str) -> str:
    """A code as people read it: `DAGO-MELU-ZAPO`."""
    return "-".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def read(typed: str) -> str:
    """What somebody typed, as a code is kept: without spaces, dashes and small letters."""
    return "".join(c for c in typed.upper() if c.isalpha())[:40]
