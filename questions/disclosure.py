"""Which answers of people who share in totals only may be counted now.

Totals can be subtracted from each other: what stood there yesterday from what stands there today,
one filter from another. So answers are never let into a total one by one. They wait until a crowd
of people is there, and come in together, as one block that is shown whole or not at all.

Why that is enough: a new block has fresh answers of a crowd, which no total has ever held. Any sum
of multiples of totals, shown whenever, therefore keeps the fresh answers of the latest block that
takes part in it: nothing else that was shown can take these away. (It is the k-anonymity of
Samarati and Sweeney, 1998, kept up over time.) What it can't do: hide that all people of a crowd
gave the same answer, or see that one person plays a crowd.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

CROWD = 11

Answer = TypeVar("Answer", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Answer]):
    """An answer in no block. `fresh`: never in any total before, never seen with a name."""

    answer: Answer
    person: Hashable
    fresh: bool


def block(waiting: Iterable[Waiting[Answer]]) -> frozenset[Answer]:
    """The answers that become a block now: all of them, or none while the crowd is too small.

    `waiting` are the answers to one version of one question that may only ever be counted together.
    """
    every = [*waiting]
    fresh = {one.person for one in every if one.fresh}
    return frozenset(one.answer for one in every) if len(fresh) >= CROWD else frozenset()


def is_whole(there: int, size: int) -> bool:
    """Whether a block of once `size` answers, of which so many are `there`, may still be shown."""
    return there == size >= CROWD
