"""Scores as whole numbers over one denominator: sums and products of them are exact.

Whether a variance is 0, and whether a covariance is negative, must not hang on how floats were
rounded. So scores are counted in parts of a common denominator, and each figure is rounded once, at
its end. A float stands for the simplest fraction that it may have been: 0.3333333333333333 is 1/3,
so that three thirds are a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

_FINEST = 10**6  # a simple fraction has at most this denominator
_MANY = 10_000  # so many different scores are measured, and not made of a few parts
_COARSE = 2**128  # with a common denominator above this, fractions save nothing


class ScoresError(ValueError):
    """Scores that are no table of numbers from 0 to 1, or answers that do not go with them."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many parts make a whole score; `parts` are the scores that are known, in such parts."""

    denominator: int
    parts: Mapping[float, int] = field(repr=False)

    def whole(self, scores: Sequence[float]) -> list[int]:
        """These scores, each as a number of parts."""
        if self.parts:
            return [*map(self.parts.__getitem__, scores)]
        whole = self.denominator
        return [of * (whole // parts) for of, parts in (s.as_integer_ratio() for s in scores)]


def scale(columns: Iterable[Sequence[float]]) -> Scale:
    """The scale on which every score in `columns` is a whole number.

    Raises ScoresError for a score that is not from 0 to 1.
    """
    seen: set[float] = set()
    finest = 1
    for column in columns:
        own = {*column}
        if not all(0 <= score <= 1 for score in own):  # NaN is not, either
            raise ScoresError("a score is a number from 0 to 1")
        finest = max(finest, max((s.as_integer_ratio()[1] for s in own), default=1))
        if len(seen) <= _MANY:
            seen |= own
    if len(seen) <= _MANY:
        fractions = {score: _simplest(score) for score in seen}
        common = math.lcm(*(f.denominator for f in fractions.values()))
        if common <= _COARSE:
            return Scale(common, {s: int(f * common) for s, f in fractions.items()})
    return Scale(finest, {})  # denominators of floats are powers of two: the largest will do


def _simplest(score: float) -> Fraction:
    simple = Fraction(score).limit_denominator(_FINEST)
    return simple if float(simple) == score else Fraction(score)


def ratio(number: int, of: int) -> float | None:
    """What `number / of` is, rounded once; None where it is nothing, or larger than any float."""
    try:
        return number / of
    except (ZeroDivisionError, OverflowError):
        return None


def root(number: int, of: int) -> float | None:
    """The square root of number / of; None where there is none."""
    found = ratio(number, of)
    return None if found is None or found < 0 else math.sqrt(found)


def correlation(together: int, own: int, other: int) -> float | None:
    """Pearson's r of two variables, from their covariance and variances on any common scale.

    None where either does not vary.
    """
    found = root(together * together, own * other)
    return -found if found and together < 0 else found
