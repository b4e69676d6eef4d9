"""Compare two sittings of the same test by the same learners.

This doesn't show that teaching caused a gain: there is no control group, and retaking a test raises
scores by itself.

- class gain: R. R. Hake, American Journal of Physics 66, 1998
- individual normalized change: J. D. Marx and K. Cummings, American Journal of Physics 75, 2007
- McNemar's test, exact and two-sided (binomial): Q. McNemar, Psychometrika 12, 1947
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add

from questions.scores import ScoresError, ratio, scale


@dataclass(frozen=True, slots=True)
class Paired:
    """Count the learners who had an item right in both sittings, in one of them, or in neither.

    `p` is that of McNemar's test; 1 if nobody changed, None if there are no learners.
    """

    both: int
    gained: int
    lost: int
    neither: int

    @property
    def p(self) -> float | None:
        if self.both + self.gained + self.lost + self.neither == 0:
            return None
        return mcnemar(self.gained, self.lost)


@dataclass(frozen=True, slots=True)
class Gain:
    """Gain of n learners.

    - `of_class`: (mean after - mean before) / (maximum - mean before)
    - `individual`: normalized change of each learner, from -1 to 1, in input order
    - `items`: by item id; None for an item with a score other than 0 or 1
    """

    n: int
    of_class: float | None
    individual: tuple[float | None, ...]
    items: Mapping[str, Paired | None]


def gain(before: Mapping[str, Sequence[float]], after: Mapping[str, Sequence[float]]) -> Gain:
    """Compute the gain from two tables of scores by item, with the same learners in the same order.

    The maximum is 1 per item. Raises ScoresError if items or lengths differ, and for scores outside
    0 to 1.
    """
    if before.keys() != after.keys():
        raise ScoresError("two sittings have the same items")
    columns = [*before.values(), *after.values()]
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        raise ScoresError("columns of different lengths")
    n = lengths.pop() if lengths else 0
    of = scale(columns)
    first, second, items = [0] * n, [0] * n, {}
    for item, column in before.items():
        old, new = of.whole(column), of.whole(after[item])
        first, second = [*map(add, first, old)], [*map(add, second, new)]
        items[item] = _paired(old, new, of.denominator)
    most = len(before) * of.denominator
    return Gain(
        n=n,
        of_class=ratio(sum(second) - sum(first), n * most - sum(first)),
        individual=tuple(
            normalized_change(old, new, most) for old, new in zip(first, second, strict=True)
        ),
        items=items,
    )


def normalized_change(before: int, after: int, most: int) -> float | None:
    """Return one learner's gain divided by the possible gain, or loss by the possible loss.

    None if both scores are 0, or both are the maximum.
    """
    if after > before:
        return ratio(after - before, most - before)
    if after < before:
        return ratio(after - before, before)
    return None if after in (0, most) else 0.0


def mcnemar(gained: int, lost: int) -> float:
    """Return the exact two-sided p of McNemar's test from the counts of learners who changed."""
    few, n = min(gained, lost), gained + lost
    # The binomial tail, as multiples of the probability of exactly `few`.
    terms, term = [1.0], 1.0
    for i in range(few):
        term *= (few - i) / (n - few + 1 + i)
        if term < 1e-20:
            break
        terms.append(term)
    return min(1.0, 2 * (math.comb(n, few) / (1 << n)) * math.fsum(terms))


def _paired(old: list[int], new: list[int], whole: int) -> Paired | None:
    counts = {(a, b): 0 for a in (0, whole) for b in (0, whole)}
    for pair in zip(old, new, strict=True):
        if pair not in counts:
            return None
        counts[pair] += 1
    return Paired(
        both=counts[whole, whole],
        gained=counts[0, whole],
        lost=counts[whole, 0],
        neither=counts[0, 0],
    )
