"""Text of printed pages."""

from __future__ import annotations

import html
import re


def tight(said: str) -> str:
    """Return the text without spaces: where a tag ends, the page has one more."""
    return re.sub(r"\s", "", html.unescape(said))
