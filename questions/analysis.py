"""Classical item analysis: facility, discrimination, and reliability of a test.

Scores are from 0 to 1; a learner's total is the sum of their scores; an item's rest is the total
without that item; variances and covariances are divided by n - 1. Statistics that can't be computed
(one learner, or no variance) are None, never 0 or NaN. All arithmetic is exact until one final
rounding (`questions.scores`).

- facility: the mean score, with Wilson's interval (E. B. Wilson, JASA 22, 1927)
- discrimination: Pearson's correlation of item and rest (corrected item-total correlation; Lord and
  Novick, Statistical Theories of Mental Test Scores, 1968)
- discriminative efficiency and effective weight: as in Moodle's quiz statistics
- alpha: L. J. Cronbach, Psychometrika 16, 1951; standard error of measurement: Lord and Novick
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add, mul, sub

from questions.distractors import Option, options
from questions.scores import Scale, ScoresError, correlation, ratio, root, scale

_Z = 1.959963984540054  # 97.5th percentile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Overall:
    """Statistics of the whole test: n learners, k items; `mean`, `sd`, and `sem` in points.

    Each item is worth one point. `alpha` may be negative; it is None for a single item, and if all
    totals are equal.
    """

    n: int
    k: int
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """Statistics of one item, answered by n learners; `missed` counts those below full score.

    - `wilson95`: lower and upper bound; None unless every score is 0 or 1
    - `discriminative_efficiency`: covariance of item and rest, divided by the maximum possible for
      the same scores; at most 1
    - `effective_weight`: the item's share of the variance of the totals; the weights sum to 1. None
      if its covariance with the total is negative; the others then sum to 1 without it
    - `alpha_if_dropped`: alpha of the other items; None if fewer than two remain
    - `options`: empty if the chosen options are unknown
    """

    n: int
    missed: int
    facility: float | None
    wilson95: tuple[float, float] | None
    discrimination: float | None
    discriminative_efficiency: float | None
    effective_weight: float | None
    alpha_if_dropped: float | None
    options: Mapping[str, Option]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Statistics of the test and of its items by id, in input order."""

    test: Overall
    items: Mapping[str, ItemAnalysis]


@dataclass(frozen=True, slots=True)
class _Sums:
    """Integer sums of one item. Covariances are multiplied by n(n - 1), in squared parts."""

    points: int
    full: int  # learners with full score
    all_or_none: bool
    variance: int
    with_total: int
    with_rest_sorted: int


@dataclass(frozen=True, slots=True)
class _Test:
    """Integer sums of the test: variance of the totals, and the sum of the item variances."""

    of: Scale
    n: int
    k: int
    points: int
    variance: int
    of_items: int


def analyze(
    scores: Mapping[str, Sequence[float]],
    chosen: Mapping[str, Sequence[frozenset[str]]] | None = None,
    offered: Mapping[str, Mapping[str, bool]] | None = None,
) -> Analysis:
    """Analyze a table of scores, given as one column per item with the score of each learner.

    All columns list the same learners in the same order; a missing answer scores 0. `chosen` maps
    items to the set of options that each learner chose (empty: not answered). `offered` maps items
    to their options and whether each is right, so that options that nobody chose are reported, too;
    a chosen option that isn't offered counts as wrong.

    Raises ScoresError for columns of different lengths, scores outside 0 to 1, and chosen options
    of an item without scores.
    """
    chosen, offered = chosen or {}, offered or {}
    n = _learners(scores, chosen)
    of = scale(scores.values())
    totals = [0] * n
    for column in scores.values():
        totals = [*map(add, totals, of.whole(column))]
    sums: dict[str, _Sums] = {}
    known: dict[str, Mapping[str, Option]] = {}
    for item, column in scores.items():
        whole = of.whole(column)
        sums[item] = _sums(of, whole, totals)
        if item in chosen:
            known[item] = options(chosen[item], offered.get(item, {}), whole, totals, of)
    test = _Test(
        of=of,
        n=n,
        k=len(scores),
        points=sum(totals),
        variance=n * sum(map(mul, totals, totals)) - sum(totals) ** 2,
        of_items=sum(s.variance for s in sums.values()),
    )
    weights = _weights({item: s.with_total for item, s in sums.items()})
    items = {i: _item(test, s, weights[i], known.get(i, {})) for i, s in sums.items()}
    return Analysis(_overall(test), items)


def wilson95(right: int, n: int) -> tuple[float, float] | None:
    """Return the 95% Wilson score interval of the proportion right / n; None if n is 0."""
    if n == 0:
        return None
    share, square = right / n, _Z * _Z
    middle = share + square / (2 * n)
    half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = (middle - half) / (1 + square / n) if right else 0.0
    high = (middle + half) / (1 + square / n) if right < n else 1.0
    return low, high


def _learners(
    scores: Mapping[str, Sequence[float]], chosen: Mapping[str, Sequence[frozenset[str]]]
) -> int:
    if unknown := chosen.keys() - scores.keys():
        raise ScoresError(f"answers to items without scores: {', '.join(sorted(unknown))}")
    lengths = {len(column) for column in (*scores.values(), *chosen.values())}
    if len(lengths) > 1:
        raise ScoresError("columns of different lengths")
    return lengths.pop() if lengths else 0


def _sums(of: Scale, column: list[int], totals: list[int]) -> _Sums:
    n, points = len(column), sum(column)
    full = column.count(of.denominator)
    rest = [*map(sub, totals, column)]
    best = sum(map(mul, sorted(column), sorted(rest)))
    return _Sums(
        points=points,
        full=full,
        all_or_none=full + column.count(0) == n,
        variance=n * sum(map(mul, column, column)) - points * points,
        with_total=n * sum(map(mul, column, totals)) - points * sum(totals),
        with_rest_sorted=n * best - points * sum(rest),
    )


def _weights(with_total: Mapping[str, int]) -> dict[str, float | None]:
    """Return the effective weight of each item, from its covariance with the total."""
    largest = max(0, *with_total.values()) if with_total else 0
    # Divided by the largest first, because the integers may exceed any float.
    roots = {item: root(covariance, largest) for item, covariance in with_total.items()}
    root_sum = math.fsum(r for r in roots.values() if r is not None)
    return {item: None if r is None else r / root_sum for item, r in roots.items()}


def _overall(test: _Test) -> Overall:
    n, k = test.n, test.k
    square = test.of.denominator**2
    alpha = _alpha(k, test.variance, test.of_items)
    # SD² · (1 - alpha) as one fraction, so that it is rounded once
    sem = root(k * test.of_items - test.variance, (k - 1) * n * (n - 1) * square)
    return Overall(
        n=n,
        k=k,
        mean=ratio(test.points, n * test.of.denominator),
        sd=root(test.variance, n * (n - 1) * square),
        alpha=alpha,
        sem=None if alpha is None else sem,
    )


def _alpha(k: int, variance: int, of_items: int) -> float | None:
    """Return Cronbach's alpha of k items from the variance of totals and summed item variances."""
    return ratio(k * (variance - of_items), (k - 1) * variance)


def _item(
    test: _Test, sums: _Sums, weight: float | None, known: Mapping[str, Option]
) -> ItemAnalysis:
    with_rest = sums.with_total - sums.variance
    rest = test.variance - 2 * sums.with_total + sums.variance
    return ItemAnalysis(
        n=test.n,
        missed=test.n - sums.full,
        facility=ratio(sums.points, test.n * test.of.denominator),
        wilson95=wilson95(sums.full, test.n) if sums.all_or_none else None,
        discrimination=correlation(with_rest, sums.variance, rest),
        discriminative_efficiency=ratio(with_rest, sums.with_rest_sorted),
        effective_weight=weight,
        alpha_if_dropped=_alpha(test.k - 1, rest, test.of_items - sums.variance),
        options=known,
    )
