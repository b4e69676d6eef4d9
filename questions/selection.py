"""Select the next questions, and the order in which their parts are shown.

Random generators are arguments and seeded by the caller, so a reloaded page is the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from random import Random

from questions.memory import Memory, retrievability
from questions.model import Level, Objective, Question, Turn
from questions.progress import Standing

_SHAKIEST_FIRST = (
    Standing.NOT_STARTED,
    Standing.ANOTHER_LOOK,
    Standing.GETTING_THERE,
    Standing.MASTERED,
)
_LEVELS = (Level.RECALL, None, Level.UNDERSTAND, Level.APPLY)
_TURNS = (Turn.FIRST, None, Turn.LAST)
_OPENERS = 3


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """A learner's history.

    `answered` has question ids, oldest first; `mistaken` has the ids of objectives whose last
    answer was sure and wrong; `memories` are by objective id.
    """

    answered: Sequence[str]
    mistaken: Collection[str]
    memories: Mapping[str, Memory]


def plan(
    objectives: Iterable[Objective],
    times_answered: Mapping[str, int],
    length: int,
    rng: Random,
    standings: Mapping[str, Standing] | None = None,
) -> tuple[Question, ...]:
    """Return at most `length` questions, spread over `objectives` as evenly as possible.

    `times_answered` is by question id. The least answered objectives come first, and within an
    objective the least answered questions, so a question repeats only after all others of its
    objective. With `standings`, objectives that are not started come before those in progress, and
    mastered ones last.
    """
    shuffled = [*objectives]
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda o: sum(times_answered.get(q.id, 0) for q in o.questions))
    if standings is not None:
        shuffled.sort(key=lambda o: _SHAKIEST_FIRST.index(standings[o.id]))
    ranked = [_least_answered_first(o, times_answered, rng) for o in shuffled]
    rounds = zip_longest(*ranked)
    chosen = [q for turn in rounds for q in turn if q is not None][:length]
    rng.shuffle(chosen)
    return tuple(chosen)


def review(
    objectives: Iterable[Objective], past: AnswerHistory, now: datetime, length: int, rng: Random
) -> tuple[Question, ...]:
    """Return at most `length` questions, one per objective due at `now`, most urgent first.

    Objectives with a sure but wrong last answer come first, then those with the lowest
    retrievability. Memories of objectives that are not in `objectives` are ignored.
    """
    due = [o for o in objectives if o.questions and is_due(past.memories.get(o.id), now)]
    rng.shuffle(due)
    due.sort(
        key=lambda o: (o.id not in past.mistaken, retrievability(past.memories[o.id], now)),
    )
    return tuple(_another(o, past.answered, rng) for o in due[:length])


def practice(
    objectives: Iterable[Objective], answered: Sequence[str], length: int, rng: Random
) -> tuple[Question, ...]:
    """Return at most `length` questions, one per objective in this order, others than the last one.

    `answered` has question ids, oldest first.
    """
    chosen = [o for o in objectives if o.questions][:length]
    return tuple(_another(o, answered, rng) for o in chosen)


def is_due(memory: Memory | None, now: datetime) -> bool:
    """Return whether an objective is due for review; False if it was never answered."""
    return memory is not None and memory.due_at <= now


def _another(objective: Objective, answered: Sequence[str], rng: Random) -> Question:
    """Return the least, then least recently answered question, avoiding the last if possible."""
    times, last = Counter(answered), {question: i for i, question in enumerate(answered)}
    questions = [*objective.questions]
    rng.shuffle(questions)
    latest = max((last[q.id] for q in questions if q.id in last), default=None)
    questions.sort(key=lambda q: (last.get(q.id, -1) == latest, times[q.id], last.get(q.id, -1)))
    return questions[0]


def spread(objectives: Iterable[Objective], length: int, rng: Random) -> tuple[Objective, ...]:
    """Return at most `length` random objectives from as many topics as possible."""
    by_topic: dict[str, list[Objective]] = defaultdict(list)
    for objective in objectives:
        by_topic[objective.topic].append(objective)
    topics = [*by_topic.values()]
    rng.shuffle(topics)
    for topic in topics:
        rng.shuffle(topic)
    return tuple(o for turn in zip_longest(*topics) for o in turn if o is not None)[:length]


def before(
    objectives: Iterable[Objective], times_answered: Mapping[str, int], rng: Random
) -> tuple[Question, ...]:
    """Return the least answered question of each objective, of a level it has twice if possible.

    Objectives without questions are skipped.
    """
    return _first(_least_answered_first(o, times_answered, rng, _twins(o)) for o in objectives)


def after(
    objectives: Iterable[Objective],
    times_answered: Mapping[str, int],
    rng: Random,
    exclude: Collection[str],
) -> tuple[Question, ...]:
    """Return another question of each objective, of the level of those in `exclude` if possible.

    Objectives without another question are skipped.
    """
    ranked = []
    for objective in objectives:
        levels = {q.level for q in objective.questions if q.id in exclude}
        left = [
            q for q in _least_answered_first(objective, times_answered, rng) if q.id not in exclude
        ]
        ranked.append(sorted(left, key=lambda q: q.level not in levels))
    return _first(ranked)


def gentlest_first(
    questions: Sequence[Question], hard_to_hear: Collection[str], *, is_about_a_lesson: bool
) -> tuple[Question, ...]:
    """Return the questions by their turns, beginning with the one that is easiest to answer.

    Of those whose turn comes first, that is one about nothing that is hard to hear, with neither a
    sign of illness nor an exhibit, with one answer to choose, and rather to recall than to apply.
    Apart from it, those of the same turn stay in their order. What comes first in the quiz on its
    own lesson, such as a child's fever, has no such turn among questions on several lessons.
    """

    def turn(question: Question) -> int:
        index = _TURNS.index(question.turn)
        return index if is_about_a_lesson else max(index, _TURNS.index(None))

    def roughness(question: Question) -> tuple[int, bool, bool, bool, bool, int]:
        return (
            turn(question),
            question.objective in hard_to_hear,
            question.safety is not None,
            question.exhibit is not None,
            sum(part.right is True for part in question.parts) != 1,
            _LEVELS.index(question.level),
        )

    opener = min(questions, key=roughness, default=None)
    return tuple(sorted(questions, key=lambda q: (q is not opener, turn(q))))


def without_sensitive_openers(
    questions: Iterable[Question], hard_to_hear: Collection[str]
) -> tuple[Question, ...]:
    """Return the questions by their turns, and within one from recalling to applying.

    As far as there are others, the first three are about no objective in `hard_to_hear`.
    """
    ordered = sorted(questions, key=lambda q: (_TURNS.index(q.turn), _LEVELS.index(q.level)))
    openers = [q for q in ordered if q.objective not in hard_to_hear][:_OPENERS]
    return (*openers, *(q for q in ordered if q not in openers))


def _twins(objective: Objective) -> list[Question]:
    """Return the questions of an objective that share their level with another one."""
    levels = Counter(q.level for q in objective.questions)
    return [q for q in objective.questions if levels[q.level] > 1]


def _first(ranked: Iterable[Sequence[Question]]) -> tuple[Question, ...]:
    return tuple(questions[0] for questions in ranked if questions)


def _least_answered_first(
    objective: Objective,
    times_answered: Mapping[str, int],
    rng: Random,
    among: Iterable[Question] = (),
) -> list[Question]:
    """Return the questions of an objective, or those `among` them, in the order to ask them."""
    questions = [*among] or [*objective.questions]
    rng.shuffle(questions)
    questions.sort(key=lambda q: times_answered.get(q.id, 0))
    return questions


def shown_order(question: Question, rng: Random) -> tuple[str, ...]:
    """Return the ids of the question's parts in the order in which an attempt shows them."""
    return question.shown_order(rng)


def pack(question: Question, shown: Sequence[str]) -> str:
    """Encode the order `shown` as the indexes of the parts in the file, one digit each.

    The question's version covers the order in the file, so both together restore it.
    """
    number = {p.id: str(i) for i, p in enumerate(question.parts)}
    return "".join(number[part] for part in shown)


def unpack(question: Question, packed: str) -> tuple[str, ...]:
    """Decode what `pack` encoded; each part appears once, even if the question was edited since."""
    parts = question.parts
    indexes = [int(d) for d in dict.fromkeys(packed) if d.isdigit() and int(d) < len(parts)]
    return tuple(
        parts[i].id for i in (*indexes, *(i for i in range(len(parts)) if i not in indexes))
    )
