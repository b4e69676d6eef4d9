"""Which answers of people who share in totals only are counted: blocks, whole or not at all."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from learn.results.queries import ASSIGNMENT, TOTALS, Score, Tally, Waiting
from questions.disclosure import CROWD, is_whole


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers that may be counted together: one version of a question, in one assignment or none.

    Every filter takes all answers of a cell or none of them, but for the days.
    """

    question: str
    version: str
    assignment: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts: each tally with its cell. `ready` says that a cell waits to be let in."""

    named: tuple[tuple[Cell, Tally], ...]
    blocks: Mapping[uuid.UUID, tuple[tuple[Cell, Tally], ...]]
    ready: bool


def assignment_of(quiz: str, own: Collection[uuid.UUID]) -> uuid.UUID | None:
    """The assignment of the group's `own` that the quiz belongs to, also as before or after."""
    if not quiz.startswith(ASSIGNMENT):
        return None
    try:
        found = uuid.UUID(hex=quiz.split("/")[1])
    except ValueError:
        return None
    return found if found in own else None


def cell(of: Tally | Score | Waiting, own: Collection[uuid.UUID]) -> Cell:
    """The cell of such an answer, where `own` are the group's assignments."""
    return Cell(of.question, of.version, assignment_of(of.quiz, own))


def whole(
    sizes: Iterable[tuple[uuid.UUID | None, int | None, Hashable, int]],
) -> frozenset[uuid.UUID]:
    """The blocks that may still be shown: all their answers are there, in one cell.

    `sizes` tells what is there: block, its first size, cell, how many.
    """
    there: defaultdict[uuid.UUID, int] = defaultdict(int)
    at_first: defaultdict[uuid.UUID, set[tuple[int, Hashable]]] = defaultdict(set)
    for block, size, cell, count in sizes:
        if block is not None and size is not None:
            there[block] += count
            at_first[block].add((size, cell))
    return frozenset(
        block
        for block, found in at_first.items()
        if len(found) == 1 and is_whole(there[block], next(iter(found))[0])
    )


def counted(tallies: Iterable[Tally], own: Collection[uuid.UUID]) -> Counted:
    """What of these tallies counts, where `own` are the group's assignments."""
    every = [(cell(tally, own), tally) for tally in tallies]
    totals = [(place, tally) for place, tally in every if tally.sharing == TOTALS]
    shown = whole((t.block, t.block_size, place, t.count) for place, t in totals)
    blocks: defaultdict[uuid.UUID, list[tuple[Cell, Tally]]] = defaultdict(list)
    fresh: defaultdict[Cell, int] = defaultdict(int)
    for place, tally in totals:
        if tally.block in shown and tally.block is not None:
            blocks[tally.block].append((place, tally))
        elif not tally.stale:
            fresh[place] += tally.count
    return Counted(
        tuple((place, tally) for place, tally in every if tally.sharing != TOTALS),
        {block: tuple(found) for block, found in blocks.items()},
        any(count >= CROWD for count in fresh.values()),
    )
