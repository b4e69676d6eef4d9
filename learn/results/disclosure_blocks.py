"""Decide which answers of members in totals are counted: complete blocks, or nothing of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

from learn.learner.quiz_refs import QuizRef
from learn.models import SharingMode
from learn.results.queries import IdenticalAnswers, LearnerScore, NamedScore, TotalsAnswer
from questions.disclosure import CROWD, is_whole


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers that may be counted together: one version of a question, in one assignment or none.

    Every filter except the dates includes all answers of a cell or none.
    """

    question: str
    version: str
    assignment: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class CountableAnswers:
    """Answers that count, with their cells.

    `can_disclose` says that a cell has enough undisclosed answers for a new block.
    """

    named: tuple[tuple[Cell, IdenticalAnswers], ...]
    blocks: Mapping[uuid.UUID, tuple[tuple[Cell, IdenticalAnswers], ...]]
    can_disclose: bool


def assignment_of(quiz: str, assignments: Collection[uuid.UUID]) -> uuid.UUID | None:
    """Return the assignment that a quiz belongs to, if it is one of `assignments`."""
    ref = QuizRef.parse(quiz)
    return ref.assignment if ref and ref.assignment in assignments else None


def cell_of(
    answer: IdenticalAnswers | NamedScore | LearnerScore | TotalsAnswer,
    assignments: Collection[uuid.UUID],
) -> Cell:
    """Return the cell of an answer; `assignments` are those of the group."""
    return Cell(answer.question, answer.version, assignment_of(answer.quiz, assignments))


def complete_blocks(
    sizes: Iterable[tuple[uuid.UUID | None, int | None, Hashable, int]],
) -> frozenset[uuid.UUID]:
    """Return the blocks that may be shown: all their initial answers are still there, in one cell.

    `sizes` has tuples of a block, its initial size, a cell, and the number of answers there.
    """
    remaining: defaultdict[uuid.UUID, int] = defaultdict(int)
    initial: defaultdict[uuid.UUID, set[tuple[int, Hashable]]] = defaultdict(set)
    for block, size, cell, count in sizes:
        if block is not None and size is not None:
            remaining[block] += count
            initial[block].add((size, cell))
    return frozenset(
        block
        for block, answers in initial.items()
        if len(answers) == 1 and is_whole(remaining[block], next(iter(answers))[0])
    )


def countable_answers(
    answers: Iterable[IdenticalAnswers], assignments: Collection[uuid.UUID]
) -> CountableAnswers:
    """Sort out which answers count; `assignments` are those of the group."""
    cells = [(cell_of(answer, assignments), answer) for answer in answers]
    totals = [(cell, answer) for cell, answer in cells if answer.sharing == SharingMode.TOTALS]
    complete = complete_blocks(
        (answer.block, answer.block_size, cell, answer.count) for cell, answer in totals
    )
    blocks: defaultdict[uuid.UUID, list[tuple[Cell, IdenticalAnswers]]] = defaultdict(list)
    undisclosed: defaultdict[Cell, int] = defaultdict(int)
    for cell, answer in totals:
        if answer.block in complete and answer.block is not None:
            blocks[answer.block].append((cell, answer))
        elif not answer.already_disclosed:
            undisclosed[cell] += answer.count
    return CountableAnswers(
        tuple((cell, answer) for cell, answer in cells if answer.sharing != SharingMode.TOTALS),
        {block: tuple(counted) for block, counted in blocks.items()},
        any(count >= CROWD for count in undisclosed.values()),
    )
