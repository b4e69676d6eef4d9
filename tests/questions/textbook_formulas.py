"""Item analysis as textbooks define it, in exact fractions: slow, plain, and not our engine."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

Column = list[Fraction]


def mean(xs: Column) -> Fraction:
    return sum(xs, Fraction()) / len(xs)


def covariance(xs: Column, ys: Column) -> Fraction:
    x, y = mean(xs), mean(ys)
    return sum(((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)), Fraction()) / (len(xs) - 1)


def correlation(xs: Column, ys: Column) -> float | None:
    if len(xs) < 2 or not (variances := covariance(xs, xs) * covariance(ys, ys)):
        return None
    shared = covariance(xs, ys)
    return math.copysign(math.sqrt(shared**2 / variances), shared)


def total(columns: list[Column]) -> Column:
    return [sum(row, Fraction()) for row in zip(*columns, strict=True)]


def alpha(columns: list[Column]) -> Fraction | None:
    k, totals = len(columns), total(columns)
    if k < 2 or len(totals) < 2 or not covariance(totals, totals):
        return None
    items = sum((covariance(c, c) for c in columns), Fraction())
    return Fraction(k, k - 1) * (1 - items / covariance(totals, totals))


def sd(xs: Column) -> float | None:
    return math.sqrt(covariance(xs, xs)) if len(xs) > 1 else None


def test(columns: list[Column]) -> dict[str, Any]:
    totals, reliability = total(columns), alpha(columns)
    spread = sd(totals)
    return {
        "mean": mean(totals) if totals else None,
        "sd": spread,
        "alpha": reliability,
        "sem": None
        if reliability is None or spread is None
        else spread * math.sqrt(1 - reliability),
    }


def item(columns: list[Column], place: int) -> dict[str, Any]:
    scores, totals = columns[place], total(columns)
    rest = [t - x for t, x in zip(totals, scores, strict=True)]
    many = len(scores) > 1
    best = covariance(sorted(scores), sorted(rest)) if many else 0
    weights = [covariance(c, totals) if many else Fraction(-1) for c in columns]
    roots = [math.sqrt(w) if w >= 0 else None for w in weights]
    weighed = sum(r for r in roots if r is not None)
    root = roots[place]
    return {
        "facility": mean(scores) if scores else None,
        "discrimination": correlation(scores, rest),
        "discriminative_efficiency": covariance(scores, rest) / best if best else None,
        "effective_weight": root / weighed if root is not None and weighed else None,
        "alpha_if_dropped": alpha([c for i, c in enumerate(columns) if i != place]),
    }


def option(columns: list[Column], place: int, chose: list[bool]) -> dict[str, Any]:
    scores, totals = columns[place], total(columns)
    rest = [t - x for t, x in zip(totals, scores, strict=True)]
    theirs = [t for t, c in zip(totals, chose, strict=True) if c]
    return {
        "count": len(theirs),
        "proportion": Fraction(len(theirs), len(scores)) if scores else None,
        "mean_total": mean(theirs) if theirs else None,
        "discrimination": correlation([Fraction(c) for c in chose], rest),
    }


def mcnemar(gained: int, lost: int) -> Fraction:
    n = gained + lost
    tail = sum(math.comb(n, i) for i in range(min(gained, lost) + 1))
    return min(Fraction(1), Fraction(2 * tail, 2**n))


def normalized_change(before: Fraction, after: Fraction, most: int) -> Fraction | None:
    if before == after:
        return None if after in (0, most) else Fraction()
    return (after - before) / ((most - before) if after > before else before)
