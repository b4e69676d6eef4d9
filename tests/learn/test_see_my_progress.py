"""The progress page."""

from __future__ import annotations

import pytest

from tests.learn.people import Person


def entry(person: Person, lesson: str) -> str:
    return person.html.split(f'href="/lessons/{lesson}"')[-1].split("<details>")[0]


def test_a_new_visitor_has_nothing_started(ana: Person, content):
    ana.open("/progress")

    assert "Not started" in ana.text
    assert "Getting there</span> <span>" not in ana.html
    assert f"Read the lesson “{next(iter(content.lessons.values())).title}”" in ana.text


def test_one_good_quiz_is_getting_there(ana):
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Getting there" in entry(ana, "what-is-all")
    assert "6 ideas: 6 getting there" in " ".join(entry(ana, "what-is-all").split())


@pytest.mark.fast("progress")
def test_two_good_quizzes_on_different_days_are_solid(ana, clock):
    ana.take("lesson/what-is-all")
    clock.forward(days=1)
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Solid" in entry(ana, "what-is-all")
    assert "6 ideas: 6 solid" in " ".join(entry(ana, "what-is-all").split())


def test_two_good_quizzes_on_one_day_are_not_yet_solid(ana, clock):
    ana.take("lesson/what-is-all")
    clock.forward(hours=3)
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Getting there" in entry(ana, "what-is-all")


def test_a_later_miss_takes_solid_back(ana, clock):
    for _ in range(2):
        ana.take("lesson/what-is-all")
        clock.forward(days=1)
    ana.take("lesson/what-is-all", right=False)
    ana.open("/progress")

    assert "Needs another look" in entry(ana, "what-is-all")
    assert "6 ideas: 6 need another look" in " ".join(entry(ana, "what-is-all").split())


def test_the_history_links_to_each_quiz(ana):
    summary = ana.take("lesson/what-is-all")
    ana.open("/quizzes/mixed")
    ana.answer_right()
    ana.open("/progress")

    assert f'href="{summary}"' in ana.html
    assert "6 of 6 right on your first try" in ana.text
    assert "Not finished. 1 answer is saved." in ana.text
    assert "A mix of everything" in ana.text


def test_an_open_quiz_is_the_next_step(ana):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    ana.open("/progress")
    ana.go_on()

    assert "Question 2 of 10" in ana.text


def test_progress_takes_few_statements(ana, statements):
    ana.take("lesson/what-is-all")
    statements.clear()
    ana.open("/progress")

    assert len(statements) <= 6, statements


def test_another_learners_progress_is_not_shown(ana, ben):
    ana.take("lesson/what-is-all")
    ben.open("/progress")

    assert "Your quizzes" not in ben.text


def test_a_lesson_with_a_finished_quiz_counts_as_read(ana, content):
    first, second = [*content.lessons.values()][:2]
    ana.take(f"lesson/{first.id}")
    ana.open("/progress")

    assert f"Read the lesson “{second.title}”" in ana.text
    ana.open("/lessons")
    assert "Continue with lesson 2" in ana.text
