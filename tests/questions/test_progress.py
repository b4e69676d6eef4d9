"""What counts as known."""

from __future__ import annotations

from datetime import date

import pytest

from questions.grading import Outcome, outcome_of
from questions.progress import (
    Answer,
    Standing,
    combined_standing,
    standing,
    without_last_result,
)

NOT_STARTED, ANOTHER_LOOK, GETTING_THERE, MASTERED = Standing


def after(*answers: str) -> Standing:
    """Return the standing after answers written as question, day, and how they were.

    `+` is right, `~` almost right, and `-` missed or not sure: `a1+`.
    """
    return standing(
        Answer(a[0], date(2026, 3, int(a[1])), a[2] == "+", missed=a[2] == "-") for a in answers
    )


def test_without_an_answer_an_objective_is_not_started():
    assert after() is NOT_STARTED


@pytest.mark.parametrize("answer", ["a1+", "a1~"])
def test_a_first_answer_that_is_right_or_almost_is_getting_there(answer):
    assert after(answer) is GETTING_THERE


def test_what_was_missed_the_last_time_needs_another_look():
    assert after("a1-") is ANOTHER_LOOK
    assert after("a1+", "b2-") is ANOTHER_LOOK
    assert after("a1+", "b2+", "c3-") is ANOTHER_LOOK
    assert after("a1-", "a2+") is GETTING_THERE
    assert after("a1-", "a2~") is GETTING_THERE


def test_two_questions_right_on_two_days_are_mastered():
    assert after("a1+", "b2+") is MASTERED


def test_two_questions_on_one_day_are_not_mastered():
    assert after("a1+", "a1+", "a1+") is GETTING_THERE
    assert after("a1+", "b1+", "c1+") is GETTING_THERE


def test_the_same_question_on_two_days_is_not_mastered():
    assert after("a1+", "a2+") is GETTING_THERE
    assert after("a1+", "a2+", "a3+") is GETTING_THERE


def test_a_question_again_on_another_day_counts_beside_a_second_one():
    assert after("a1+", "b1+", "a2+") is MASTERED


def test_mastery_needs_a_right_last_answer():
    assert after("a1+", "b2+", "c3~") is GETTING_THERE
    assert after("a1+", "b2+", "b2~") is GETTING_THERE


def test_a_miss_is_repaired_by_the_next_right_answer():
    assert after("a1+", "b2+", "c3-", "c3+") is MASTERED
    assert after("a1-", "b2+", "c3+") is MASTERED
    assert after("a1+", "b2-", "c3-", "d4+") is MASTERED


def test_answers_on_other_days_that_were_not_right_do_not_help():
    assert after("a1-", "b2+") is GETTING_THERE
    assert after("a1~", "b2+") is GETTING_THERE
    assert after("a1+", "b2-", "a1+") is GETTING_THERE


def test_educators_do_not_see_how_the_last_answer_was():
    shown = without_last_result({"a": ANOTHER_LOOK, "b": GETTING_THERE, "c": MASTERED})

    assert shown == {"a": GETTING_THERE, "b": GETTING_THERE, "c": MASTERED}


@pytest.mark.parametrize(
    ("score", "unsure", "outcome"),
    [
        (1.0, False, Outcome.RIGHT),
        (0.75, False, Outcome.ALMOST),
        (2 / 3, False, Outcome.ALMOST),
        (round(2 / 3, 10), False, Outcome.ALMOST),
        (0.6, False, Outcome.MISSED),
        (0.0, False, Outcome.MISSED),
        (0.0, True, Outcome.UNSURE),
    ],
)
def test_from_two_thirds_on_an_answer_is_almost_right(score, unsure, outcome):
    assert outcome_of(score, unsure=unsure) is outcome


@pytest.mark.parametrize(
    ("standings", "whole"),
    [
        ([], NOT_STARTED),
        ([NOT_STARTED, NOT_STARTED], NOT_STARTED),
        ([NOT_STARTED, GETTING_THERE], GETTING_THERE),
        ([NOT_STARTED, MASTERED], GETTING_THERE),
        ([GETTING_THERE, MASTERED], GETTING_THERE),
        ([GETTING_THERE], GETTING_THERE),
        ([ANOTHER_LOOK, NOT_STARTED], ANOTHER_LOOK),
        ([ANOTHER_LOOK, GETTING_THERE], GETTING_THERE),
        ([ANOTHER_LOOK, MASTERED], GETTING_THERE),
        ([ANOTHER_LOOK, ANOTHER_LOOK, MASTERED], ANOTHER_LOOK),
        ([ANOTHER_LOOK, MASTERED, NOT_STARTED, NOT_STARTED], GETTING_THERE),
        ([MASTERED, MASTERED], MASTERED),
    ],
)
def test_a_lesson_is_mastered_when_all_its_objectives_are(standings, whole):
    assert combined_standing(standings) is whole
    assert combined_standing(iter(standings)) is whole
