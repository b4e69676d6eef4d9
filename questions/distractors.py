"""The options of an item: who chose each, and how they did on the rest of the test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul, sub

from questions.scores import Scale, correlation, ratio


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an item.

    `proportion` is of all learners, also of those who did not answer. `mean_total` is the mean
    total, in points, of those who chose it. `discrimination` is the correlation of choosing it with
    the rest: the total without this item. Each is None where it can't be computed.
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
    """Each option in the order of `offered`; then those that were chosen all the same, by name.

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
    theirs: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for answer, learners in Counter(chosen).items():
        for option in answer:
            counts[option] += learners
            theirs[option] += points[answer]
            elsewhere[option] += rests[answer]
    return {
        option: Option(
            is_key=offered.get(option, False),
            count=(count := counts[option]),
            proportion=ratio(count, n),
            mean_total=ratio(theirs[option], count * of.denominator),
            discrimination=correlation(
                n * elsewhere[option] - count * whole, n * count - count * count, spread
            ),
        )
        for option in (*offered, *sorted(counts.keys() - offered.keys()))
    }
