"""The options of an item: who chose each, and how they did on the rest of the test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    counts: Counter[str] = Counter()
    points: defaultdict[str, int] = defaultdict(int)
    rests: defaultdict[str, int] = defaultdict(int)
    for answer, score, total in zip(chosen, scores, totals, strict=False):
        for option in answer:
            counts[option] += 1
            points[option] += total
            rests[option] += total - score
    rest = [total - score for score, total in zip(scores, totals, strict=True)]
    n, whole = len(rest), sum(rest)
    spread = n * sum(r * r for r in rest) - whole * whole
    return {
        option: Option(
            is_key=offered.get(option, False),
            count=(count := counts[option]),
            proportion=ratio(count, n),
            mean_total=ratio(points[option], count * of.denominator),
            discrimination=correlation(
                n * rests[option] - count * whole, n * count - count * count, spread
            ),
        )
        for option in (*offered, *sorted(counts.keys() - offered.keys()))
    }
