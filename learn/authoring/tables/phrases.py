"""Sets of words and phrases, written as one text."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """Return what bars separate in a text."""
    return frozenset(text.split("|"))
