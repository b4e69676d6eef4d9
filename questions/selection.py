"""Which questions come next, and in which order their answers stand.

Randomness comes in as a seeded generator, so that a page seen twice is the same page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from random import Random

from questions.memory import Memory, retrievability
from questions.model import Objective, Question
from questions.progress import Standing

_SHAKIEST_FIRST = (Standing.NOT_STARTED, Standing.GETTING_THERE, Standing.SOLID)


@dataclass(frozen=True, slots=True)
class Past:
    """What a learner has answered so far.

    `asked` has the ids of the questions, from first to last. `mistaken` has the ids of objectives
    whose last answer was sure and not right. `memories` stand by objective.
    """

    asked: Sequence[str]
    mistaken: Collection[str]
    memories: Mapping[str, Memory]


def plan(
    objectives: Iterable[Objective],
    asked: Mapping[str, int],
    length: int,
    rng: Random,
    standings: Mapping[str, Standing] | None = None,
) -> tuple[Question, ...]:
    """At most `length` questions, spread over `objectives` as evenly as can be.

    `asked` tells how often the learner has answered each question id. Objectives that were asked
    least come first; of an objective, the questions that were asked least. So the same question
    comes again only when all others of its objective have had their turn. With `standings`, what
    was not met comes before what is not solid, and what is solid comes last.
    """
    shuffled = [*objectives]
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda o: sum(asked.get(q.id, 0) for q in o.questions))
    if standings is not None:
        shuffled.sort(key=lambda o: _SHAKIEST_FIRST.index(standings[o.id]))
    ranked = [_least_asked_first(o, asked, rng) for o in shuffled]
    rounds = zip_longest(*ranked)
    chosen = [q for turn in rounds for q in turn if q is not None][:length]
    rng.shuffle(chosen)
    return tuple(chosen)


def review(
    objectives: Iterable[Objective], past: Past, now: datetime, length: int, rng: Random
) -> tuple[Question, ...]:
    """At most `length` questions, one of each objective that is due at `now`, most urgent first.

    What the learner was sure of and mistaken in comes first, then what is most likely forgotten.
    A memory whose objective is not among `objectives` sleeps.
    """
    due = [o for o in objectives if o.questions and is_due(past.memories.get(o.id), now)]
    rng.shuffle(due)
    due.sort(
        key=lambda o: (o.id not in past.mistaken, retrievability(past.memories[o.id], now)),
    )
    return tuple(_another(o, past.asked, rng) for o in due[:length])


def is_due(memory: Memory | None, now: datetime) -> bool:
    """Whether an objective is to be asked again; what was never asked is not."""
    return memory is not None and memory.due_at <= now


def _another(objective: Objective, asked: Sequence[str], rng: Random) -> Question:
    """Another question than the objective's last one, if it has one: least asked, longest ago."""
    times, last = Counter(asked), {question: i for i, question in enumerate(asked)}
    questions = [*objective.questions]
    rng.shuffle(questions)
    latest = max((last[q.id] for q in questions if q.id in last), default=None)
    questions.sort(key=lambda q: (last.get(q.id, -1) == latest, times[q.id], last.get(q.id, -1)))
    return questions[0]


def spread(objectives: Iterable[Objective], length: int, rng: Random) -> tuple[Objective, ...]:
    """At most `length` of the objectives, by chance, and as many topics as can be."""
    by_topic: dict[str, list[Objective]] = defaultdict(list)
    for objective in objectives:
        by_topic[objective.topic].append(objective)
    topics = [*by_topic.values()]
    rng.shuffle(topics)
    for own in topics:
        rng.shuffle(own)
    return tuple(o for turn in zip_longest(*topics) for o in turn if o is not None)[:length]


def one_each(
    objectives: Iterable[Objective],
    asked: Mapping[str, int],
    rng: Random,
    besides: Collection[str] = (),
) -> tuple[Question, ...]:
    """One question of each objective, in any order: the least asked, and none of `besides`.

    An objective that has no other question is passed over.
    """
    ranked = [_least_asked_first(o, asked, rng) for o in objectives]
    left = [[q for q in own if q.id not in besides] for own in ranked]
    chosen = [own[0] for own in left if own]
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
    """The ids of the question's parts, as one attempt shows them."""
    return question.shown_order(rng)


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
