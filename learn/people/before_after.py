"""Compare answers before and after the lessons, for learners who took both quizzes.

A pair is one objective that one learner was asked about in both quizzes.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from learn.learner.quiz_refs import AFTER, AFTER_PART, BEFORE, BEFORE_PART, QuizRef
from learn.models import AssignmentKind
from learn.people.queries import AssignmentTitle, QuizAnswer
from questions.gain import Gain, gain
from questions.model import Objective

ENOUGH = 6
"""The number of learners from which gain and p values are shown. If five learners all change in the
same direction, the exact two-sided p is 2 / 2**5 = 1/16, so five can never be significant."""


_ONE = "pairs"


@dataclass(frozen=True, slots=True)
class QuizPair:
    """Two quizzes to compare; `title` is empty unless they belong to an assignment."""

    before: str
    after: str
    title: str = ""

    @property
    def assignment(self) -> uuid.UUID | None:
        """Return the assignment that they belong to, if it's one."""
        ref = QuizRef.parse(self.before)
        return ref.assignment if ref else None


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """Of `n` learners asked about the objective, how many were right before and after.

    `gained` were right only after, `lost` only before. `p` is from McNemar's exact test, None for
    too few learners.
    """

    objective: Objective
    n: int
    before: int
    after: int
    gained: int
    lost: int
    p: float | None


@dataclass(frozen=True, slots=True)
class LearnerChange:
    """A learner's number of pairs, and how many were right before and after."""

    account: uuid.UUID
    pairs: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """Result of a comparison.

    `class_gain` is the normalized gain, None for too few learners or if all was right before.
    """

    pair: QuizPair
    objectives: tuple[ObjectiveChange, ...]
    learners: tuple[LearnerChange, ...]
    class_gain: float | None

    @property
    def n(self) -> int:
        """Number of learners who took both quizzes."""
        return len(self.learners)

    @property
    def is_enough(self) -> bool:
        """Whether gain and p values are shown."""
        return self.n >= ENOUGH

    @property
    def pairs(self) -> int:
        return sum(learner.pairs for learner in self.learners)

    @property
    def before(self) -> int:
        return sum(learner.before for learner in self.learners)

    @property
    def after(self) -> int:
        return sum(learner.after for learner in self.learners)

    @property
    def more(self) -> int:
        """Number of learners with more right answers after than before."""
        return sum(learner.after > learner.before for learner in self.learners)

    @property
    def fewer(self) -> int:
        """Number of learners with fewer."""
        return sum(learner.after < learner.before for learner in self.learners)

    @property
    def same(self) -> int:
        """Number of learners with as many."""
        return self.n - self.more - self.fewer


@dataclass(slots=True)
class _Sitting:
    started: datetime
    right: dict[str, bool]


def quiz_pairs(assigned: Iterable[AssignmentTitle]) -> tuple[QuizPair, ...]:
    """Return the quiz pairs of a group's assignments, and the site's own before and after."""
    of_assignments = [
        QuizPair(
            str(QuizRef.of_assignment(assignment.id, BEFORE_PART)),
            str(QuizRef.of_assignment(assignment.id, AFTER_PART)),
            assignment.title,
        )
        for assignment in assigned
        if assignment.kind == AssignmentKind.BEFORE_AFTER
    ]
    return (*of_assignments, QuizPair(str(BEFORE), str(AFTER)))


def quiz_names(compared: Iterable[QuizPair]) -> list[str]:
    """Return the names of all quizzes compared."""
    return [quiz for pair in compared for quiz in (pair.before, pair.after)]


def compare(
    compared: Iterable[QuizPair],
    answers: Iterable[QuizAnswer],
    objectives: Mapping[str, Objective],
) -> tuple[ComparisonResult, ...]:
    """Return the results of comparisons that at least one learner completed.

    `answers` are in chronological order.
    """
    sittings = _sittings(a for a in answers if a.objective in objectives)
    results = (_compare(pair, sittings, objectives) for pair in compared)
    return tuple(result for result in results if result.n)


def _sittings(answers: Iterable[QuizAnswer]) -> Mapping[str, dict[uuid.UUID, list[_Sitting]]]:
    """Return the sittings by quiz and account, in chronological order."""
    by_attempt: dict[uuid.UUID, _Sitting] = {}
    by_quiz: dict[str, dict[uuid.UUID, list[_Sitting]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        sitting = by_attempt.get(answer.attempt)
        if sitting is None:
            sitting = by_attempt[answer.attempt] = _Sitting(answer.answered_at, {})
            by_quiz[answer.quiz][answer.account].append(sitting)
        sitting.right.setdefault(answer.objective, answer.right)
    return by_quiz


def _compare(
    quizzes: QuizPair,
    sittings: Mapping[str, dict[uuid.UUID, list[_Sitting]]],
    objectives: Mapping[str, Objective],
) -> ComparisonResult:
    columns: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    learners = []
    before, after = sittings.get(quizzes.before, {}), sittings.get(quizzes.after, {})
    for account in before.keys() & after.keys():
        pairs = _pairs(before[account], after[account])
        for objective, pair in pairs.items():
            columns[objective].append(pair)
        if pairs:
            first, second = (sum(pair[i] for pair in pairs.values()) for i in (0, 1))
            learners.append(LearnerChange(account, len(pairs), first, second))
    every = [pair for column in columns.values() for pair in column]
    enough = len(learners) >= ENOUGH
    return ComparisonResult(
        pair=quizzes,
        objectives=tuple(
            _objective_change(objectives[o], columns[o]) for o in objectives if o in columns
        ),
        learners=tuple(learners),
        class_gain=_gain(every).of_class if enough else None,
    )


def _pairs(before: list[_Sitting], after: list[_Sitting]) -> Mapping[str, tuple[bool, bool]]:
    """By objective, whether it was right before and after.

    A merged account can have several sittings. The first sitting after counts, with the earlier
    sitting before that shares most objectives with it.
    """
    second = after[0]
    earlier = [sitting for sitting in before if sitting.started <= second.started]
    first = max(
        earlier, key=lambda sitting: len(sitting.right.keys() & second.right.keys()), default=None
    )
    if first is None:
        return {}
    both = [o for o in first.right if o in second.right]
    return {o: (first.right[o], second.right[o]) for o in both}


def _gain(pairs: list[tuple[bool, bool]]) -> Gain:
    """Return the gain over pairs, which may be about different objectives."""
    return gain({_ONE: [float(b) for b, _ in pairs]}, {_ONE: [float(a) for _, a in pairs]})


def _objective_change(objective: Objective, column: list[tuple[bool, bool]]) -> ObjectiveChange:
    change = _gain(column).items[_ONE]
    if change is None:
        raise AssertionError("pairs have scores of 0 and 1")
    return ObjectiveChange(
        objective=objective,
        n=len(column),
        before=change.both + change.lost,
        after=change.both + change.gained,
        gained=change.gained,
        lost=change.lost,
        p=change.p if len(column) >= ENOUGH else None,
    )
