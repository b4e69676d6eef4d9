"""Before and after: what changed between two sittings, of those who sat both.

A pair is one idea that one learner was asked about in both sittings.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from learn.people.queries import BEFORE_AFTER, Assigned, Outcome
from questions.gain import Gain, gain
from questions.model import Objective

ENOUGH = 6
"""From so many people on, figures of chance and gain are shown: with five, even all of them
changing the same way happens by chance alone in one of sixteen groups."""


_ONE = "pairs"


@dataclass(frozen=True, slots=True)
class Test:
    """Two quizzes that belong together; `title` is empty for what learners sit by themselves."""

    before: str
    after: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """How `n` learners had an idea right before and after; `p` is None where they are too few."""

    objective: Objective
    n: int
    before: int
    after: int
    gained: int
    lost: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Own:
    """One learner’s pairs: how many of them, and how many were right before and after."""

    account: uuid.UUID
    pairs: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a test. No `of_class` where they are too few, or all was right before."""

    test: Test
    ideas: tuple[Changed, ...]
    learners: tuple[Own, ...]
    of_class: float | None

    @property
    def n(self) -> int:
        """How many learners sat both."""
        return len(self.learners)

    @property
    def is_enough(self) -> bool:
        """Whether figures of chance and gain are shown."""
        return self.n >= ENOUGH

    @property
    def pairs(self) -> int:
        return sum(own.pairs for own in self.learners)

    @property
    def before(self) -> int:
        return sum(own.before for own in self.learners)

    @property
    def after(self) -> int:
        return sum(own.after for own in self.learners)

    @property
    def more(self) -> int:
        """How many learners had more right after than before."""
        return sum(own.after > own.before for own in self.learners)

    @property
    def fewer(self) -> int:
        """How many had fewer right."""
        return sum(own.after < own.before for own in self.learners)

    @property
    def same(self) -> int:
        """How many had as many right."""
        return self.n - self.more - self.fewer


@dataclass(slots=True)
class _Sitting:
    begun: datetime
    right: dict[str, bool]


def tests(assigned: Iterable[Assigned]) -> tuple[Test, ...]:
    """What the group was given to sit twice, and what learners sit by themselves."""
    given = [
        Test(f"assignment/{one.id.hex}/before", f"assignment/{one.id.hex}/after", one.title)
        for one in assigned
        if one.kind == BEFORE_AFTER
    ]
    return (*given, Test("before", "after"))


def quizzes(of: Iterable[Test]) -> list[str]:
    """The names of their quizzes."""
    return [quiz for test in of for quiz in (test.before, test.after)]


def changes(
    of: Iterable[Test], outcomes: Iterable[Outcome], objectives: Mapping[str, Objective]
) -> tuple[Change, ...]:
    """What changed in each test that somebody sat twice. `outcomes` stand in the order of time."""
    sat = _sittings(o for o in outcomes if o.objective in objectives)
    found = (_change(test, sat, objectives) for test in of)
    return tuple(change for change in found if change.n)


def _sittings(outcomes: Iterable[Outcome]) -> Mapping[str, dict[uuid.UUID, list[_Sitting]]]:
    """For each quiz and account, the sittings, from first to last."""
    by_attempt: dict[uuid.UUID, _Sitting] = {}
    found: dict[str, dict[uuid.UUID, list[_Sitting]]] = defaultdict(lambda: defaultdict(list))
    for one in outcomes:
        sitting = by_attempt.get(one.attempt)
        if sitting is None:
            sitting = by_attempt[one.attempt] = _Sitting(one.answered_at, {})
            found[one.quiz][one.account].append(sitting)
        sitting.right.setdefault(one.objective, one.right)
    return found


def _change(
    test: Test,
    sat: Mapping[str, dict[uuid.UUID, list[_Sitting]]],
    objectives: Mapping[str, Objective],
) -> Change:
    columns: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    learners = []
    before, after = sat.get(test.before, {}), sat.get(test.after, {})
    for account in before.keys() & after.keys():
        pairs = _pairs(before[account], after[account])
        for objective, pair in pairs.items():
            columns[objective].append(pair)
        if pairs:
            first, second = (sum(pair[i] for pair in pairs.values()) for i in (0, 1))
            learners.append(Own(account, len(pairs), first, second))
    every = [pair for column in columns.values() for pair in column]
    enough = len(learners) >= ENOUGH
    return Change(
        test=test,
        ideas=tuple(_changed(objectives[o], columns[o]) for o in objectives if o in columns),
        learners=tuple(learners),
        of_class=_gain(every).of_class if enough else None,
    )


def _pairs(before: list[_Sitting], after: list[_Sitting]) -> Mapping[str, tuple[bool, bool]]:
    """By idea, right before and right after.

    Where two devices became one account there can be several sittings: the first one after counts,
    with the one before it that has most ideas in common with it.
    """
    second = after[0]
    earlier = [one for one in before if one.begun <= second.begun]
    first = max(earlier, key=lambda one: len(one.right.keys() & second.right.keys()), default=None)
    if first is None:
        return {}
    both = [o for o in first.right if o in second.right]
    return {o: (first.right[o], second.right[o]) for o in both}


def _gain(pairs: list[tuple[bool, bool]]) -> Gain:
    """The gain from pairs of one idea, or of several: learners may have been asked about others."""
    return gain({_ONE: [float(b) for b, _ in pairs]}, {_ONE: [float(a) for _, a in pairs]})


def _changed(objective: Objective, column: list[tuple[bool, bool]]) -> Changed:
    found = _gain(column).items[_ONE]
    if found is None:
        raise AssertionError("right or not is 1 or 0")
    return Changed(
        objective=objective,
        n=len(column),
        before=found.both + found.lost,
        after=found.both + found.gained,
        gained=found.gained,
        lost=found.lost,
        p=found.p if len(column) >= ENOUGH else None,
    )
