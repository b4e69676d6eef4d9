"""Before and after: what changed, and what may be chance."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.gain import Paired, gain, mcnemar, normalized_change
from questions.scores import ScoresError
from tests.questions import textbook_formulas

PRECISE = 1e-12
scores = st.sampled_from([Fraction(a, b) for b in (1, 2, 3) for a in range(b + 1)])
pairs = st.integers(1, 4).flatmap(
    lambda k: st.lists(
        st.tuples(*[st.lists(scores, min_size=k, max_size=k)] * 2), min_size=0, max_size=8
    )
)


def table(rows: list[list[Fraction]], k: int) -> dict[str, list[float]]:
    return {f"q{i}": [float(row[i]) for row in rows] for i in range(k)}


def test_the_gain_of_a_class_is_as_calculated_by_hand():
    result = gain({"a": [0, 0, 1, 0], "b": [1, 0, 0, 0]}, {"a": [1, 1, 1, 0], "b": [1, 1, 0, 0]})

    assert result.n == 4
    assert result.of_class == 0.5  # from 0.5 to 1.25 of 2
    assert result.individual == (1.0, 1.0, 0.0, None)
    assert result.items == {
        "a": Paired(both=1, gained=2, lost=0, neither=1),
        "b": Paired(both=1, gained=1, lost=0, neither=2),
    }
    assert (result.items["a"].p, result.items["b"].p) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (2, 5, 3 / 8),
        (5, 2, -3 / 5),
        (5, 5, 0.0),
        (0, 0, None),
        (10, 10, None),
        (0, 10, 1.0),
        (10, 0, -1.0),
        (10, 7, -0.3),
        (0, 3, 0.3),
    ],
)
def test_the_normalized_change_of_a_learner_is_as_calculated_by_hand(before, after, change):
    assert normalized_change(before, after, 10) == change


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1), (1, 0, 1), (3, 3, 1), (6, 0, 2 / 64), (5, 1, 14 / 64), (1, 5, 14 / 64), (2, 3, 1)],
)
def test_mcnemar_is_as_calculated_by_hand(gained, lost, p):
    assert mcnemar(gained, lost) == p


@given(st.integers(0, 900), st.integers(0, 900))
def test_mcnemar_equals_the_exact_binomial_test(gained, lost):
    exact = textbook_formulas.mcnemar(gained, lost)

    assert mcnemar(gained, lost) == pytest.approx(float(exact), rel=PRECISE)


def test_mcnemar_of_large_counts_is_computed():
    assert mcnemar(40_000, 0) == 0.0  # below any float
    near = mcnemar(50_000, 49_900)
    normal = math.erfc(99 / math.sqrt(99_900) / math.sqrt(2))  # with continuity correction
    assert near == pytest.approx(normal, rel=1e-5)


@given(pairs)
def test_gain_matches_the_textbook_formulas(rows):
    k = len(rows[0][0]) if rows else 2
    result = gain(table([r[0] for r in rows], k), table([r[1] for r in rows], k))
    before, after = ([sum(r[i], Fraction()) for r in rows] for i in (0, 1))

    assert result.n == len(rows)
    for change, old, new in zip(result.individual, before, after, strict=True):
        expected = textbook_formulas.normalized_change(old, new, k)
        assert change is None if expected is None else change == pytest.approx(float(expected))
        assert change is None or -1 <= change <= 1
    if not rows or sum(before) == k * len(rows):
        assert result.of_class is None
    else:
        means = textbook_formulas.mean(before), textbook_formulas.mean(after)
        expected = (means[1] - means[0]) / (k - means[0])
        assert result.of_class == pytest.approx(float(expected), rel=PRECISE, abs=PRECISE)


def test_mcnemar_is_left_out_for_partial_scores():
    result = gain({"part": [0, 0.5], "all": [0, 1]}, {"part": [1, 1], "all": [1, 1]})

    assert result.items["part"] is None
    assert result.items["all"] == Paired(both=1, gained=1, lost=0, neither=0)


def test_without_learners_there_is_no_gain():
    result = gain({"one": []}, {"one": []})

    assert (result.n, result.of_class, result.individual) == (0, None, ())
    assert result.items["one"].p is None
    assert gain({}, {}).of_class is None


def test_gain_without_any_change_has_a_p_value_of_one():
    assert gain({"one": [1, 0]}, {"one": [1, 0]}).items["one"].p == 1.0
    assert gain({"one": [1, 1]}, {"one": [1, 1]}).items["one"].p == 1.0


def test_mismatched_or_invalid_sittings_are_rejected():
    with pytest.raises(ScoresError, match="items"):
        gain({"one": [1]}, {"two": [1]})
    with pytest.raises(ScoresError, match="lengths"):
        gain({"one": [1]}, {"one": [1, 0]})
    with pytest.raises(ScoresError, match="0 to 1"):
        gain({"one": [1]}, {"one": [2]})
