"""Names of passkeys."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 40
_JOINERS = "\u200c\u200d"  # they shape words in some scripts, and hold emoji together


def clean(text: str) -> str:
    """Return the name on one line, in NFC, without invisible characters and direction marks."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    visible = "".join(
        c for c in line if c in _JOINERS or not unicodedata.category(c).startswith("C")
    )
    return visible.strip(f" {_JOINERS}")
