"""What counts as known."""

from __future__ import annotations

from datetime import date

import pytest

from questions.progress import Answer, Standing, combined_standing, standing

NOT_STARTED, GETTING_THERE, MASTERED = Standing


def after(*answers: str) -> Standing:
    """Return the standing after answers written as sitting, day and `+` (right) or `-`: `a1+`."""
    return standing(Answer(a[0], date(2026, 3, int(a[1])), a[2] == "+") for a in answers)


def test_without_an_answer_an_objective_is_not_started():
    assert after() is NOT_STARTED


@pytest.mark.parametrize("answer", ["a1+", "a1-"])
def test_any_first_answer_is_getting_there(answer):
    assert after(answer) is GETTING_THERE


def test_right_in_two_attempts_on_two_days_is_mastered():
    assert after("a1+", "b2+") is MASTERED


def test_two_attempts_on_one_day_are_not_mastered():
    assert after("a1+", "a1+", "a1+") is GETTING_THERE
    assert after("a1+", "b1+", "c1+") is GETTING_THERE


def test_one_attempt_over_midnight_counts_as_one_attempt():
    assert after("a1+", "a2+") is GETTING_THERE


def test_an_attempt_resumed_on_another_day_counts_beside_a_second_one():
    assert after("a1+", "b1+", "a2+") is MASTERED


def test_mastery_needs_a_right_last_answer():
    assert after("a1+", "b2+", "c3-") is GETTING_THERE
    assert after("a1+", "b2+", "b2-") is GETTING_THERE


def test_a_miss_is_repaired_by_the_next_right_answer():
    assert after("a1+", "b2+", "c3-", "c3+") is MASTERED
    assert after("a1-", "b2+", "c3+") is MASTERED
    assert after("a1+", "b2-", "c3-", "d4+") is MASTERED


def test_wrong_answers_on_other_days_do_not_help():
    assert after("a1-", "b2+") is GETTING_THERE
    assert after("a1+", "b2-", "a1+") is GETTING_THERE
    assert after("a1-", "b2-", "c3-") is GETTING_THERE


@pytest.mark.parametrize(
    ("standings", "whole"),
    [
        ([], NOT_STARTED),
        ([NOT_STARTED, NOT_STARTED], NOT_STARTED),
        ([NOT_STARTED, GETTING_THERE], GETTING_THERE),
        ([NOT_STARTED, MASTERED], GETTING_THERE),
        ([GETTING_THERE, MASTERED], GETTING_THERE),
        ([GETTING_THERE], GETTING_THERE),
        ([MASTERED, MASTERED], MASTERED),
    ],
)
def test_a_lesson_is_mastered_when_all_its_objectives_are(standings, whole):
    assert combined_standing(standings) is whole
    assert combined_standing(iter(standings)) is whole
