"""Which questions come next, and in which order their answers stand."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.model import Question
from questions.selection import pack, plan, shown_order, unpack
from tests.questions.made import choice, choices, match, objective, option, order

SEEDS = range(40)
THREE = [objective("a", 3), objective("b", 4), objective("c", 5)]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def asked_of(questions: tuple[Question, ...]) -> Counter[str]:
    return Counter(q.objective for q in questions)


# plan


@given(st.integers(), st.integers(0, 15))
def test_the_same_seed_gives_the_same_plan(seed, length):
    assert plan(THREE, {}, length, seeded(seed)) == plan(THREE, {}, length, seeded(seed))


def test_another_seed_gives_another_plan():
    plans = {tuple(q.id for q in plan(THREE, {}, 6, seeded(seed))) for seed in SEEDS}

    assert len(plans) > 10


@pytest.mark.parametrize("length", range(15))
def test_a_plan_is_as_long_as_wanted_if_there_are_enough_questions(length):
    chosen = plan(THREE, {}, length, seeded(length))

    assert len(chosen) == min(length, 12)
    assert len({q.id for q in chosen}) == len(chosen)


def test_without_objectives_there_is_nothing_to_ask():
    assert plan([], {}, 6, seeded(1)) == ()


def test_a_plan_is_spread_over_the_objectives():
    for seed in SEEDS:
        assert asked_of(plan(THREE, {}, 3, seeded(seed))) == {"a": 1, "b": 1, "c": 1}
        assert asked_of(plan(THREE, {}, 6, seeded(seed))) == {"a": 2, "b": 2, "c": 2}
        assert sorted(asked_of(plan(THREE, {}, 10, seeded(seed))).values()) == [3, 3, 4]


def test_objectives_that_were_asked_least_come_first():
    asked = {"a-0": 1, "a-1": 1, "c-0": 1}
    for seed in SEEDS:
        assert asked_of(plan(THREE, asked, 1, seeded(seed))) == {"b": 1}
        assert asked_of(plan(THREE, asked, 2, seeded(seed))) == {"b": 1, "c": 1}
        assert asked_of(plan(THREE, asked, 4, seeded(seed))) == {"a": 1, "b": 2, "c": 1}


@given(st.integers(), st.lists(st.integers(1, 8), max_size=12))
def test_a_question_comes_again_only_after_all_others_of_its_objective(seed, lengths):
    rng, asked = seeded(seed), Counter[str]()
    for length in lengths:
        asked.update(q.id for q in plan(THREE, asked, length, rng))
        for o in THREE:
            counts = [asked[q.id] for q in o.questions]
            assert max(counts) - min(counts) <= 1


def test_the_questions_of_an_objective_do_not_stand_together_each_time():
    starts = {plan(THREE, {}, 6, seeded(seed))[0].objective for seed in SEEDS}

    assert starts == {"a", "b", "c"}


# shown_order


@pytest.mark.parametrize("question", [choice(), choices(), match(), order()])
def test_the_same_seed_shows_the_same_order(question):
    for seed in SEEDS:
        shown = shown_order(question, seeded(seed))
        assert shown == shown_order(question, seeded(seed))
        assert sorted(shown) == sorted(p.id for p in question.parts)


def test_answers_are_shuffled():
    assert len({shown_order(choice(), seeded(seed)) for seed in SEEDS}) == 6


@pytest.mark.parametrize(
    "sizes",
    [
        ("9", "10", "100"),
        ("2 out of 100", "15 out of 100", "75 out of 100"),
        ("0.5 grays", "1 gray", "1.25 grays"),
        ("2 days", "10 days", "1,000 days"),
    ],
)
def test_numbers_are_sorted(sizes):
    small, middle, big = sizes
    options = (option("big", "x", big), option("small", text=small), option("middle", "x", middle))

    for make in (choice, choices):
        for seed in SEEDS:
            shown = shown_order(make(*options), seeded(seed))
            assert shown == ("small", "middle", "big")


def test_one_answer_without_a_number_makes_them_words():
    options = (option("two", text="2"), option("one", "x", "1"), option("none", "x", "None"))

    assert len({shown_order(choice(*options), seeded(seed)) for seed in SEEDS}) > 1


@pytest.mark.parametrize("steps", [("one", "two", "three"), ("one", "two", "three", "four")])
def test_steps_never_start_solved(steps):
    shown = {shown_order(order(*steps), seeded(seed)) for seed in range(200)}

    assert steps not in shown
    assert len(shown) > 3


def test_steps_that_begin_with_numbers_are_not_sorted():
    steps = ("1 first", "2 second", "3 third")

    assert all(shown_order(order(*steps), seeded(seed)) != steps for seed in SEEDS)


# pack and unpack


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_is_kept_in_a_digit_for_each_part(seed):
    question = choice()
    shown = shown_order(question, seeded(seed))
    packed = pack(question, shown)

    assert len(packed) == len(question.parts)
    assert unpack(question, packed) == shown


@pytest.mark.parametrize(
    ("packed", "mended"),
    [
        ("201", ("c", "a", "b")),
        ("2901", ("c", "a", "b")),
        ("2", ("c", "a", "b")),
        ("1101", ("b", "a", "c")),
        ("9", ("a", "b", "c")),
        ("", ("a", "b", "c")),
        ("x0", ("a", "b", "c")),
    ],
)
def test_an_order_of_a_question_edited_since_is_mended(packed, mended):
    assert unpack(choice(), packed) == mended
