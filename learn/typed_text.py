"""Clean submitted text, before any form looks at it.

Long runs of combining marks cost quadratic time to normalize, and some characters break databases
or terminals. Both are removed here, so that no form has to handle them.
"""

from __future__ import annotations

import sys
import unicodedata

MAX_LENGTH = 20_001
"""More characters than any field keeps; each field says by itself what is too long for it."""

MAX_MARKS = 100
"""The longest run of combining marks that is kept. No language needs 30 (Unicode UAX #15, D4)."""

_KEPT_CONTROLS = "\t\n\r"
# Embeddings, overrides and isolates: they could make the words around a text read as others.
# Marks such as U+200F stay, since right-to-left scripts are written with them.
_STEER_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _removal_table() -> dict[int, str | None]:
    controls = (c for c in map(chr, range(0xA0)) if unicodedata.category(c) == "Cc")
    table: dict[int, str | None] = {
        ord(c): " " if c.isspace() else None for c in controls if c not in _KEPT_CONTROLS
    }
    table |= dict.fromkeys(map(ord, _STEER_DIRECTION))
    table |= dict.fromkeys(range(0xD800, 0xE000))  # halves of characters
    for last in range(0xFFFF, sys.maxunicode + 1, 0x10000):  # the last two of each plane
        table |= dict.fromkeys((last - 1, last))
    table |= dict.fromkeys(range(0xFDD0, 0xFDF0))  # these, too, are no characters
    return table


_REMOVED = _removal_table()


def clean(text: str) -> str:
    """Return `text` without control characters and piles of marks, at most `MAX_LENGTH` long.

    Line ends and tabs stay; other control characters that are spaces become a space. Idempotent.
    """
    text = text[:MAX_LENGTH]
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_REMOVED)
    return text if text.isascii() else _without_piles(text)


def _without_piles(text: str) -> str:
    characters, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MAX_MARKS:
            characters.append(character)
    return "".join(characters)
