"""Which questions come next, and in which order their answers stand."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.bank import load_bank
from questions.memory import Memory, retrievability
from questions.model import Level, Objective, Question, Safety, Turn
from questions.progress import Standing
from questions.selection import (
    AnswerHistory,
    after,
    before,
    gentlest_first,
    is_due,
    pack,
    plan,
    review,
    shown_order,
    spread,
    unpack,
    without_sensitive_openers,
)
from tests.questions.sample_questions import choice, choices, match, objective, option, order

SEEDS = range(40)
THREE = [objective("a", 3), objective("b", 4), objective("c", 5)]


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def leveled(name: str, *levels: Level) -> Objective:
    made = objective(name, len(levels))
    questions = (replace(q, level=to) for q, to in zip(made.questions, levels, strict=True))
    return replace(made, questions=tuple(questions))


def count_by_objective(questions: tuple[Question, ...]) -> Counter[str]:
    return Counter(q.objective for q in questions)


# plan


@given(st.integers(), st.integers(0, 15))
def test_the_same_seed_gives_the_same_plan(seed, length):
    assert plan(THREE, {}, length, seeded(seed)) == plan(THREE, {}, length, seeded(seed))


def test_another_seed_gives_another_plan():
    plans = {tuple(q.id for q in plan(THREE, {}, 6, seeded(seed))) for seed in SEEDS}

    assert len(plans) > 10


@pytest.mark.parametrize("length", range(15))
def test_a_plan_has_the_requested_length_if_there_are_enough_questions(length):
    chosen = plan(THREE, {}, length, seeded(length))

    assert len(chosen) == min(length, 12)
    assert len({q.id for q in chosen}) == len(chosen)


def test_without_objectives_the_plan_is_empty():
    assert plan([], {}, 6, seeded(1)) == ()


def test_a_plan_spreads_over_the_objectives():
    for seed in SEEDS:
        assert count_by_objective(plan(THREE, {}, 3, seeded(seed))) == {"a": 1, "b": 1, "c": 1}
        assert count_by_objective(plan(THREE, {}, 6, seeded(seed))) == {"a": 2, "b": 2, "c": 2}
        assert sorted(count_by_objective(plan(THREE, {}, 10, seeded(seed))).values()) == [3, 3, 4]


def test_the_least_answered_objectives_come_first():
    times_answered = {"a-0": 1, "a-1": 1, "c-0": 1}
    for seed in SEEDS:
        assert count_by_objective(plan(THREE, times_answered, 1, seeded(seed))) == {"b": 1}
        assert count_by_objective(plan(THREE, times_answered, 2, seeded(seed))) == {"b": 1, "c": 1}
        assert count_by_objective(plan(THREE, times_answered, 4, seeded(seed))) == {
            "a": 1,
            "b": 2,
            "c": 1,
        }


@given(st.integers(), st.lists(st.integers(1, 8), max_size=12))
def test_a_question_repeats_only_after_all_others_of_its_objective(seed, lengths):
    rng, times_answered = seeded(seed), Counter[str]()
    for length in lengths:
        times_answered.update(q.id for q in plan(THREE, times_answered, length, rng))
        for o in THREE:
            counts = [times_answered[q.id] for q in o.questions]
            assert max(counts) - min(counts) <= 1


def test_questions_of_one_objective_are_not_always_adjacent():
    starts = {plan(THREE, {}, 6, seeded(seed))[0].objective for seed in SEEDS}

    assert starts == {"a", "b", "c"}


def test_unseen_objectives_come_first_and_mastered_ones_last():
    standings = {"a": Standing.MASTERED, "b": Standing.GETTING_THERE, "c": Standing.NOT_STARTED}
    for seed in SEEDS:
        for length, wanted in ((1, {"c": 1}), (2, {"b": 1, "c": 1}), (4, {"a": 1, "b": 1, "c": 2})):
            chosen = plan(THREE, {"c-0": 9}, length, seeded(seed), standings)
            assert count_by_objective(chosen) == wanted


# review

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MANY = [replace(objective(f"o{i}", i % 4 + 1), topic=f"t{i % 3}") for i in range(9)]


def remembered(stability: float, days: float) -> Memory:
    """Last answered that many days before NOON; due as many days after it as it is stable."""
    last = NOON - timedelta(days=days)
    return Memory(stability, 5.0, last, last + timedelta(days=stability))


@st.composite
def pasts(draw) -> AnswerHistory:
    """Anything that a learner may have behind them, with questions that left the bank too."""
    names = [o.id for o in MANY] + ["left-the-bank"]
    questions = [q.id for o in MANY for q in o.questions] + ["left-the-bank-0"]
    memory = st.builds(remembered, st.floats(0.1, 90), st.floats(0, 200))
    return AnswerHistory(
        answered=draw(st.lists(st.sampled_from(questions), max_size=30)),
        mistaken=draw(st.sets(st.sampled_from(names))),
        memories=draw(st.dictionaries(st.sampled_from(names), memory)),
    )


@given(pasts(), st.integers(0, 7), st.integers())
def test_a_review_is_short_and_asks_each_objective_once_by_another_question(past, length, seed):
    chosen = review(MANY, past, NOON, length, seeded(seed))
    due = {o.id for o in MANY if is_due(past.memories.get(o.id), NOON)}

    assert len(chosen) == min(length, len(due))
    assert len({q.objective for q in chosen}) == len(chosen)
    assert {q.objective for q in chosen} <= due
    for question in chosen:
        questions = {q.id for o in MANY if o.id == question.objective for q in o.questions}
        last = next((q for q in reversed(past.answered) if q in questions), None)
        assert question.id != last or len(questions) == 1
        others = questions - {last} or questions
        fewest = min(past.answered.count(q) for q in others)
        assert past.answered.count(question.id) == fewest


@given(pasts(), st.integers())
def test_a_review_goes_from_confident_mistakes_to_likely_known(past, seed):
    chosen = review(MANY, past, NOON, 9, seeded(seed))
    keys = [
        (q.objective not in past.mistaken, retrievability(past.memories[q.objective], NOON))
        for q in chosen
    ]

    assert keys == sorted(keys)


@given(pasts(), st.integers())
def test_a_shorter_review_is_the_beginning_of_a_longer_one(past, seed):
    whole = [q.objective for q in review(MANY, past, NOON, 9, seeded(seed))]
    short = [q.objective for q in review(MANY, past, NOON, 5, seeded(seed))]

    assert short == whole[:5]


def test_among_equally_often_asked_questions_the_oldest_comes_first():
    past = AnswerHistory(["c-2", "c-0", "c-1", "c-4", "c-3"], (), {"c": remembered(1, 9)})
    for seed in SEEDS:
        assert [q.id for q in review(THREE, past, NOON, 5, seeded(seed))] == ["c-2"]


def test_nothing_is_due_before_its_date():
    past = AnswerHistory(["a-0"], ("a",), {"a": remembered(5, 4.99), "b": remembered(5, 5)})

    assert [q.objective for q in review(THREE, past, NOON, 5, seeded(1))] == ["b"]


# spread, before, and after


@given(st.integers(0, 12), st.integers())
def test_objectives_are_spread_over_the_topics(length, seed):
    chosen = spread(MANY, length, seeded(seed))
    topics = Counter(o.topic for o in chosen)

    assert len({o.id for o in chosen}) == len(chosen) == min(length, 9)
    assert (
        not topics or max(topics.values()) - min(topics.get(t, 0) for t in ("t0", "t1", "t2")) <= 1
    )


@given(pasts(), st.integers())
def test_one_question_of_each_objective_is_asked_before_and_another_after(past, seed):
    times_answered = Counter(past.answered)
    first = before(MANY, times_answered, seeded(seed))
    second = after(MANY, times_answered, seeded(seed), {q.id for q in first})
    with_another = [o.id for o in MANY if len(o.questions) > 1]

    assert [q.objective for q in first] == [o.id for o in MANY]
    assert [q.objective for q in second] == with_another
    assert not {q.id for q in first} & {q.id for q in second}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_question_after_has_the_level_of_the_one_before(seed):
    levels = (Level.RECALL, Level.APPLY, Level.UNDERSTAND, Level.APPLY)
    some = leveled("a", *levels)
    first = before([some], {}, seeded(seed))
    second = after([some], {}, seeded(seed), {q.id for q in first})

    assert [q.level for q in (*first, *second)] == [Level.APPLY, Level.APPLY]


def test_an_objective_with_no_level_twice_is_asked_about_on_another_level_after():
    some = leveled("a", Level.RECALL, Level.APPLY)
    (first,) = before([some], {}, seeded(1))
    (second,) = after([some], {}, seeded(1), {first.id})

    assert {first.level, second.level} == {Level.RECALL, Level.APPLY}


def test_gentle_questions_come_first_and_no_opener_is_hard_to_hear():
    hard = leveled("hard", Level.RECALL)
    others = [leveled(str(i), level) for i, level in enumerate([Level.APPLY, Level.UNDERSTAND])]
    easy = leveled("easy", Level.RECALL)
    every = [q for o in (hard, *others, easy) for q in o.questions]

    chosen = [q.objective for q in without_sensitive_openers(every, {"hard"})]
    assert chosen == ["easy", "1", "0", "hard"]
    assert [q.objective for q in without_sensitive_openers(every, ())][:2] == ["hard", "easy"]


def test_a_quiz_begins_with_the_gentlest_question_and_keeps_the_order_of_the_others():
    hard = leveled("hard", Level.RECALL)
    others = [leveled(str(i), level) for i, level in enumerate([Level.APPLY, Level.UNDERSTAND])]
    frightening = replace(leveled("sign", Level.RECALL).questions[0], safety=Safety.CALL_NOW)
    every = [q for o in (hard, *others) for q in o.questions] + [frightening]

    chosen = [q.objective for q in gentlest_first(every, {"hard"}, is_about_a_lesson=True)]
    assert chosen == ["1", "hard", "0", frightening.objective]
    assert gentlest_first(every[:1], {"hard"}, is_about_a_lesson=True) == (every[0],)
    assert gentlest_first([], (), is_about_a_lesson=True) == ()


def in_turn(name: str, level: Level, turn: Turn | None) -> Question:
    return replace(leveled(name, level).questions[0], turn=turn)


def test_what_helps_tonight_is_asked_first_and_what_is_rare_last():
    rare = in_turn("rare", Level.RECALL, Turn.LAST)
    everyday = in_turn("everyday", Level.UNDERSTAND, None)
    tonight = replace(in_turn("tonight", Level.APPLY, Turn.FIRST), safety=Safety.CALL_NOW)
    for seed in SEEDS:
        every = [rare, everyday, tonight]
        seeded(seed).shuffle(every)
        assert gentlest_first(every, (), is_about_a_lesson=True) == (tonight, everyday, rare)
        assert gentlest_first(every, (), is_about_a_lesson=False) == (everyday, tonight, rare)
        assert without_sensitive_openers(every, ()) == (tonight, everyday, rare)


@pytest.mark.parametrize(
    ("lesson", "first"), [("if-your-child-has-all", "child-fever"), ("when-to-call", "fever-first")]
)
def test_a_quiz_for_the_first_night_begins_with_a_fever_and_ends_with_what_can_wait(lesson, first):
    bank = load_bank()
    objectives = bank.of_lesson(lesson)
    for seed in SEEDS:
        chosen = gentlest_first(
            plan(objectives, {}, 5, seeded(seed)), bank.hard_to_hear, is_about_a_lesson=True
        )
        assert chosen[0].objective == first
        turns = [q.turn for q in chosen]
        assert turns == sorted(turns, key=[Turn.FIRST, None, Turn.LAST].index)


def test_the_quiz_before_the_lessons_never_begins_with_what_is_rare():
    bank = load_bank()
    for seed in SEEDS:
        rng = seeded(seed)
        chosen = before(spread(bank.counted.values(), 6, rng), {}, rng)
        opener = without_sensitive_openers(chosen, bank.hard_to_hear)[0]
        assert opener.turn is not Turn.LAST
        assert not re.search(r"cancer|cousin|genetic", f"{opener.vignette} {opener.stem}")


def test_the_first_lesson_s_quiz_never_begins_with_what_frightens_if_it_has_anything_else():
    bank = load_bank()
    for seed in SEEDS:
        chosen = plan(bank.of_lesson("what-is-all"), {}, 6, seeded(seed))
        opener = gentlest_first(chosen, bank.hard_to_hear, is_about_a_lesson=True)[0]
        assert opener.safety is None
        assert opener.exhibit is None


# shown_order


@pytest.mark.parametrize("question", [choice(), choices(), match(), order()])
def test_the_same_seed_shows_the_same_order(question):
    for seed in SEEDS:
        shown = shown_order(question, seeded(seed))
        assert shown == shown_order(question, seeded(seed))
        assert sorted(shown) == sorted(p.id for p in question.parts)


def test_options_are_shuffled():
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
def test_numeric_options_are_sorted(sizes):
    small, middle, big = sizes
    options = (option("big", "x", big), option("small", text=small), option("middle", "x", middle))

    for make in (choice, choices):
        for seed in SEEDS:
            shown = shown_order(make(*options), seeded(seed))
            assert shown == ("small", "middle", "big")


@pytest.mark.parametrize(
    "days",
    [
        ("On May 4, 2026", "On May 19, 2026", "On June 23, 2026"),
        ("January 5", "February 9", "October 1"),
        ("December 30, 2025", "January 2, 2026", "January 10, 2026"),
    ],
)
def test_options_that_are_days_are_in_the_order_of_the_calendar(days):
    first, second, third = days
    options = (option("3", text=third), option("1", "x", first), option("2", "x", second))

    for seed in SEEDS:
        assert shown_order(choice(*options), seeded(seed)) == ("1", "2", "3")


def test_options_that_say_more_than_a_day_are_shuffled():
    texts = "May 4, before chemo", "May 19", "June 23"
    options = [option(str(i), "x" if i else "", text) for i, text in enumerate(texts)]

    assert len({shown_order(choice(*options), seeded(seed)) for seed in SEEDS}) > 1


def test_one_option_without_a_number_makes_the_options_shuffled():
    options = (option("two", text="2"), option("one", "x", "1"), option("none", "x", "None"))

    assert len({shown_order(choice(*options), seeded(seed)) for seed in SEEDS}) > 1


@pytest.mark.parametrize("steps", [("one", "two", "three"), ("one", "two", "three", "four")])
def test_steps_are_never_shown_in_the_right_order(steps):
    shown = {shown_order(order(*steps), seeded(seed)) for seed in range(200)}

    assert steps not in shown
    assert len(shown) > 3


def test_steps_that_begin_with_numbers_are_not_sorted():
    steps = ("1 first", "2 second", "3 third")

    assert all(shown_order(order(*steps), seeded(seed)) != steps for seed in SEEDS)


# pack and unpack


@pytest.mark.parametrize("seed", SEEDS)
def test_an_order_is_stored_as_one_digit_for_each_part(seed):
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
def test_a_stored_order_is_adjusted_to_an_edited_question(packed, mended):
    assert unpack(choice(), packed) == mended
