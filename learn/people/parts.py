"""A large group, some people at a time: a page with thousands of columns helps nobody."""

from __future__ import annotations

import math
from dataclasses import dataclass

AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Part:
    """The people from the place `first` up to, and without, `end`; parts count from 1."""

    number: int
    parts: int
    first: int
    end: int


def part_of(people: int, asked: str) -> Part:
    """The part that was asked for; the first one for what is no number, the last for too large."""
    parts = max(1, math.ceil(people / AT_ONCE))
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    number = min(max(number, 1), parts)
    return Part(number, parts, (number - 1) * AT_ONCE, min(number * AT_ONCE, people))
