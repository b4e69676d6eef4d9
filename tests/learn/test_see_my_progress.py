"""The progress page."""

from __future__ import annotations

import re

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


def lessons_in(html: str) -> list[str]:
    """Return the lessons that a page names first, in order, by their links."""
    links = re.findall(r'<h[34]><a href="/(?:lessons|quizzes/lesson)/([a-z-]+)"', html)
    return [*dict.fromkeys(links)]


def test_lessons_and_quizzes_come_in_one_order_everywhere(ana, content):
    ana.open("/lessons")
    listed = lessons_in(ana.html)
    assert listed == [*content.lessons]
    for page in ("/progress", "/quizzes"):
        ana.open(page)
        assert lessons_in(ana.html) == [*content.asked_lessons], page
    headings = [
        re.findall(r"<h2[^>]*>([^<]*)</h2>", html_at(ana, p)) for p in ("/lessons", "/progress")
    ]
    assert headings[0] == [h for h in headings[1] if h in headings[0]]


def html_at(person: Person, address: str) -> str:
    return person.open(address).get_data(as_text=True)


def test_topics_come_in_the_order_of_their_first_lessons(content):
    firsts = dict.fromkeys(lesson.topic for lesson in content.lessons.values())

    assert [*content.topics] == [*firsts]


def counts(person: Person) -> list[int]:
    """How many ideas are solid, getting there, worth another look, and not started."""
    found = re.search(r'(?s)<ul class="standing-counts">.*?</ul>', html_at(person, "/progress"))
    return [int(n) for n in re.findall(r"<b>(\d+)</b>", found[0])] if found else []


def test_all_missed_and_all_right_look_different_at_a_glance(ana, ben, content):
    total = len(content.bank.objectives)
    assert counts(ana) == []
    ana.take("lesson/what-is-all", right=False)
    ben.take("lesson/what-is-all")
    assert counts(ana) == [0, 0, 6, total - 6]
    assert counts(ben) == [0, 6, 0, total - 6]
    assert ana.html.count('class="is-again"') == ben.html.count('class="is-half"') == 6
    assert "Practice what you missed" in ana.text
    assert "Practice what you missed" not in ben.text


def test_a_lesson_with_more_missed_than_right_needs_another_look(ana):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    ana.go_on()
    while 'name="question"' in ana.html:
        ana.answer_wrong()
        ana.go_on()
    ana.open("/progress")

    assert "Needs another look" in entry(ana, "what-is-all")


def test_the_history_shows_no_score_of_half_or_less(ana):
    ana.take("lesson/what-is-all", right=False)
    ana.open("/progress")

    assert "right on your first try" not in ana.text
    assert "6 questions answered" in ana.text
    for word in ("fresh", "up to date"):
        assert word not in ana.text
