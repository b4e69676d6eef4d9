"""Feldt's interval for alpha, against quantiles of F from another implementation."""

from __future__ import annotations

import math
import random
from statistics import variance

import pytest

from questions.analysis import analyze
from questions.reliability import alpha95, f_quantile, why_negative

# From the quantiles of F in SciPy 1.17.1.
KNOWN = [
    (0.75, 4, 3, -0.6496996304891178, 0.9830332692493962),
    (0.79, 41, 26, 0.6851372816667141, 0.8725839361273218),
    (6 / 13, 5, 3, -1.7206481170418915, 0.9400348887614616),
    (-0.4, 30, 5, -1.385818734397831, 0.25875143209567875),
    (0.9, 100_000, 100, 0.8991171057898752, 0.9008789886226248),
    (0.5, 2, 2, -322.8945057389221, 0.9992281437456629),
    (0.83, 250, 40, 0.7983761690292213, 0.8588356863164055),
    (0.0, 3, 2, -38.0, 0.9743589743589743),
]


@pytest.mark.parametrize(("alpha", "n", "k", "low", "high"), KNOWN)
def test_the_interval_equals_that_of_another_implementation(alpha, n, k, low, high):
    assert alpha95(alpha, n, k) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))


@pytest.mark.parametrize("share", [0.025, 0.5, 0.975])
@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 2), (3, 7), (9, 90)])
def test_quantiles_of_f_are_where_its_density_adds_up_to_the_share(first, second, share):
    """The density is integrated by Simpson's rule, in the square root where it has a pole."""
    a, b = first / 2, second / 2
    top = math.sqrt(f_quantile(share, first, second) * first)
    beta = math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))

    def density(root: float) -> float:
        x = root * root / (root * root + second)
        power = root ** (first - 1) if first > 1 else 1.0
        return 2 * power * second**b * (root * root + second) ** -(a + b) / beta if x < 1 else 0

    steps = 20_000
    width = top / steps
    weights = (4 if i % 2 else 2 for i in range(1, steps))
    inner = math.fsum(w * density(i * width) for i, w in enumerate(weights, 1))
    found = (density(0.0) + density(top) + inner) * width / 3

    assert found == pytest.approx(share, abs=1e-9)


def test_two_degrees_of_freedom_have_a_closed_form():
    """F(2, m) has the distribution 1 - (1 + 2x/m)^(-m/2)."""
    for m in (1, 2, 5, 80, 4000):
        for share in (0.025, 0.3, 0.975):
            exact = m / 2 * math.expm1(-2 / m * math.log1p(-share))
            assert f_quantile(share, 2, m) == pytest.approx(exact, rel=1e-12)


def test_the_interval_covers_the_true_alpha_of_simulated_tests():
    """True scores and errors are normal with the same variance, so k items have k/(k + 1)."""
    chance = random.Random(3)  # noqa: S311
    k, n, tests = 6, 25, 400
    covered = 0
    for _ in range(tests):
        people = [chance.gauss(0, 1) for _ in range(n)]
        items = [[p + chance.gauss(0, 1) for p in people] for _ in range(k)]
        totals = [sum(row) for row in zip(*items, strict=True)]
        alpha = k / (k - 1) * (1 - sum(map(variance, items)) / variance(totals))
        low, high = alpha95(alpha, n, k) or (1.0, 0.0)
        covered += low <= k / (k + 1) <= high

    assert 0.925 <= covered / tests <= 0.975


@pytest.mark.parametrize(("alpha", "n", "k"), [(None, 9, 9), (0.5, 1, 9), (0.5, 9, 1)])
def test_there_is_no_interval_where_there_is_no_alpha(alpha, n, k):
    assert alpha95(alpha, n, k) is None


def test_a_perfect_alpha_has_an_interval_without_width():
    assert alpha95(1.0, 10, 4) == (1.0, 1.0)


def test_a_negative_alpha_is_explained_by_the_items_that_go_against_the_others():
    scores = {"a": [1, 1, 1, 0, 0, 0], "b": [1, 1, 0, 1, 0, 0], "c": [0, 0, 0, 1, 1, 1]}
    said = why_negative(analyze(scores))

    assert said.startswith("alpha is negative (")
    assert "“c”" in said
    assert why_negative(analyze({"a": [1, 0], "b": [1, 0]})) == ""
    assert why_negative(analyze({"a": [1, 0]})) == ""
