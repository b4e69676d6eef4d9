"""Review objectives that are due."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from learn.editorial import actions as review_actions
from learn.models import MemoryRow
from learn.quizzes.outcomes.summary import ReviewSuggestion
from tests.learn.edits import without_objective
from tests.learn.people import Person, right_answer, wrong_answer
from tests.learn.registration import register
from tests.learn.reviews import HURTS, REVIEW, answered_before, learn_lessons, reviewed


@pytest.fixture
def memories(connection):
    def found(person: Person) -> dict[str, object]:
        kept = connection.execute(
            select(MemoryRow.__table__).where(MemoryRow.account_id == person.account)
        )
        return {row.objective_id: row for row in kept}

    return found


def test_a_new_visitor_reads_when_reviews_begin(somebody_new):
    somebody_new.open(REVIEW)

    assert "A review brings back ideas you’ve answered questions about." in somebody_new.text
    assert somebody_new.browser.get_cookie("learn_all") is None
    somebody_new.go_on()
    assert "Question 1 of 10" in somebody_new.text


def test_nothing_is_due_on_the_day_of_the_quiz(ana):
    learn_lessons(ana, "what-is-all")
    ana.open(REVIEW)

    assert "Nothing to review right now" in ana.text
    assert "You’re up to date." in ana.text
    assert "If it’s late where you are, getting some rest is a good choice, too." in ana.text
    ana.go_on()
    assert "Question 1 of 10" in ana.text


def test_missed_objectives_are_not_called_fresh_and_can_be_retaken_today(ana, content):
    ana.take("lesson/where-all-stands")
    ana.take("lesson/what-causes-all", right=False)
    ana.open(REVIEW)

    assert "That’s all for today Come back tomorrow or any day after that." in ana.text
    missed = len([o for o in content.bank.of_lesson("what-causes-all") if not o.practice_only])
    assert f"{missed} ideas to look at again" in ana.text
    assert ("Here are the first 5." in ana.text) is (missed > 5)
    assert "fresh" not in ana.text
    assert not HURTS.search(ana.text)
    ideas = content.bank.of_lesson("what-causes-all")
    shown = re.findall(r'href="/lessons/([a-z-]+)#', ana.html)
    assert shown == ["what-causes-all"] * min(len(ideas), 5)
    ana.go_on()
    assert ana.address == "/quizzes/practice"
    assert ana.question.objective in {o.id for o in ideas}


@pytest.mark.parametrize("answer", [{"answer": "?"}, None])
def test_a_missed_objective_is_named_until_answered_right(ana, content, clock, answer):
    ana.open("/quizzes/mixed")
    question = ana.question
    ana.answer(answer or wrong_answer(question))
    ana.open(REVIEW)
    objective = content.bank.objectives[question.objective]
    assert "One idea to look at again" in ana.text
    assert ReviewSuggestion(objective, ()).idea in html.unescape(ana.text)

    clock.forward(minutes=5)
    ana.take(f"lesson/{objective.lesson}")
    ana.open(REVIEW)
    assert "look at again" not in ana.text
    assert "You’re up to date." in ana.text


def test_many_missed_objectives_list_five_and_offer_practice(ana):
    for lesson in ("what-is-all", "treatment", "what-causes-all"):
        ana.take(f"lesson/{lesson}", right=False)
    ana.open(REVIEW)

    assert len(re.findall(r'href="/lessons/([a-z-]+)#', ana.html)) == 5
    assert 'class="button" href="/quizzes/practice"' in ana.html


def test_a_learner_without_answers_has_nothing_fresh(ana):
    register(ana)
    ana.open(REVIEW)

    assert "A review brings back ideas you’ve answered questions about." in ana.text
    assert "fresh" not in ana.text


def test_a_due_objective_on_hold_is_not_called_fresh(ana, app, clock):
    learn_lessons(ana, "what-is-all")
    clock.forward(days=60)
    with app.extensions["learn.database"].transaction() as session:
        own = [q for q in ana.content.bank.questions if _is_of(ana, q)]
        review_actions.hold_questions(session, {name: ["F1"] for name in own}, clock.now)
    app.extensions.pop("learn.available_content", None)
    ana.open(REVIEW)

    assert "Nothing to review right now" in ana.text
    assert "fresh" not in ana.text


def _is_of(person: Person, question: str) -> bool:
    bank = person.content.bank
    return bank.objectives[bank.questions[question].objective].lesson == "what-is-all"


def test_reviews_are_suggested_once_a_day(ana, clock):
    """More is there for somebody who asks for it, and nobody is sent to it."""
    learn_lessons(ana, "what-is-all", "where-all-stands", "what-causes-all")
    clock.forward(days=60)
    for page in ("/", "/progress"):
        ana.open(page)
        assert "A short review helps you remember." in ana.text
    reviewed(ana)
    for page in ("/", "/progress"):
        ana.open(page)
        assert "Start the review" not in ana.text
    assert len(reviewed(ana)) == 5
    clock.forward(days=1)
    ana.open("/")
    assert "Start the review" in ana.text


def test_a_welcome_back_is_shown_after_a_month_and_not_a_day_earlier(ana, clock):
    learn_lessons(ana, "what-is-all")
    clock.forward(days=29, hours=23)
    ana.open("/")
    assert "It’s been a while" not in ana.text
    ana.open(REVIEW)
    assert "It’s been a while" not in ana.text
    assert "A short review to help you remember." in ana.text
    clock.forward(hours=1)
    ana.open("/")
    assert "It’s been a while" in ana.text


def test_a_removed_objective_is_not_reviewed(ana, app, content, clock, memories):
    ana.take("lesson/what-is-all", right=False)
    clock.forward(days=10)
    gone = {*[*memories(ana)][:4]}
    smaller = content
    for objective in gone:
        smaller = without_objective(smaller, objective)
    app.extensions["learn.content"] = ana.content = smaller
    ana.open("/")
    assert "Start the review" in ana.text

    assert {*reviewed(ana)} == {*memories(ana)} - gone
    app.extensions["learn.content"] = ana.content = content
    clock.forward(hours=13)
    assert {*reviewed(ana)} == gone  # and wakes up when it is back


def test_questions_on_hold_are_left_out_of_a_review(ana, app, clock, rows):
    content = ana.content
    ana.take("lesson/what-is-all", right=False)
    clock.forward(days=10)
    asked = answered_before(rows, ana)
    whole, *others = asked
    held = {q.id: ["F1"] for q in content.bank.objectives[whole].questions}
    left = {}
    for name in others:  # one question is left of each: the one that was asked last
        left[name] = asked[name][-1]
        held |= {
            q.id: ["F1"] for q in content.bank.objectives[name].questions if q.id != left[name]
        }
    with app.extensions["learn.database"].transaction() as session:
        review_actions.hold_questions(session, held, clock.now)
    app.extensions.pop("learn.available_content", None)
    ana.open(REVIEW)
    seen = {}
    while 'name="question"' in ana.html:
        seen[ana.question.objective] = ana.question.id
        ana.answer_right()
        ana.go_on()

    assert whole not in seen
    assert seen == left


def test_a_review_started_on_two_devices_is_one_review(ana, app, clock, rows, memories):
    ana.take("lesson/what-is-all")
    clock.forward(days=10)
    before = memories(ana)
    phone, tablet = Person(app, ana.content), Person(app, ana.content)
    cookie = ana.browser.get_cookie("learn_all").value
    for device in (phone, tablet):
        device.browser.set_cookie("learn_all", cookie)
        device.open(REVIEW)
    assert phone.question == tablet.question
    objective = phone.question.objective
    phone.answer_right()
    assert "That’s right" in phone.text
    tablet.answer_wrong()
    assert "That’s right" in tablet.text  # the first answer stands
    phone.go_on()
    tablet.go_on()
    assert phone.address == tablet.address

    assert memories(ana)[objective].reviews == before[objective].reviews + 1
    answers = [r for r in rows(ana) if r.answered_at == clock.now]
    assert [r.score for r in answers] == [1.0]
    assert len({r.attempt_id for r in rows(ana)}) == 2  # the lesson's quiz, and one review


def test_an_open_review_is_resumed(ana, clock):
    ana.take("lesson/what-is-all")
    clock.forward(days=3)
    ana.open(REVIEW)
    ana.answer_right()
    clock.forward(days=60)
    ana.open(REVIEW)

    assert "Question 2 of 5" in ana.text
    ana.open("/")
    assert "It’s been a while, and that’s fine." in ana.text
    assert "Your answer is saved." in ana.text


def test_a_clock_that_goes_backward_loses_nothing(ana, clock, rows, memories):
    ana.take("lesson/what-is-all")
    clock.forward(days=5)
    ana.open(REVIEW)
    ana.answer_right()
    clock.forward(days=-400)
    while "Question 5 of 5" not in ana.text:
        ana.go_on()
        ana.answer_right()
    ana.go_on()
    assert "You’ve finished this quiz" in ana.text
    assert len([r for r in rows(ana) if r.answered_at]) == 11
    assert all(m.due_at > m.reviewed_at for m in memories(ana).values())
    for page in ("/lessons", "/", "/progress", REVIEW):
        assert ana.open(page).status_code == 200
    assert "Nothing to review right now" in ana.text


def test_a_review_that_is_no_longer_due_shows_a_calm_page(ana, clock):
    """A plan that can't be read, when meanwhile there is nothing to ask any more."""
    ana.take("lesson/what-is-all")
    clock.forward(days=3)
    ana.open(REVIEW)
    form, question = ana.form(), ana.question
    clock.forward(days=-3)
    ana.post(REVIEW, form | right_answer(question) | {"plan": "x"})

    assert ana.page.status_code == 200
    assert "Nothing to review right now" in ana.text


def test_a_right_but_unsure_answer_is_due_sooner_and_lowers_no_standing(ana, ben, clock, memories):
    for person, sure in ((ana, "no"), (ben, "yes")):
        person.open("/quizzes/lesson/what-is-all")
        while 'name="question"' in person.html:
            person.answer_right(sure=sure)
            person.go_on()
        assert "You got 6 of 6 right on your first try." in person.text
        person.open("/progress")
        assert "6 ideas Getting there" in person.text
    soonest = [min(m.due_at for m in memories(p).values()) for p in (ana, ben)]

    assert soonest[0] < soonest[1]


def test_answers_of_others_are_not_reviewed(ana, ben, clock):
    ana.take("lesson/what-is-all", right=False)
    clock.forward(days=9)
    ben.open("/quizzes/mixed")
    ben.answer_right()
    ben.open(REVIEW)

    assert "Nothing to review right now" in ben.text


def test_a_review_takes_few_statements(ana, clock, statements):
    """Its first page reads the rounds, the answers, the memories, and when the last answer was."""
    ana.take("lesson/what-is-all")
    clock.forward(days=40)
    statements.clear()
    ana.open(REVIEW)
    assert len(statements) <= 4, statements
    ana.answer_right()
    ana.go_on()
    statements.clear()
    ana.browser.get(ana.address)
    assert len(statements) <= 2, statements
    statements.clear()
    ana.browser.post(ana.address, data=ana.form() | wrong_answer(ana.question))
    assert len(statements) <= 4, statements
