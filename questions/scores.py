"""Represent scores as integers over a common denominator, so that sums and products are exact.

Float rounding must not decide whether a variance is 0 or a covariance negative, so each statistic
is rounded once, at the end. A float is read as the simplest fraction that rounds to it:
0.3333333333333333 is 1/3, and three of them add up to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

_FINEST = 10**6  # the largest denominator of a simple fraction
_MANY = 10_000  # with more distinct scores, don't look for simple fractions
_COARSE = 2**128  # above this common denominator, simple fractions don't pay off


class ScoresError(ValueError):
    """Raised if scores aren't a table of numbers from 0 to 1, or answers don't match them."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Common denominator; `parts` maps known scores to their numerators."""

    denominator: int
    parts: Mapping[float, int] = field(repr=False)

    def whole(self, scores: Sequence[float]) -> list[int]:
        """Return the numerators of these scores."""
        if self.parts:
            return [*map(self.parts.__getitem__, scores)]
        whole = self.denominator
        return [of * (whole // parts) for of, parts in (s.as_integer_ratio() for s in scores)]


def scale(columns: Iterable[Sequence[float]]) -> Scale:
    """Return the scale on which every score in `columns` is an integer.

    Raises ScoresError for a score outside 0 to 1.
    """
    distinct: set[float] = set()
    finest = 1
    for column in columns:
        scores = {*column}
        if not all(0 <= score <= 1 for score in scores):  # rejects NaN, too
            raise ScoresError("a score is a number from 0 to 1")
        finest = max(finest, max((s.as_integer_ratio()[1] for s in scores), default=1))
        if len(distinct) <= _MANY:
            distinct |= scores
    if len(distinct) <= _MANY:
        fractions = {score: _simplest(score) for score in distinct}
        common = math.lcm(*(f.denominator for f in fractions.values()))
        if common <= _COARSE:
            return Scale(common, {s: int(f * common) for s, f in fractions.items()})
    return Scale(finest, {})  # float denominators are powers of two: the largest is common


def _simplest(score: float) -> Fraction:
    simple = Fraction(score).limit_denominator(_FINEST)
    return simple if float(simple) == score else Fraction(score)


def ratio(number: int, of: int) -> float | None:
    """Return number / of, rounded once; None for a division by 0 or a float overflow."""
    try:
        return number / of
    except (ZeroDivisionError, OverflowError):
        return None


def root(number: int, of: int) -> float | None:
    """Return the square root of number / of; None if it is undefined or negative."""
    approximation = ratio(number, of)
    return None if approximation is None or approximation < 0 else math.sqrt(approximation)


def correlation(covariance: int, variance: int, other_variance: int) -> float | None:
    """Return Pearson's r from a covariance and two variances, all on the same scale.

    None if either variance is 0.
    """
    root_of_ratio = root(covariance * covariance, variance * other_variance)
    return -root_of_ratio if root_of_ratio and covariance < 0 else root_of_ratio
