"""What a passkey may be called."""

from __future__ import annotations

import unicodedata

LONGEST = 40
_JOINERS = "\u200c\u200d"  # they shape words in some scripts, and hold emoji together


def clean(text: str) -> str:
    """A name in any script on one line, composed, without what can't be seen.

    Signs that steer the direction of writing go too: they could make the words around it lie.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    seen = "".join(c for c in line if c in _JOINERS or not unicodedata.category(c).startswith("C"))
    return seen.strip(f" {_JOINERS}")
