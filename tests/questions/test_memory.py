"""When an objective is due again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fsrs import Card, Scheduler

from questions.memory import Answered, Memory, Rating, rating, replay, retrievability, review
from questions.model import Grade

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AGAIN, HARD, GOOD = Rating.Again, Rating.Hard, Rating.Good

RIGHT = Grade(1.0, unsure=False, parts=())
HALF = Grade(0.5, unsure=False, parts=())
WRONG = Grade(0.0, unsure=False, parts=())
NOT_SURE = Grade(0.0, unsure=True, parts=())

GOLDEN = [
    # days since the last answer, rating, stability, difficulty, days until it is due
    (0, GOOD, 2.3065, 2.118104, 2),
    (2, GOOD, 10.964332, 2.111214, 11),
    (11, HARD, 32.203306, 4.748285, 32),
    (20, AGAIN, 2.289514, 8.259025, 2),
    (1, GOOD, 3.835275, 8.245995, 4),
    (0, GOOD, 3.835275, 8.232977, 4),
    (5, HARD, 7.137927, 8.812196, 7),
]


@pytest.mark.parametrize(
    ("grade", "sure", "how"),
    [
        (RIGHT, True, GOOD),
        (RIGHT, None, GOOD),
        (RIGHT, False, HARD),
        (HALF, True, AGAIN),
        (HALF, None, AGAIN),
        (HALF, False, AGAIN),
        (WRONG, True, AGAIN),
        (WRONG, False, AGAIN),
        (NOT_SURE, None, AGAIN),
        (NOT_SURE, False, AGAIN),
    ],
)
def test_a_right_answer_is_rated_good_and_an_unsure_one_hard(grade, sure, how):
    assert rating(grade, sure=sure) is how


def test_a_recorded_history_gives_the_recorded_memory():
    memory, now = None, NOON
    for days, how, stability, difficulty, due in GOLDEN:
        now += timedelta(days=days)
        memory = review(memory, how, now)

        assert memory.stability == pytest.approx(stability, abs=1e-6)
        assert memory.difficulty == pytest.approx(difficulty, abs=1e-6)
        assert (memory.reviewed_at, memory.due_at) == (now, now + timedelta(days=due))


def test_a_thousand_histories_match_the_fsrs_package():
    """`fsrs` keeps its whole card between answers; we keep four values of it."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    rng = random.Random(1)  # noqa: S311
    for _ in range(1000):
        card, memory, now = Card(card_id=1, due=NOON), None, NOON
        for _ in range(rng.randint(1, 12)):
            how = rng.choice([AGAIN, HARD, GOOD])
            card, _log = scheduler.review_card(card, how, now)
            memory = review(memory, how, now)
            assert memory == Memory(card.stability, card.difficulty, card.last_review, card.due)
            now += timedelta(minutes=rng.choice([0, 7, 600, 1440, rng.randint(0, 200_000)]))
            assert retrievability(memory, now) == scheduler.get_card_retrievability(card, now)


def test_a_replay_equals_the_answers_one_by_one():
    memory, answers = None, []
    for days, (grade, sure) in enumerate(
        [(RIGHT, None), (RIGHT, False), (HALF, True), (NOT_SURE, None), (RIGHT, True)]
    ):
        now = NOON + timedelta(days=days * days)
        memory = review(memory, rating(grade, sure=sure), now)
        answers.append(Answered(grade.score, sure, now))

        assert replay(answers) == memory


def test_a_replay_of_no_answers_is_no_memory():
    assert replay([]) is None


def test_a_replay_keeps_the_given_order_even_if_the_clock_went_backward():
    backwards = [Answered(1.0, None, NOON), Answered(0.0, None, NOON - timedelta(days=9))]

    assert replay(backwards) == review(review(None, GOOD, NOON), AGAIN, NOON)


@pytest.mark.parametrize("how", [AGAIN, HARD, GOOD])
def test_there_are_no_learning_steps_within_a_day(how):
    first = review(None, how, NOON)
    later = review(review(first, GOOD, first.due_at), how, NOON + timedelta(days=60))

    for memory in (first, later):
        wait = memory.due_at - memory.reviewed_at
        assert wait >= timedelta(days=1)
        assert wait.seconds == 0


def test_the_same_history_gives_the_same_due_dates():
    assert (
        len({review(review(None, GOOD, NOON), GOOD, NOON + timedelta(9)) for _ in range(20)}) == 1
    )


def test_a_better_answer_is_due_later():
    stabilities = [review(None, how, NOON).stability for how in (AGAIN, HARD, GOOD)]

    assert stabilities == sorted(stabilities)
    assert len({*stabilities}) == 3


def test_difficulty_stays_between_one_and_ten():
    for how in (AGAIN, HARD, GOOD):
        memory, now = None, NOON
        for _ in range(50):
            memory = review(memory, how, now)
            now += timedelta(days=1)
            assert 1 <= memory.difficulty <= 10


@pytest.mark.parametrize("how", [AGAIN, HARD, GOOD])
def test_a_clock_that_goes_backward_counts_as_no_time(how):
    memory = review(None, GOOD, NOON)

    assert review(memory, how, NOON - timedelta(days=30)) == review(memory, how, NOON)
    assert retrievability(memory, NOON - timedelta(days=30)) == 1


def test_recall_decreases_day_by_day():
    memory = review(None, GOOD, NOON)
    known = [retrievability(memory, NOON + timedelta(days=day)) for day in range(400)]

    assert known[0] == 1
    assert all(later < earlier for earlier, later in pairwise(known))
    assert 0 < known[-1] < known[30] < 0.9


def test_recall_is_nine_in_ten_on_the_due_date():
    memory = review(review(None, GOOD, NOON), GOOD, NOON + timedelta(days=2))

    assert retrievability(memory, memory.due_at) == pytest.approx(0.9, abs=0.01)
