"""The progress page."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.learn.people import Person


def entry(person: Person, lesson: str) -> str:
    return person.html.split(f'href="/lessons/{lesson}"')[-1].split("<details>")[0]


def test_a_new_visitor_sees_a_next_step_and_nothing_that_is_missing(ana: Person, content):
    ana.open("/progress")

    for said in ("Not started", "Getting there", "So far", "By lesson"):
        assert said not in ana.text
    assert f"Read the lesson “{next(iter(content.lessons.values())).title}”" in ana.text


def test_one_good_quiz_is_getting_there(ana):
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Getting there" in entry(ana, "what-is-all")
    assert counts(ana) == {"Getting there": 6}


@pytest.mark.fast("progress")
def test_two_good_quizzes_on_different_days_are_remembered(ana, clock):
    ana.take("lesson/what-is-all")
    clock.forward(days=1)
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Remembered" in entry(ana, "what-is-all")
    assert counts(ana) == {"Remembered": 6}


def test_two_good_quizzes_on_one_day_are_not_yet_remembered(ana, clock):
    ana.take("lesson/what-is-all")
    clock.forward(hours=3)
    ana.take("lesson/what-is-all")
    ana.open("/progress")

    assert "Getting there" in entry(ana, "what-is-all")


def test_after_a_later_miss_it_needs_another_look(ana, clock):
    for _ in range(2):
        ana.take("lesson/what-is-all")
        clock.forward(days=1)
    ana.take("lesson/what-is-all", right=False)
    ana.open("/progress")

    assert "Needs another look" in entry(ana, "what-is-all")
    assert counts(ana) == {"Need another look": 6}


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


def test_a_lesson_counts_as_read_once_it_was_read_and_not_with_its_quiz(ana, content):
    first, second = [*content.lessons.values()][:2]
    ana.take(f"lesson/{first.id}")
    for following, read in ((first, {}), (second, {"lesson read": 1})):
        ana.open("/progress")
        assert f"Read the lesson “{following.title}" in ana.text
        assert counts(ana) == read | {"Getting there": 6}
        ana.open("/lessons")
        assert f"Continue with “{following.title}”" in ana.text
        ana.read(first.id)


def lessons_in(html: str) -> list[str]:
    """Return the lessons that a page names first, in order, by their links."""
    links = re.findall(r'<h[34]><a href="/(?:lessons|quizzes/lesson)/([a-z-]+)"', html)
    return [*dict.fromkeys(links)]


def test_lessons_and_quizzes_come_in_one_order_everywhere(ana, content):
    ana.open("/lessons")
    listed = lessons_in(ana.html)
    assert listed == [*content.lessons]
    ana.open("/quizzes")
    assert lessons_in(ana.html) == [*content.lessons_with_questions]
    begun = [*content.lessons_with_questions][2:6]
    for name in reversed(begun):
        ana.open(f"/quizzes/lesson/{name}")
        ana.answer_right()
    ana.open("/progress")
    assert lessons_in(ana.html) == begun


def test_the_page_of_quizzes_begins_with_one_mix_and_folds_the_rest(ana, content):
    ana.open("/quizzes")
    main = ana.html.partition("<main")[2]
    shown = re.sub(r"(?s)<details.*?</details>", "", main)
    folds = re.findall(r"<summary><h2>([^<]*)</h2></summary>", main)

    assert ana.text.count("A mix of everything") == 1
    levels = [int(level) for level in re.findall(r"<h(\d)", main)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert re.findall(r'<h3><a href="([^"]+)"', shown) == ["/quizzes/mixed", "/quizzes/review"]
    asked = content.lessons_with_questions.values()
    sections = [s.title for s in content.sections if any(x in asked for x in s.lessons)]
    assert folds == [*sections, "Other ways to check yourself"]
    for topic in content.topics.values():
        own = [lesson for lesson in asked if lesson.topic == topic.id]
        assert (f"All of “{topic.title}”" in ana.text) == (len(own) > 1), topic.id


def test_progress_shows_what_was_done_and_nothing_else(ana, content):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_wrong()
    ana.open("/progress")

    assert counts(ana) == {"Needs another look": 1}
    assert lessons_in(ana.html) == ["what-is-all"]
    assert "1 needs another look" in ana.text
    assert len(re.findall(r'<li class="status-line">', ana.html)) == 1
    assert "Not started" not in ana.text
    assert "0" not in re.findall(r"<b>(\d+)</b>", ana.html)
    assert "More lessons, when you want them" in ana.text


def test_the_whole_is_named_once_more_than_half_of_it_is_known(ana, content):
    total = len(content.bank.objectives)
    for name, lesson in content.lessons_with_questions.items():
        known = counts(ana).get("Getting there", 0)
        assert (f"of the {total} things" in ana.text) is (known * 2 > total), lesson.title
        ana.take(f"lesson/{name}")
    assert f"You know {counts(ana)['Getting there']} of the {total} things" in ana.text


def html_at(person: Person, address: str) -> str:
    return person.open(address).get_data(as_text=True)


def test_topics_come_in_the_order_of_their_first_lessons(content):
    firsts = dict.fromkeys(lesson.topic for lesson in content.lessons.values())

    assert [*content.topics] == [*firsts]


def counts(person: Person) -> dict[str, int]:
    """How many lessons are read, and how many ideas are in each state."""
    match = re.search(r'(?s)<ul class="standing-counts">.*?</ul>', html_at(person, "/progress"))
    rows = re.findall(r"(?s)<li>.*?</li>", match[0]) if match else []
    words = [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows]
    words = [re.sub(r"^(\d+) ideas? ", r"\1 ", word) for word in words]
    return {word: int(number) for number, _, word in (w.partition(" ") for w in words)}


def test_all_missed_and_all_right_look_different_at_a_glance(ana, ben):
    assert counts(ana) == {}
    ana.take("lesson/what-is-all", right=False)
    ben.take("lesson/what-is-all")
    assert counts(ana) == {"Need another look": 6}
    assert counts(ben) == {"Getting there": 6}
    ana.open("/progress")
    ben.open("/progress")
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
