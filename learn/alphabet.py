"""Letters of any language: capitals, and letters without their accents."""

from __future__ import annotations

import unicodedata

CAPITALS = "".join(c for c in map(chr, range(0x2000)) if c.isupper())
"""All capital letters of the Latin, Greek, and Cyrillic alphabets, with any accents."""


def unaccented(text: str) -> str:
    """Return the text with plain letters in place of accented ones."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def sort_key(text: str) -> tuple[str, str]:
    """Return a key that sorts by letters: accents and marks like “¿” decide only ties."""
    letters = unaccented(text).casefold()
    return "".join(c for c in letters if c.isalnum() or c.isspace()).strip(), text.casefold()


def first_letter(text: str) -> str:
    """Return the letter under which a list shows the text."""
    return next((c for c in unaccented(text) if c.isalnum()), "").upper()
