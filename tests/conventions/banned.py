"""Words that no page has."""

from __future__ import annotations

BANNED = (
    r"\b((?<!went )wrong|failed|failure|incorrect|error|victim|battle|suffer\w*|unfortunately|oops)"
    r"\b"
)
