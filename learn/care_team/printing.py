"""List for print and as plain text."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence

from learn.care_team.queries import ListLine
from learn.messages import gettext as _

_ROOM = 590  # points that the lines can take, on the shorter of A4 and Letter
_WIDTH = 430  # points that a line of text can take, on the narrower of the two
_SIZES = {12: 30, 11: 18, 10: 13, 9: 11, 8: 8}  # points of type, and least points to write in


def size(lines: Iterable[ListLine]) -> int:
    """Return the largest type size, in points, at which the list fits on a page with room to write.

    0 if it doesn't fit at any legible size.
    """
    widths = [_ems(line.words) for line in lines]
    for points, write in _SIZES.items():
        rows = sum(math.ceil(width * points / _WIDTH) for width in widths)
        if rows * points * 1.3 + len(widths) * (write + 8) <= _ROOM:
            return points
    return 0


def as_text(lines: Sequence[ListLine]) -> str:
    """Return the list as text for a message: what to ask first, then what was asked."""
    parts = [str(_("Questions for my care team"))]
    to_ask = [line.words for line in lines if not line.ticked]
    ticked = [line.words for line in lines if line.ticked]
    if to_ask:
        parts.append("\n".join(f"{n}. {words}" for n, words in enumerate(to_ask, 1)))
    if ticked:
        parts.append("\n".join([str(_("Already asked:")), *(f"- {words}" for words in ticked)]))
    return "\n\n".join(parts) + "\n"


def _ems(text: str) -> float:
    """Return the approximate width of the text in ems."""
    return sum(1 if unicodedata.east_asian_width(c) in "WF" else 0.5 for c in text)
