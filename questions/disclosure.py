"""Decide which answers of people who share in totals only may be counted.

Totals can be subtracted from each other, across days and across filters, so answers never enter a
total one by one. They wait until at least `CROWD` people have new answers, and then enter as one
block, which is shown as a whole or not at all.

Every block has fresh answers of at least `CROWD` people that were in no earlier total. So any
linear combination of published totals that includes a block also includes the fresh answers of its
latest block, and nothing else published can cancel them: k-anonymity (Samarati and Sweeney, 1998)
over time. It doesn't hide an answer that all people of a block gave, and doesn't detect one person
with many accounts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

CROWD = 11

Answer = TypeVar("Answer", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PendingAnswer(Generic[Answer]):
    """An answer that is in no block yet; `fresh` if it was never in a total or shown by name."""

    answer: Answer
    person: Hashable
    fresh: bool


def block(waiting: Iterable[PendingAnswer[Answer]]) -> frozenset[Answer]:
    """Return the answers of a new block: all of them, or none if too few people are waiting.

    `waiting` are answers to one version of one question that are always counted together.
    """
    every = [*waiting]
    fresh = {answer.person for answer in every if answer.fresh}
    return frozenset(answer.answer for answer in every) if len(fresh) >= CROWD else frozenset()


def is_whole(there: int, size: int) -> bool:
    """Return whether a block may still be shown: all its `size` answers are still `there`."""
    return there == size >= CROWD
