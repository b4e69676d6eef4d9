"""Distractor analysis: how many chose each option, and how they did on the rest of the test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul, sub

from questions.scores import Scale, correlation, ratio


@dataclass(frozen=True, slots=True)
class Option:
    """Statistics of one option of an item.

    `proportion` is of all learners, including those who didn't answer. `mean_total` is the mean
    total, in points, of those who chose it. `discrimination` is the correlation of choosing it with
    the rest (the total without this item). Each is None if it can't be computed.
    """

    is_key: bool
    count: int
    proportion: float | None
    mean_total: float | None
    discrimination: float | None


def options(
    chosen: Sequence[frozenset[str]],
    offered: Mapping[str, bool],
    scores: Sequence[int],
    totals: Sequence[int],
    of: Scale,
) -> dict[str, Option]:
    """Return statistics by option, in the order of `offered`; then any others chosen, by name.

    `scores` (of this item) and `totals` are in parts of the scale `of`.
    """
    rest = [*map(sub, totals, scores)]
    points: defaultdict[frozenset[str], int] = defaultdict(int)
    rests: defaultdict[frozenset[str], int] = defaultdict(int)
    for answer, total, others in zip(chosen, totals, rest, strict=True):
        points[answer] += total
        rests[answer] += others
    n, whole = len(rest), sum(rest)
    spread = n * sum(map(mul, rest, rest)) - whole * whole
    counts: Counter[str] = Counter()
    total_points: Counter[str] = Counter()
    rest_points: Counter[str] = Counter()
    for answer, learners in Counter(chosen).items():
        for option in answer:
            counts[option] += learners
            total_points[option] += points[answer]
            rest_points[option] += rests[answer]
    return {
        option: Option(
            is_key=offered.get(option, False),
            count=(count := counts[option]),
            proportion=ratio(count, n),
            mean_total=ratio(total_points[option], count * of.denominator),
            discrimination=correlation(
                n * rest_points[option] - count * whole, n * count - count * count, spread
            ),
        )
        for option in (*offered, *sorted(counts.keys() - offered.keys()))
    }
