"""Item analysis: what is hard, what tells learners apart, and which answers draw them."""

from __future__ import annotations

import math
import random
from dataclasses import fields, is_dataclass
from fractions import Fraction
from itertools import chain
from statistics import NormalDist, correlation, fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.analysis import Analysis, analyze, wilson95
from questions.scores import ScoresError
from tests.questions import textbook_formulas

# Five learners, three items; worked on paper.
FIVE = {"one": [1, 1, 1, 0, 0], "two": [1, 1, 0, 0, 0], "three": [1, 0, 0, 1, 0]}
PRECISE = 1e-12

right_or_not = st.sampled_from([Fraction(0), Fraction(1)])
shares = st.sampled_from([Fraction(a, b) for b in (1, 2, 3, 5, 7) for a in range(b + 1)])
decimals = st.integers(0, 1000).map(lambda n: Fraction(n, 1000))
any_score = st.floats(0, 1)


def tables(scores: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """Columns of 0 to 9 learners, 1 to 5 items."""
    return st.integers(0, 9).flatmap(
        lambda n: st.lists(st.lists(scores, min_size=n, max_size=n), min_size=1, max_size=5)
    )


exact_tables = st.one_of(tables(right_or_not), tables(shares), tables(decimals))


def named(columns: list[list[Any]]) -> dict[str, list[float]]:
    return {f"q{i}": [float(x) for x in column] for i, column in enumerate(columns)}


def numbers(value: Any) -> list[float]:
    """Every number in an analysis."""
    if is_dataclass(value):
        return numbers([getattr(value, f.name) for f in fields(value)])
    if isinstance(value, dict):
        return numbers([*value.values()])
    if isinstance(value, list | tuple):
        return [*chain.from_iterable(map(numbers, value))]
    return [value] if isinstance(value, int | float) else []


def agrees(computed: object, book: dict[str, Any]) -> None:
    for name, expected in book.items():
        figure = getattr(computed, name)
        if expected is None or figure is None:
            assert figure is expected, name
        else:
            assert figure == pytest.approx(float(expected), rel=PRECISE, abs=PRECISE), name


def about(number: float) -> Any:
    return pytest.approx(number, rel=PRECISE)


def test_the_statistics_of_a_test_are_as_calculated_by_hand():
    test = analyze(FIVE).test

    assert (test.n, test.k, test.mean) == (5, 3, 1.4)
    assert test.sd == about(math.sqrt(1.3))
    assert test.alpha == about(6 / 13)
    assert test.sem == about(math.sqrt(0.7))


def test_the_statistics_of_an_item_are_as_calculated_by_hand():
    item = analyze(FIVE).items["one"]

    assert (item.n, item.missed, item.facility) == (5, 2, 0.6)
    assert item.discrimination == about(0.15 / math.sqrt(0.21))
    assert item.discriminative_efficiency == about(0.375)
    together = math.sqrt(0.45) + math.sqrt(0.55) + math.sqrt(0.3)
    assert item.effective_weight == about(math.sqrt(0.45) / together)
    assert item.alpha_if_dropped == about(2 / 7)


def test_an_item_unrelated_to_the_rest_has_a_discrimination_of_exactly_0():
    three = analyze(FIVE).items["three"]

    assert three.discrimination == 0
    assert three.discriminative_efficiency == 0
    assert three.alpha_if_dropped == about(0.8)
    assert analyze(FIVE).items["two"].alpha_if_dropped == about(-0.4)


def test_items_keep_their_input_order():
    assert [*analyze(FIVE).items] == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),  # R. G. Newcombe, Statistics in Medicine 17, 1998, method 3
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_is_as_published(right, n, low, high):
    assert wilson95(right, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_contains_the_share_and_is_symmetric(counts):
    right, n = counts
    low, high = wilson95(right, n)
    mirrored = wilson95(n - right, n)

    assert 0 <= low <= right / n <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=PRECISE)
    assert (low == 0) == (right == 0)
    assert (high == 1) == (right == n)


@given(st.integers(1, 10**4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_solves_its_defining_equation(counts):
    right, n = counts
    z = NormalDist().inv_cdf(0.975)
    for end in wilson95(right, n):
        assert abs(right / n - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n), abs=1e-11)


def test_the_wilson_interval_starts_at_0_for_none_and_ends_at_1_for_all():
    for n in range(1, 500):
        assert (wilson95(0, n)[0], wilson95(n, n)[1]) == (0, 1)


def test_only_dichotomous_items_have_an_interval():
    items = analyze({"all": [0, 1, 1], "part": [0, 0.5, 1], "none": [0, 0, 0]}).items

    assert items["all"].wilson95 == wilson95(2, 3)
    assert items["part"].wilson95 is None
    assert items["none"].wilson95 == wilson95(0, 3)


@given(exact_tables)
def test_test_and_item_statistics_match_the_textbook_formulas(columns):
    analysis = analyze(named(columns))

    agrees(analysis.test, textbook_formulas.test(columns))
    for place, item in enumerate(analysis.items.values()):
        agrees(item, textbook_formulas.item(columns, place))


@given(
    exact_tables.flatmap(
        lambda c: st.tuples(
            st.just(c),
            st.lists(
                st.frozensets(st.sampled_from("ABCD")), min_size=len(c[0]), max_size=len(c[0])
            ),
        )
    )
)
def test_option_statistics_match_the_textbook_formulas(given_):
    columns, chosen = given_
    offered = {"A": True, "E": False}
    options = analyze(named(columns), {"q0": chosen}, {"q0": offered}).items["q0"].options

    assert [*options] == ["A", "E", *sorted(frozenset().union(*chosen) - {"A"})]
    for name, option in options.items():
        assert option.is_key is (name == "A")
        agrees(option, textbook_formulas.option(columns, 0, [name in c for c in chosen]))


def test_the_statistics_of_an_option_are_as_calculated_by_hand():
    chosen = {"one": [frozenset(o) for o in ("A", "A", "A", "B", "")]}
    item = analyze(FIVE, chosen, {"one": {"A": True, "B": False, "C": False}}).items["one"]
    a, b, c = item.options.values()

    assert (a.is_key, a.count, a.proportion, a.mean_total) == (True, 3, 0.6, 2.0)
    assert a.discrimination == item.discrimination
    assert (b.is_key, b.count, b.proportion, b.mean_total) == (False, 1, 0.2, 1.0)
    assert b.discrimination == about(0.05 / math.sqrt(0.14))
    assert (c.count, c.proportion, c.mean_total, c.discrimination) == (0, 0.0, None, None)
    assert analyze(FIVE, chosen).items["two"].options == {}


@pytest.mark.parametrize("scores", [{}, {"one": []}, {"one": [], "two": []}])
def test_without_learners_there_are_no_statistics(scores):
    analysis = analyze(scores)

    assert numbers(analysis.test) == [0, len(scores)]
    assert all(numbers(item) == [0, 0] for item in analysis.items.values())


def test_one_learner_has_no_variance():
    analysis = analyze({"one": [1], "two": [0]})

    assert numbers(analysis.test) == [1, 2, 1.0]
    item = analysis.items["one"]
    assert numbers(item) == [1, 0, 1.0, *wilson95(1, 1)]


def test_with_one_item_there_is_no_rest_score_and_no_alpha():
    analysis = analyze({"one": [1, 0, 1]})

    assert (analysis.test.alpha, analysis.test.sem) == (None, None)
    item = analysis.items["one"]
    assert (item.discrimination, item.discriminative_efficiency) == (None, None)
    assert (item.effective_weight, item.alpha_if_dropped) == (1.0, None)


def test_equal_answers_leave_only_counts():
    analysis = analyze({"one": [0.1] * 3, "two": [0.7] * 3})

    assert (analysis.test.mean, analysis.test.sd) == (about(0.8), 0)
    assert (analysis.test.alpha, analysis.test.sem) == (None, None)
    for item in analysis.items.values():
        assert (item.discrimination, item.discriminative_efficiency) == (None, None)
        assert (item.effective_weight, item.alpha_if_dropped) == (None, None)


def test_rounding_creates_no_variance():
    third = 1 / 3
    same = analyze({"one": [third, 0.5, 2 / 3], "two": [2 / 3, 0.5, third], "three": [1, 0, 0]})

    assert same.items["three"].discrimination is None  # one and two are 1 together, always
    assert analyze({"one": [0.1, 0.2, 0.3], "two": [0.3, 0.2, 0.1]}).test.alpha is None


def test_a_negative_covariance_gets_no_effective_weight():
    scores = {"one": [1, 1, 1, 0, 0], "two": [1, 1, 1, 0, 0], "against": [0, 0, 0.5, 1, 1]}
    weights = [item.effective_weight for item in analyze(scores).items.values()]

    assert weights == [0.5, 0.5, None]


def test_an_item_without_covariance_has_an_effective_weight_of_0():
    scores = {"one": [1, 1, 0, 0], "two": [1, 0, 1, 0], "same": [1, 1, 1, 1]}

    assert [i.effective_weight for i in analyze(scores).items.values()] == [0.5, 0.5, 0.0]


def test_a_statistic_too_large_for_a_float_is_none():
    test = analyze({"one": [0, 1], "two": [1, 1e-200]}).test

    assert (test.alpha, test.sem) == (None, None)  # alpha would be about -1e400


@given(tables(any_score))
def test_no_statistic_is_infinite_or_nan(columns):
    chosen = {"q0": [frozenset("AB"[: len(columns) % 3])] * len(columns[0])}
    analysis = analyze(named(columns), chosen, {"q0": {"C": True}})

    assert all(map(math.isfinite, numbers(analysis)))


@given(tables(any_score))
def test_statistics_stay_within_their_bounds(columns):
    analysis = analyze(named(columns))

    assert analysis.test.alpha is None or analysis.test.alpha <= 1
    weights = [
        i.effective_weight for i in analysis.items.values() if i.effective_weight is not None
    ]
    assert not weights or sum(weights) == about(1)
    for item in analysis.items.values():
        assert 0 <= (item.facility or 0) <= 1
        assert -1 <= (item.discrimination or 0) <= 1
        assert (item.discriminative_efficiency or 0) <= 1


@given(tables(any_score), st.randoms(use_true_random=False))
def test_the_order_of_learners_does_not_matter(columns, chance):
    order = [*range(len(columns[0]))]
    chance.shuffle(order)

    assert analyze(named(columns)) == analyze(named([[c[i] for i in order] for c in columns]))


@given(exact_tables)
def test_the_order_of_items_does_not_matter(columns):
    scores = named(columns)
    backwards = analyze(dict(reversed(scores.items())))

    assert analyze(scores) == Analysis(backwards.test, dict(reversed(backwards.items.items())))


@given(exact_tables)
def test_reversing_all_scores_keeps_the_reliability(columns):
    there, back = analyze(named(columns)), analyze(named([[1 - x for x in c] for c in columns]))

    assert there.test.alpha == back.test.alpha
    assert there.test.sem == back.test.sem
    for item, other in zip(there.items.values(), back.items.values(), strict=True):
        assert item.discrimination == other.discrimination
        assert item.effective_weight == other.effective_weight


@given(tables(right_or_not))
def test_alpha_of_dichotomous_items_is_kr_20(columns):
    n, k = len(columns[0]), len(columns)
    computed = analyze(named(columns)).test
    if computed.alpha is None or computed.sd is None:
        return
    pq = sum(p * (1 - p) for p in (textbook_formulas.mean(c) for c in columns))
    variance = Fraction(computed.sd**2) * (n - 1) / n

    assert computed.alpha == pytest.approx(float(k / (k - 1) * (1 - pq / variance)), abs=1e-9)


def test_a_large_table_is_computed_as_exactly_as_a_small_one():
    chance = random.Random(5)  # noqa: S311
    small = {f"q{i}": [chance.choice([0, 0.25, 1 / 3, 1]) for _ in range(40)] for i in range(4)}
    large = analyze({item: column * 500 for item, column in small.items()})
    once = analyze(small)

    assert large.test.mean == once.test.mean
    for item, figures in once.items.items():
        assert large.items[item].discrimination == figures.discrimination
        assert large.items[item].discriminative_efficiency == figures.discriminative_efficiency


def test_thousands_of_distinct_scores_are_computed_in_floats():
    chance = random.Random(6)  # noqa: S311
    first, two = ([chance.random() for _ in range(6000)] for _ in range(2))
    item = analyze({"one": first, "two": two}).items["one"]

    assert item.facility == about(fmean(first))
    assert item.discrimination == pytest.approx(correlation(first, two), abs=PRECISE)


def test_fractions_without_a_common_denominator_are_computed_exactly():
    primes = [p for p in range(2, 400) if all(p % d for d in range(2, p))]
    columns = [[Fraction(1, p) for p in primes], [Fraction(p % 2) for p in primes]]

    agrees(analyze(named(columns)).items["q0"], textbook_formulas.item(columns, 0))


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan, math.inf, -math.inf, 85])
def test_a_score_outside_0_to_1_is_rejected(score):
    with pytest.raises(ScoresError):
        analyze({"one": [0, 1, score]})


def test_columns_of_different_lengths_are_rejected():
    with pytest.raises(ScoresError, match="lengths"):
        analyze({"one": [1, 0], "two": [1]})
    with pytest.raises(ScoresError, match="lengths"):
        analyze({"one": [1, 0]}, {"one": [frozenset("A")]})
    with pytest.raises(ScoresError, match="two"):
        analyze({"one": [1, 0]}, {"two": [frozenset("A"), frozenset()]})
