"""Pagination of a large group: a table shows at most PAGE_SIZE members as rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

PAGE_SIZE = 60


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Members from index `first` up to, but not including, `end`. `number` counts from 1."""

    number: int
    count: int
    first: int
    end: int


def page_of(members: int, requested: str) -> MemberPage:
    """Return the requested page: the first for an invalid number, the last for one too large."""
    count = max(1, math.ceil(members / PAGE_SIZE))
    number = (
        int(requested)
        if requested.isascii() and requested.isdecimal() and len(requested) < 9
        else 1
    )
    number = min(max(number, 1), count)
    return MemberPage(number, count, (number - 1) * PAGE_SIZE, min(number * PAGE_SIZE, members))
