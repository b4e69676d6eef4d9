"""How sure Cronbach's alpha is, and why it may be negative.

The interval for alpha is that of L. S. Feldt, Psychometrika 30, 1965: with n learners and k items,
(1 - population's alpha) / (1 - alpha) follows F with n - 1 and (n - 1)(k - 1) degrees of freedom,
the ratio of two mean squares of an analysis of variance of learners by items. So the interval of
95% goes from 1 - (1 - alpha) · F(0.975) to 1 - (1 - alpha) · F(0.025). L. S. Feldt, D. J. Woodruff
and F. A. Salih, Applied Psychological Measurement 11, 1987, summarize it. It takes scores as normal
and items as interchangeable; where they aren't, it is somewhat too narrow.

Quantiles of F come from the incomplete beta function as a continued fraction (DLMF 8.17.22), which
is solved by Newton's method between bounds.
"""

from __future__ import annotations

import math

from questions.analysis import Analysis

_ALMOST = 4e-16
_MOST_TERMS = 100_000
_SMALLEST = 1e-300
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_LARGE = 15.0  # from here on, Stirling's series has full precision


def alpha95(alpha: float | None, n: int, k: int) -> tuple[float, float] | None:
    """Return Feldt's 95% interval for alpha, of n learners and k items; None if alpha is None."""
    if alpha is None or n < 2 or k < 2:
        return None
    error = 1 - alpha
    learners, residual = n - 1, (n - 1) * (k - 1)
    high = f_quantile(0.975, learners, residual)
    low = f_quantile(0.025, learners, residual)
    return 1 - error * high, 1 - error * low


def f_quantile(share: float, first: int, second: int) -> float:
    """Return the value that F, with these degrees of freedom, stays below with this probability."""
    a, b = first / 2, second / 2
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(200):
        off = _beta(x, a, b) - share
        low, high = (x, high) if off < 0 else (low, x)
        slope = _density(x, a, b) / (x * (1 - x))
        step = off / slope if slope > 0 else math.inf
        nearer = x - step
        if not low < nearer < high:
            nearer = (low + high) / 2
        if abs(nearer - x) <= _ALMOST * x:
            x = nearer
            break
        x = nearer
    return x * b / (a * (1 - x))


def why_negative(analysis: Analysis) -> str:
    """Return in a few sentences why alpha is negative; empty if it isn't."""
    alpha = analysis.test.alpha
    if alpha is None or alpha >= 0:
        return ""
    against = [name for name, item in analysis.items.items() if (item.discrimination or 0) < 0]
    shown = ", ".join(f"“{name}”" for name in against[:5])
    more = f", and {len(against) - 5} more" if len(against) > 5 else ""
    return (
        f"alpha is negative ({alpha:.2f}): on the whole, who had one item right had others right "
        "less often, so the items don’t measure one thing together. Check the answer key and the "
        f"wording of {shown}{more}: people who did well on the other questions missed these "
        "more often. With few learners, it may also be chance."
    )


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _density(x, a, b) * _fraction(1 - x, b, a) / b
    return _density(x, a, b) * _fraction(x, a, b) / a


def _density(x: float, a: float, b: float) -> float:
    """Return x to the a, times (1 - x) to the b, divided by the complete beta function.

    Powers are taken of the ratios to the mean, so that large numbers don't cancel.
    """
    whole = a + b
    mean, rest = a / whole, b / whole
    off = x - mean
    exponent = a * math.log1p(off / mean) + b * math.log1p(-off / rest)
    exponent += _stirling(whole) - _stirling(a) - _stirling(b)
    return math.sqrt(a * b / (2 * math.pi * whole)) * math.exp(exponent)


def _stirling(z: float) -> float:
    """Return by how much Stirling's formula is off, for the logarithm of gamma."""
    if z < _LARGE:
        return math.lgamma(z) - ((z - 0.5) * math.log(z) - z + 0.5 * math.log(2 * math.pi))
    square = z * z
    total = 0.0
    for term in reversed(_STIRLING):
        total = total / square + term
    return total / z


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _kept(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            value *= d * c
        if abs(d * c - 1) <= _ALMOST:
            break
    return value


def _kept(value: float) -> float:
    return value if abs(value) > _SMALLEST else _SMALLEST
