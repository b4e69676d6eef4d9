"""Which questions come next, and in which order their answers stand.

Randomness comes in as a seeded generator, so that a page seen twice is the same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from random import Random

from questions.model import Kind, Objective, Question

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def plan(
    objectives: Iterable[Objective],
    asked: Mapping[str, int],
    length: int,
    rng: Random,
) -> tuple[Question, ...]:
    """At most `length` questions, spread over `objectives` as evenly as can be.

    `asked` tells how often the learner has answered each question id. Objectives that were asked
    least come first; of an objective, the questions that were asked least. So the same question
    comes again only when all others of its objective have had their turn.
    """
    shuffled = [*objectives]
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda o: sum(asked.get(q.id, 0) for q in o.questions))
    ranked = [_least_asked_first(o, asked, rng) for o in shuffled]
    rounds = zip_longest(*ranked)
    chosen = [q for turn in rounds for q in turn if q is not None][:length]
    rng.shuffle(chosen)
    return tuple(chosen)


def _least_asked_first(
    objective: Objective, asked: Mapping[str, int], rng: Random
) -> list[Question]:
    questions = [*objective.questions]
    rng.shuffle(questions)
    questions.sort(key=lambda q: asked.get(q.id, 0))
    return questions


def shown_order(question: Question, rng: Random) -> tuple[str, ...]:
    """The ids of the question's parts, as one attempt shows them.

    Shuffled; but answers that begin with numbers are sorted by them, as readers expect, and steps
    to be put in order never stand in the right order to begin with.
    """
    ids = [p.id for p in question.parts]
    if question.kind in {Kind.CHOICE, Kind.CHOICES} and (sizes := _numbers(question)):
        return tuple(sorted(ids, key=sizes.__getitem__))
    shown = [*ids]
    rng.shuffle(shown)
    if question.kind is Kind.ORDER and shown == ids:
        shown = [*shown[1:], shown[0]]
    return tuple(shown)


def _numbers(question: Question) -> dict[str, float] | None:
    found = {o.id: _NUMBER.match(o.text) for o in question.options}
    sizes = {part: float(m.group().replace(",", "")) for part, m in found.items() if m}
    return sizes if len(sizes) == len(found) else None


def pack(question: Question, shown: Sequence[str]) -> str:
    """`shown` as the numbers of the parts in the file, a digit each: small enough for every row.

    Together with the question's version, which rests on the order of the file, it says all.
    """
    number = {p.id: str(i) for i, p in enumerate(question.parts)}
    return "".join(number[part] for part in shown)


def unpack(question: Question, packed: str) -> tuple[str, ...]:
    """What `pack` packed. For a question edited since, each of its parts once, all the same."""
    parts = question.parts
    kept = [int(d) for d in dict.fromkeys(packed) if d.isdigit() and int(d) < len(parts)]
    return tuple(parts[i].id for i in (*kept, *(i for i in range(len(parts)) if i not in kept)))
