"""Resume a quiz."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from tests.learn.edits import edited, without
from tests.learn.people import Person, right_answer
from tests.learn.registration import register

QUIZ = "/quizzes/lesson/where-all-stands"


def test_a_quiz_resumes_at_the_same_question_days_later(ana: Person, clock):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    here, question = ana.address, ana.question
    clock.forward(days=9)
    ana.open(QUIZ)

    assert (ana.address, ana.question) == (here, question)


@pytest.mark.fast("home")
def test_home_offers_to_resume_the_quiz(ana):
    ana.open(QUIZ)
    ana.answer_right()
    ana.open("/")

    assert "Welcome back" in ana.text
    ana.go_on()
    assert "Question 2 of" in ana.text


def test_reloading_the_first_question_shows_the_same_question(ana):
    ana.open(QUIZ)
    before = ana.question
    ana.open(QUIZ)

    assert ana.question == before


def test_options_keep_their_order_when_a_page_is_reopened(ana):
    ana.open(QUIZ)
    first = ana.html
    ana.answer({})  # an error shows the page again
    ana.open(QUIZ)

    strip = r"csrf_token|plan"
    lines = [line for line in first.splitlines() if "value=" in line and strip not in line]
    kept = [line for line in lines if 'name="answer"' in line or "<select" in line]
    assert kept
    assert all(line in ana.html for line in kept)


def test_stopping_says_what_is_saved(ana):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    ana.open(f"{ana.address.rsplit('/', 1)[0]}/stop")

    assert "Your answer is saved." in ana.text
    ana.follow("Continue with question 2")
    assert "Question 2 of" in ana.text


def test_after_the_last_question_stopping_is_the_end(ana):
    ana.take("lesson/where-all-stands")
    summary = ana.address
    ana.follow("That’s enough for today")

    assert "You can close this page. Everything is kept on this device." in ana.text
    main = ana.html.partition("<main")[2]
    buttons = re.findall(r'class="button[^"]*" href="([^"]+)"', main)
    assert buttons == ["/lessons/where-all-stands"], "nothing leads back as if more were to do"
    ana.follow("See how it went")
    assert ana.address == summary


def test_whoever_has_an_account_reads_that_all_is_kept_there(ana):
    register(ana)
    ana.take("lesson/where-all-stands")
    ana.open(f"{ana.address}/stop")

    assert "Everything is kept in your account." in ana.text
    assert "Save my progress, so" not in ana.text


def test_after_a_mixed_quiz_no_button_is_left(ana):
    ana.take("mixed")
    ana.open(f"{ana.address}/stop")

    main = ana.html.partition("<main")[2].partition("</main")[0]
    assert "You can close this page." in main
    assert 'class="button' not in main
    assert 'class="actions"' not in main


def test_two_quizzes_can_be_open_at_once(ana):
    ana.open(QUIZ)
    ana.answer_right()
    ana.open("/quizzes/mixed")
    ana.answer_right()
    ana.open(QUIZ)

    assert "Question 2 of" in ana.text


def test_a_finished_quiz_starts_again_with_other_questions(ana, content, rows):
    ana.take("lesson/where-all-stands")
    first = {r.question_id for r in rows(ana)}
    ana.take("lesson/where-all-stands")
    second = {r.question_id for r in rows(ana)} - first

    assert second
    asked_once = [r.question_id for r in rows(ana)]
    for objective in content.bank.of_lesson("where-all-stands"):
        own = [q.id for q in objective.questions]
        assert max(map(asked_once.count, own)) - min(map(asked_once.count, own)) <= 1


def test_a_second_tab_continues_the_same_attempt(ana, rows):
    ana.open(QUIZ)
    form, question = ana.form(), ana.question
    ana.answer_right()
    ana.go_on()
    ana.answer_right()
    late = ana.browser.post(QUIZ, data=form | right_answer(question), follow_redirects=True)

    assert "That’s right" in late.get_data(as_text=True)
    assert len({r.attempt_id for r in rows(ana)}) == 1
    assert len([r for r in rows(ana) if r.answered_at]) == 2


def test_a_removed_question_is_skipped_with_a_note(app: Flask, ana, content, rows):
    ana.open(QUIZ)
    total = int(ana.text.split("Question 1 of ")[1].split()[0])
    ana.answer_right()
    gone = rows(ana)[1]
    app.extensions["learn.content"] = without(content, gone.question_id)
    ana.go_on()  # the feedback page was made before, and leads to what is gone

    assert ana.page.status_code == 410
    assert "This question was removed" in ana.text
    ana.go_on()
    assert f"Question 2 of {total - 1}" in ana.text
    assert "One question was removed" in ana.text


def test_an_answer_to_a_removed_question_leads_to_the_next(app, ana, content, rows):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    data, here = ana.form() | right_answer(ana.question), ana.address
    app.extensions["learn.content"] = without(content, rows(ana)[1].question_id)
    ana.post(here, data)

    assert ana.page.status_code == 410
    assert "Your answers are saved" in ana.text


def test_a_quiz_ends_when_only_removed_questions_are_left(app, ana, content, rows):
    ana.open(QUIZ)
    ana.answer_right()
    others = [r.question_id for r in rows(ana)[1:]]
    app.extensions["learn.content"] = without(content, *others)
    ana.open(QUIZ)

    assert "You’ve finished this quiz" in ana.text
    assert "questions were removed" in ana.text
    ana.content = app.extensions["learn.content"]
    ana.open(QUIZ)
    assert "Question 1 of" in ana.text


def test_a_first_question_removed_before_its_answer_is_replaced(app, ana, content, rows):
    ana.open(QUIZ)
    gone, form = ana.question, ana.form()
    app.extensions["learn.content"] = without(content, gone.id)
    ana.post(QUIZ, form | right_answer(gone))

    assert ana.page.status_code == 422
    assert ana.question.id != gone.id
    assert rows(ana) == []
    ana.address = QUIZ
    ana.answer_right()
    assert "That’s right" in ana.text


def test_an_edited_open_question_is_shown_again(app, ana, content, rows):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    before = ana.question
    data, here = ana.form() | right_answer(before), ana.address
    after = replace(before, stem="Is this question new?", version="0" * 12)
    app.extensions["learn.content"] = edited(content, after)
    ana.post(here, data)

    assert ana.page.status_code == 422
    assert "This question changed while you had it open" in ana.text
    ana.content = app.extensions["learn.content"]
    ana.answer_right()
    assert [r.version for r in rows(ana) if r.question_id == before.id] == ["0" * 12]


def test_feedback_on_an_answer_that_the_edited_question_no_longer_has(app, ana, content):
    ana.open("/quizzes/topic/risk-factors")
    while ana.question.kind != "choice":
        ana.answer_right()
        ana.go_on()
    before = ana.question
    ana.answer_wrong()
    left = tuple(replace(o, id=f"new-{o.id}") for o in before.parts)
    app.extensions["learn.content"] = edited(content, replace(before, parts=left, version="0" * 12))
    ana.open(ana.address)

    assert "We changed this question after you answered it." in ana.text
    assert next(o.text for o in left if o.right) in ana.text.replace("&#39;", "'")


@pytest.mark.parametrize("plan", ["", "x", "WyJtaXhlZCIsMSxbXV0.bad"])
def test_a_tampered_plan_is_replaced(ana, plan, rows):
    ana.open(QUIZ)
    question = ana.question
    ana.answer(right_answer(question), plan=plan)

    assert "That’s right" in ana.text
    assert len([r for r in rows(ana) if r.answered_at]) == 1


def test_the_list_of_quizzes_begins_with_what_is_not_finished(ana, statements):
    ana.open("/quizzes")
    assert "Continue" not in ana.text.partition("A mix of everything")[0]
    ana.open("/quizzes/lesson/what-is-all")
    for _ in range(4):
        ana.answer_right()
        ana.go_on()
    question = ana.address
    statements.clear()
    ana.open("/quizzes")

    assert len(statements) <= 1, statements
    assert "Continue with question 5: What is ALL?" in ana.text
    assert ana.html.index("Continue with") < ana.html.index("A mix of everything")
    ana.go_on()
    assert ana.address == question
