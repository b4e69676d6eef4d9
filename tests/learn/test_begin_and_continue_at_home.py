"""Begin on the home page, and come back to it."""

from __future__ import annotations

import re

from tests.learn.people import Person

DOORS = ["/lessons/paths/this-week", "/quizzes/check", "/search"]


def doors(person: Person) -> list[str]:
    """Where the cards lead."""
    found = re.search(r'(?s)<ul class="doors">.*?</ul>', person.html)
    assert found
    return re.findall(r'href="([^"]*)"', found[0])


def cards(person: Person) -> list[str]:
    """Headings of the cards that come before the doors."""
    return re.findall(r'<h2 id="(?:continue-\d|go-on)">([^<]*)</h2>', person.html)


def begin(person: Person, quiz: str, answers: int) -> None:
    person.open(quiz)
    for _ in range(answers):
        person.answer_right()
        person.go_on()


def test_a_new_visitor_sees_three_doors(ana):
    ana.open("/")

    assert doors(ana) == DOORS
    assert cards(ana) == []


def test_the_first_feedback_is_three_taps_away_or_four_through_a_lesson(ana):
    ana.open("/")
    assert 'href="/quizzes/before"' in ana.html  # 1
    assert 'href="/lessons/what-is-all"' in ana.html  # 1
    ana.open("/lessons/what-is-all")
    assert 'href="/quizzes/lesson/what-is-all' in ana.html  # 2
    for first in ("/quizzes/before", "/quizzes/lesson/what-is-all"):
        ana.open(first)
        ana.answer_right()  # an answer, and the button
        assert 'id="headline"' in ana.html


def test_the_open_quiz_comes_first_with_its_name_and_question(ana, content):
    begin(ana, "/quizzes/lesson/what-is-all", 3)
    ana.open("/")

    assert cards(ana) == ["Continue: Question 4 of 6, What is ALL?"]
    assert "Your 3 answers are saved." in ana.text
    assert f"1 of {len(content.lessons)} lessons read" in ana.text
    assert ana.html.index("continue-1") < ana.html.index('class="doors"')
    assert doors(ana) == DOORS


def test_both_quizzes_are_offered_if_two_are_open_the_last_first(ana, clock):
    begin(ana, "/quizzes/lesson/what-is-all", 3)
    clock.forward(minutes=5)
    begin(ana, "/quizzes/mixed", 1)
    ana.open("/")

    assert cards(ana) == [
        "Continue: Question 2 of 10, A mix of everything",
        "Continue: Question 4 of 6, What is ALL?",
    ]
    links = re.findall(r'href="(/quizzes/[0-9a-f-]{36})"', ana.html)
    assert len({*links}) == 2
    ana.open(links[1])
    assert "Question 4 of 6" in ana.text


def test_nothing_open_leads_to_one_next_step(ana, content):
    ana.take("lesson/what-is-all")
    ana.open("/")

    assert cards(ana) == ["A good next step"]
    assert f"1 of {len(content.lessons)} lessons read" in ana.text


def test_home_continues_with_the_next_lesson_after_reading_and_saving_a_question(ana, content):
    ana.open("/care-team")
    objective = content.bank.of_lesson("what-is-all")[0].id
    ana.post("/care-team/add", ana.form(objective=[objective]))
    ana.open("/")
    assert cards(ana) == []
    ana.read("what-is-all")
    ana.open("/")

    assert cards(ana) == ["A good next step"]
    assert f"Read the lesson “{content.lessons['marrow-and-stem-cells'].title}”" in ana.text


def test_home_takes_few_statements(ana, statements):
    ana.open("/")  # it also finds out which questions are on hold
    statements.clear()
    ana.open("/")
    assert statements == []
    begin(ana, "/quizzes/lesson/what-is-all", 1)
    statements.clear()
    ana.open("/")
    assert len(statements) <= 4, statements
