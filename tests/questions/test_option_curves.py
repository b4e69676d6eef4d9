"""Option curves: who chose what, by how well they did on the rest of the test."""

from __future__ import annotations

import random

import pytest

from questions.option_curves import option_curves

A, B, NONE = frozenset("a"), frozenset("b"), frozenset[str]()


def test_shares_are_of_each_group_by_the_rest_of_the_test():
    scores = {"x": [1, 1, 0, 1, 0, 0], "y": [1, 1, 1, 0, 0, 0], "z": [1, 1, 0, 1, 0, 0]}
    curves = option_curves(scores, {"x": [A, A, B, A, B, NONE]}, {"x": {"a": True, "b": False}})

    assert [*curves] == ["x"]
    groups, options = curves["x"].groups, curves["x"].options
    assert [(g.n, g.low, g.high) for g in groups] == [(2, 0.0, 0.0), (2, 1.0, 1.0), (2, 2.0, 2.0)]
    assert options == {"a": (0.0, 0.5, 1.0), "b": (0.5, 0.5, 0.0)}


def test_learners_with_the_same_rest_are_in_one_group():
    scores = {"x": [1, 0, 1, 0], "y": [1, 1, 1, 1]}
    curves = option_curves(scores, {"x": [A, B, A, B]}, {"x": {"a": True, "b": False}})["x"]

    assert [g.n for g in curves.groups] == [4]
    assert curves.options == {"a": (0.5,), "b": (0.5,)}


def test_an_option_that_nobody_chose_has_a_curve_at_0():
    curves = option_curves({"x": [1, 1]}, {"x": [A, A]}, {"x": {"a": True, "b": False}})

    assert curves["x"].options["b"] == (0.0,)


def test_there_are_no_curves_without_learners():
    curves = option_curves({"x": []}, {"x": []}, {"x": {"a": True}})["x"]

    assert (curves.groups, curves.options) == ((), {"a": ()})


@pytest.mark.parametrize(("n", "number"), [(59, 3), (60, 4), (199, 4), (200, 5)])
def test_groups_are_about_equally_large(n, number):
    chance = random.Random(n)  # noqa: S311
    scores = {f"i{i}": [chance.random() for _ in range(n)] for i in range(4)}
    curves = option_curves(scores, {"i0": [A] * n}, {"i0": {"a": True}})["i0"]

    assert len(curves.groups) == number
    assert sum(g.n for g in curves.groups) == n
    assert max(g.n for g in curves.groups) - min(g.n for g in curves.groups) <= 1
    assert all(
        low.high < high.low for low, high in zip(curves.groups, curves.groups[1:], strict=False)
    )
