"""What an item's figures ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.advice import Advice, advice, is_too_few, shared_mistake, works
from questions.analysis import ItemAnalysis
from questions.distractors import Option

KEY = Option(is_key=True, count=0, proportion=None, mean_total=None, discrimination=None)
OTHER = replace(KEY, is_key=False)


def item(n: int, right: int, discrimination: float | None = 0.3, **options: int) -> ItemAnalysis:
    """An item with the options given as numbers of choosers; the one named `key` is right."""
    made = {
        name: replace(KEY if name == "key" else OTHER, count=count)
        for name, count in options.items()
    }
    facility = right / n if n else None
    return ItemAnalysis(n, n - right, facility, None, discrimination, None, None, None, made)


def test_from_thirty_learners_on_inferences_are_made():
    assert is_too_few(29)
    assert not is_too_few(30)
    assert Advice.TOO_FEW in advice(item(29, 10, -0.5, b=0))
    assert Advice.CHECK_KEY not in advice(item(29, 10, -0.5, b=0))
    assert Advice.IDLE_DISTRACTOR not in advice(item(29, 10, -0.5, b=0))


def test_a_negative_discrimination_suggests_checking_the_key():
    assert advice(item(30, 10, -0.01)) == (Advice.CHECK_KEY,)
    assert advice(item(30, 10, 0.0)) == ()
    assert advice(item(30, 10, None)) == ()


@pytest.mark.parametrize("n", [1, 30, 300])
def test_all_right_or_all_wrong_is_reported_for_any_number(n):
    assert Advice.NOBODY_MISSED in advice(item(n, n, None))
    assert Advice.EVERYBODY_MISSED in advice(item(n, 0, None))


def test_almost_right_is_not_missed():
    assert Advice.NOBODY_MISSED in advice(item(40, 30, None), almost=10)
    assert Advice.EVERYBODY_MISSED not in advice(item(40, 0, None), almost=1)
    assert Advice.NOBODY_MISSED not in advice(item(40, 30, None), almost=9)


def test_without_learners_the_only_advice_is_that_there_are_none():
    assert advice(item(0, 0, None)) == (Advice.TOO_FEW,)


def test_a_distractor_works_if_five_percent_chose_it():
    idle = item(100, 60, b=5, c=4)

    assert works(idle, idle.options["b"])
    assert not works(idle, idle.options["c"])
    assert advice(idle) == (Advice.IDLE_DISTRACTOR,)


def test_for_easy_items_five_percent_of_those_who_missed_is_enough():
    easy = item(400, 361, b=2, c=1)  # 39 missed it
    not_quite = item(400, 360, b=2)  # facility is 0.9, not over it

    assert works(easy, easy.options["b"])
    assert not works(easy, easy.options["c"])
    assert not works(not_quite, not_quite.options["b"])


def test_whether_a_distractor_works_can_be_unknown():
    nobody_missed, nobody_there = item(50, 50, key=50, b=0), item(0, 0, b=0)

    assert works(nobody_missed, nobody_missed.options["b"]) is None
    assert works(nobody_there, nobody_there.options["b"]) is None
    assert works(nobody_missed, nobody_missed.options["key"]) is None
    assert Advice.IDLE_DISTRACTOR not in advice(nobody_missed)


def test_a_mistake_is_shared_if_most_who_missed_the_item_made_it():
    assert shared_mistake(item(20, 10, key=10, b=6, c=4)) == "b"
    assert shared_mistake(item(20, 10, key=10, b=5, c=5)) is None
    assert shared_mistake(item(20, 10, key=10, b=3)) is None  # the others did not answer
    assert Advice.SHARED_MISTAKE in advice(item(20, 10, key=10, b=6))


def test_one_learner_makes_no_shared_mistake():
    assert shared_mistake(item(20, 19, key=19, b=1)) is None
    assert shared_mistake(item(20, 18, key=18, b=2)) == "b"


def test_of_several_shared_mistakes_the_most_common_is_reported():
    assert shared_mistake(item(20, 10, key=15, b=7, c=9)) == "c"
