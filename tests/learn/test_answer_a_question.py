"""Answer a question, the most frequent action."""

from __future__ import annotations

import html
import re

import pytest

from learn.learner import queries
from tests.learn.people import Person, right_answer, wrong_answer

QUIZ = "/quizzes/lesson/what-is-all"


def test_the_first_question_is_shown_without_storing_anything(ana, rows):
    ana.open(QUIZ)

    assert ana.question.stem in ana.html.replace("&#39;", "'")
    assert "checked" not in ana.html
    assert rows(ana) == []


def test_the_first_answer_creates_a_guest(ana, rows):
    ana.open(QUIZ)
    question = ana.question
    ana.answer_right()

    answered = [r for r in rows(ana) if r.answered_at is not None]
    assert [(r.question_id, r.score, r.version) for r in answered] == [
        (question.id, 1.0, question.version)
    ]


@pytest.mark.fast("quizzes")
def test_a_right_answer_is_confirmed(ana):
    ana.open(QUIZ)
    ana.answer_right()

    assert "That’s right" in ana.text


def test_a_wrong_answer_gets_a_gentle_explanation_and_a_link_to_the_passage(ana, content):
    ana.open(QUIZ)
    question = ana.question
    ana.answer_wrong()

    assert "Not quite" in ana.text
    lesson, anchor = content.passage(question)
    here = ana.address.removeprefix("/quizzes/").replace("/", "-")
    assert f'href="/lessons/{lesson.id}?question={here}#{anchor}"' in ana.html
    for word in ("wrong", "incorrect", "failed"):
        assert word not in ana.text.lower()


def test_not_sure_shows_the_answer_and_is_stored_as_not_sure(ana, rows):
    ana.open(QUIZ)
    ana.answer({"answer": "?"})

    assert "Here’s the answer" in ana.text
    row = next(r for r in rows(ana) if r.answered_at)
    assert (row.score, row.response) == (0.0, {"unsure": True})


@pytest.mark.parametrize(
    ("said", "kept"), [("yes", True), ("no", False), (None, None), ("x", None)]
)
def test_confidence_is_stored_and_does_not_change_the_score(ana, rows, said, kept):
    ana.open(QUIZ)
    ana.answer_right(**({"sure": said} if said else {}))

    row = next(r for r in rows(ana) if r.answered_at)
    assert (row.sure, row.score) == (kept, 1.0)


def test_an_empty_answer_shows_the_question_again_with_an_error(ana, rows):
    ana.open(QUIZ)
    ana.answer({}, sure="yes")

    assert ana.page.status_code == 422
    assert "Nothing is chosen yet" in ana.text
    assert 'role="alert"' in ana.html
    assert 'value="yes" checked' in ana.html
    assert rows(ana) == []


def test_an_unknown_option_is_asked_for_again(ana, rows):
    ana.open(QUIZ)
    ana.answer({"answer": "no-such-option"})

    assert ana.page.status_code == 422
    assert "We couldn’t read that answer" in ana.text
    assert rows(ana) == []


def test_the_same_answer_twice_is_stored_once_and_shows_the_first_feedback(ana, rows):
    ana.open(QUIZ)
    question, form = ana.question, ana.form()
    ana.browser.post(QUIZ, data=form | right_answer(question))
    again = ana.browser.post(QUIZ, data=form | wrong_answer(question), follow_redirects=True)

    assert "That’s right" in again.get_data(as_text=True)
    assert [r.score for r in rows(ana) if r.answered_at] == [1.0]


def test_a_new_visitor_gets_an_account_with_the_first_answer(somebody_new, rows):
    somebody_new.open(QUIZ)
    account = somebody_new.account
    somebody_new.answer_right()

    assert somebody_new.account == account
    assert len([r for r in rows(somebody_new) if r.answered_at]) == 1


def test_a_double_click_by_a_new_visitor_creates_one_account(somebody_new, rows):
    ana = somebody_new
    ana.open(QUIZ)
    data = ana.form() | right_answer(ana.question)
    cookie = ana.browser.get_cookie("learn_all")
    for _ in range(2):
        ana.browser.set_cookie("learn_all", cookie.value)
        ana.browser.post(QUIZ, data=data)

    assert len([r for r in rows(ana) if r.answered_at]) == 1


def test_a_question_answered_in_two_tabs_keeps_the_first_answer(ana, rows):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    question, form, here = ana.question, ana.form(), ana.address
    ana.browser.post(here, data=form | wrong_answer(question))
    second = ana.browser.post(here, data=form | right_answer(question), follow_redirects=True)

    assert "Not quite" in second.get_data(as_text=True)
    assert [r.score == 1 for r in rows(ana) if r.answered_at] == [True, False]


def test_an_answered_question_shows_its_feedback_again(ana):
    ana.open(QUIZ)
    ana.answer_right()
    ana.open(ana.address)

    assert "That’s right" in ana.text


def test_an_attempt_of_another_account_is_not_found(ana, ben):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    attempt = ana.address.rsplit("/", 1)[0]
    ben.open(QUIZ)
    form = ben.form()

    for address in (ana.address, attempt, f"{attempt}/stop"):
        assert ben.open(address).status_code == 404
    assert ben.post(ana.address, form | right_answer(ana.question)).status_code == 404


def test_a_position_outside_the_attempt_is_not_found(ana):
    ana.open(QUIZ)
    ana.answer_right()
    attempt = ana.address.rsplit("/", 1)[0]

    assert ana.open(f"{attempt}/99").status_code == 404
    assert ana.open("/quizzes/lesson/no-such-lesson").status_code == 404
    assert ana.open("/quizzes/topic/no-such-topic").status_code == 404
    assert ana.open(f"/quizzes/{ana.account}").status_code == 404


def test_without_a_valid_token_the_answer_stays_in_the_form(ana, rows):
    ana.open(QUIZ)
    question = ana.question
    chosen = right_answer(question)
    data = {k: v for k, v in ana.form().items() if k != "csrf_token"} | chosen
    ana.post(QUIZ, data)

    assert ana.page.status_code == 400
    assert "Your answer hasn’t been sent yet" in ana.text
    assert ana.hidden("question") == question.id
    assert "checked" in ana.html or "selected" in ana.html
    assert rows(ana) == []
    ana.answer(chosen)
    assert "That’s right" in ana.text


@pytest.mark.parametrize("cookie", ["", "x", "e30.tampered.with", "eyJhIjoxfQ.aSF-zA.bad"])
def test_a_tampered_cookie_is_a_new_guest(ana, cookie):
    ana.browser.set_cookie("learn_all", cookie)

    assert ana.open("/").status_code == 200
    ana.open(QUIZ)
    ana.answer_right()
    assert "That’s right" in ana.text


def test_large_body_is_rejected(ana):
    ana.open(QUIZ)
    ana.post(QUIZ, ana.form() | {"answer": "x" * 1_000_000})

    assert ana.page.status_code == 413
    assert "too long" in ana.text


def test_an_answer_takes_a_fixed_number_of_statements(ana, statements):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    here, data = ana.address, ana.form() | right_answer(ana.question)

    statements.clear()
    ana.browser.get(here)
    assert len(statements) <= 2, statements
    statements.clear()
    ana.browser.post(here, data=data)
    assert len(statements) <= 4, statements
    statements.clear()
    ana.browser.get(here)
    assert len(statements) <= 2, statements


def test_the_last_answer_takes_no_more_statements_than_others(ana, statements):
    ana.open(QUIZ)
    for _ in range(4):
        ana.answer_right()
        ana.go_on()
    while "Question 6 of 6" not in ana.text and "Question 5 of 5" not in ana.text:
        ana.answer_right()
        ana.go_on()
    statements.clear()
    ana.browser.post(ana.address, data=ana.form() | right_answer(ana.question))

    assert len(statements) <= 4, statements


def test_personal_pages_are_never_cached(ana: Person):
    for address in (QUIZ, "/", "/lessons", "/progress", "/care-team"):
        assert ana.open(address).headers["Cache-Control"] == "no-store", address


def test_a_lesson_opened_from_feedback_leads_back_and_is_not_noted_as_read(ana, content, app):
    ana.open("/quizzes/mixed")
    lesson, anchor = content.passage(ana.question)
    ana.answer_wrong()
    here = ana.address
    ana.open(re.search(rf'href="(/lessons/{lesson.id}[?][^"#]+)', ana.html)[1])

    assert f'<a class="button" href="{here}">Back to the question</a>' in ana.html
    assert f'id="{anchor}"' in ana.html
    assert "data-end" not in ana.html  # a look at a passage is no reading, however far it goes
    assert "read=" not in ana.html
    with app.extensions["learn.database"].read_session() as session:
        assert not queries.lessons_begun(session, ana.account).read


@pytest.mark.parametrize("given", ["", "1", "x-1", "../../etc-1", "<b>-1", f"{'1' * 36}-1"])
def test_a_way_back_that_is_no_question_is_left_out(ana, given):
    page = ana.open(f"/lessons/what-is-all?question={given}")

    assert page.status_code == 200
    assert "Back to the question" not in ana.text


def get_help_link(ana) -> str:
    match = re.search(r'href="(/help[^"]*)"', ana.html)
    assert match
    return html.unescape(match[1])


def test_get_help_and_the_search_lead_back_to_the_question(ana):
    ana.open("/quizzes/mixed")
    ana.answer_wrong()
    ana.go_on()
    here = ana.address
    back = f'<a class="button" href="{here}">Back to the question</a>'
    small = back.replace("button", "standalone-link")
    ana.open(get_help_link(ana))
    assert ana.address == "/help"
    assert ana.html.index(small) < ana.html.index("<h1>")
    assert "sticky-action" not in ana.html  # nothing lies over a number to call

    hidden = re.search(r'<input type="hidden" name="question" value="([^"]+)"', ana.html)
    assert hidden
    ana.open(f"/search?q=fever&question={hidden[1]}")
    assert back in ana.html
    assert f'name="question" value="{hidden[1]}"' in ana.html.partition("<main")[2]
    found = [link for link in re.findall(r'href="(/lessons/[^"]+)"', ana.html) if "#" in link]
    assert found
    assert all(f"?question={hidden[1]}#" in link for link in found)
    ana.open(get_help_link(ana))
    assert small in ana.html


@pytest.mark.parametrize("quiz", ["lesson/what-is-all", "topic/blood-cells", "mixed", "before"])
def test_get_help_leads_back_to_the_first_question_of_a_quiz_too(ana, quiz):
    ana.open(f"/quizzes/{quiz}?path=this-week")
    question = ana.question
    ana.open(get_help_link(ana))
    match = re.search(r'class="standalone-link" href="([^"]+)">Back to the question', ana.html)
    assert match
    assert match[1] == f"/quizzes/{quiz}?path=this-week"
    ana.open(match[1])
    assert ana.question == question


@pytest.mark.parametrize("given", ["", "1", "<b>-1", "lesson/nope", "check", "assignment/1"])
@pytest.mark.parametrize("page", ["/help", "/search"])
def test_a_way_back_from_help_that_is_no_question_is_left_out(ana, page, given):
    assert ana.open(f"{page}?question={given}").status_code == 200
    assert "Back to the question" not in ana.text


def test_the_line_on_when_to_call_below_the_feedback_leads_back_as_well(ana, content):
    while not (ana.open("/quizzes/topic/when-to-call") and ana.question.safety):
        ana.answer_right()
    ana.answer_right()
    line = ana.html.partition('class="safety')[2].partition("</p>")[0]
    match = re.search(r'href="(/help[?]question=[^"]+)"', line)
    assert match
    here = ana.address
    ana.open(match[1])
    assert f'<a class="standalone-link" href="{here}">Back to the question</a>' in ana.html
