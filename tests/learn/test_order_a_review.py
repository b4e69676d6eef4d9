"""A review asks what is likeliest forgotten first, and what was answered in error before that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from learn.models import MemoryRow
from tests.learn.people import Person
from tests.learn.reviews import HURTS, REVIEW, answered_before, learn_lessons, reviewed


@pytest.fixture
def memories(connection):
    def found(person: Person) -> dict[str, object]:
        kept = connection.execute(
            select(MemoryRow.__table__).where(MemoryRow.account_id == person.account)
        )
        return {row.objective_id: row for row in kept}

    return found


def test_a_review_asks_a_different_question_on_at_most_five_objectives(ana, clock, rows):
    ana.take("lesson/what-is-all")
    before = answered_before(rows, ana)
    assert len(before) == 6
    clock.forward(days=3)
    ana.open(REVIEW)
    assert "Question 1 of 5" in ana.text
    asked = []
    while 'name="question"' in ana.html:
        asked.append(ana.question)
        ana.answer_right()
        ana.go_on()

    assert len({q.objective for q in asked}) == 5
    assert all(q.id not in before[q.objective] for q in asked)
    assert "Quiz: Review" in ana.text
    assert "That’s enough for today" in ana.text
    assert "Take this quiz again" not in ana.text


def test_a_confident_mistake_comes_first(ana, clock):
    ana.open("/quizzes/lesson/what-is-all")
    sure_but_mistaken = set()
    while 'name="question"' in ana.html:
        if ana.question.kind == "choice" and len(sure_but_mistaken) < 2:
            sure_but_mistaken.add(ana.question.objective)
            ana.answer_wrong(sure="yes")
        elif len(sure_but_mistaken) == 2:
            ana.answer_wrong(sure="no")
        else:
            ana.answer_right(sure="yes")
        ana.go_on()
    assert len(sure_but_mistaken) == 2
    clock.forward(days=30)

    assert {*reviewed(ana)[:2]} == sure_but_mistaken


def test_a_later_right_answer_removes_the_priority_of_a_mistake(ana, clock):
    ana.open("/quizzes/lesson/what-is-all")
    mistaken = ana.question.objective
    ana.answer_wrong(sure="yes")
    ana.go_on()
    while 'name="question"' in ana.html:
        ana.answer_wrong()
        ana.go_on()
    clock.forward(days=1)
    ana.open("/quizzes/lesson/what-is-all")
    while 'name="question"' in ana.html:
        ana.answer_right() if ana.question.objective == mistaken else ana.answer_wrong()
        ana.go_on()
    clock.forward(days=30)
    asked = reviewed(ana)

    assert len(asked) == 5
    assert mistaken not in asked  # of six ideas the one that is known best


def test_the_objectives_most_likely_forgotten_come_next(ana, clock, memories):
    learn_lessons(ana, "what-is-all")
    clock.forward(days=20)
    learn_lessons(ana, "where-all-stands")
    clock.forward(days=10)
    held = memories(ana)
    old = {o for o, m in held.items() if m.reviewed_at < clock.now - timedelta(days=15)}
    assert len(old) == 6

    assert {*reviewed(ana)} <= old


def test_after_two_months_a_review_is_still_five_questions_without_a_count(ana, clock):
    learn_lessons(ana, "what-is-all", "where-all-stands", "what-causes-all")
    clock.forward(days=60)
    for address in ("/", "/progress", REVIEW):
        ana.open(address)
        assert not HURTS.search(ana.text), (address, HURTS.search(ana.text))
    assert "Welcome back. It’s been a while, and that’s fine." in ana.text
    assert "5 questions are enough to get going again." in ana.text
    assert "Question 1 of 5" in ana.text
    ana.open("/")
    assert "It’s been a while, and that’s fine. Everything you did is saved." in ana.text

    assert len(reviewed(ana)) == 5
    ana.open("/")
    assert "Welcome back" in ana.text
    assert "It’s been a while" not in ana.text
