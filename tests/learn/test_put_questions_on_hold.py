"""Questions on hold after a change of the source: learners see "under review"."""

from __future__ import annotations

import pytest

from learn.editorial import actions, queries
from tests.learn.conftest import DAWN
from tests.learn.people import right_answer

QUIZ = "/quizzes/lesson/where-all-stands"


@pytest.fixture
def hold(app):
    def by_fact(*questions: str, fact: str = "F30") -> None:
        with app.extensions["learn.database"].transaction() as session:
            actions.hold_questions(session, {q: [fact] for q in questions}, DAWN)
        app.extensions.pop("learn.available_content", None)

    return by_fact


@pytest.fixture
def release(app):
    def facts(*facts: str) -> None:
        with app.extensions["learn.database"].transaction() as session:
            actions.release_questions(session, facts)
        app.extensions.pop("learn.available_content", None)

    return facts


def test_a_question_on_hold_is_not_asked(ana, content, hold, rows):
    asked = [q.id for o in content.bank.of_lesson("where-all-stands") for q in o.questions]
    kept = asked[::2]
    hold(*asked[1::2])
    ana.take("lesson/where-all-stands")

    assert {r.question_id for r in rows(ana)} <= {*kept}


def test_a_question_put_on_hold_during_a_quiz_is_left_out_with_a_note(ana, hold, rows):
    ana.open(QUIZ)
    total = int(ana.text.split("Question 1 of ")[1].split()[0])
    ana.answer_right()
    waiting = rows(ana)[1]
    hold(waiting.question_id)
    ana.go_on()

    assert ana.page.status_code == 410
    assert "This question is under review" in ana.text
    ana.go_on()
    assert f"Question 2 of {total - 1}" in ana.text
    assert "One question in this quiz is under review" in ana.text


def test_an_answer_to_a_question_put_on_hold_meanwhile_is_not_counted(ana, hold, rows):
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    data = ana.form() | right_answer(ana.question)
    hold(ana.question.id)
    ana.post(ana.address, data)

    assert ana.page.status_code == 410
    assert "under review" in ana.text
    assert len([r for r in rows(ana) if r.answered_at]) == 1


def test_progress_stays_and_feedback_says_under_review(ana, hold):
    summary = ana.take("lesson/what-is-all")
    before = ana.open("/progress").get_data()
    ana.open(f"{summary}/1")
    assert "under review" not in ana.text
    question = ana.html.split("/mistake/question/")[1].split('"')[0]
    hold(question)

    ana.open(f"{summary}/1")
    assert "That’s right" in ana.text
    assert "under review" in ana.text
    assert ana.open("/progress").get_data() == before


def test_a_quiz_with_all_questions_on_hold_says_so(ana, content, hold):
    hold(*(q.id for o in content.bank.of_lesson("where-all-stands") for q in o.questions))
    ana.open(QUIZ)

    assert ana.page.status_code == 200
    assert "This quiz is under review" in ana.text
    ana.open("/quizzes/mixed")
    assert "Question 1 of" in ana.text


def test_a_question_is_asked_again_once_all_its_facts_are_accepted(
    app, ana, content, hold, release
):
    every = [q.id for o in content.bank.of_lesson("where-all-stands") for q in o.questions]
    hold(*every, fact="F30")
    hold(*every, fact="F31")
    hold(*every, fact="F31")
    release("F30")
    ana.open(QUIZ)
    assert "under review" in ana.text
    release("F31")
    ana.open(QUIZ)
    assert "Question 1 of" in ana.text


def test_holds_are_read_again_after_half_a_minute(app, ana, content, hold, monkeypatch):
    from learn.editorial import availability

    ana.open(QUIZ)
    with app.extensions["learn.database"].transaction() as session:
        actions.hold_questions(session, {q: ["F1"] for q in content.bank.questions}, DAWN)
    ana.open(QUIZ)
    assert "Question 1 of" in ana.text
    later = availability.monotonic() + 31
    monkeypatch.setattr(availability, "monotonic", lambda: later)
    ana.open(QUIZ)
    assert "under review" in ana.text


@pytest.mark.fast("mistakes")
@pytest.mark.parametrize("page", ["lesson/what-is-all", "question/remission-ana"])
def test_a_mistake_can_be_reported(app, ana, content, page):
    if page.startswith("question"):
        page = f"question/{next(iter(content.bank.questions))}"
    ana.open(f"/mistake/{page}")
    ana.post(f"/mistake/{page}", ana.form(text="  The second line is hard to read.  "))

    assert ana.page.status_code == 303
    ana.open(ana.page.headers["Location"])
    assert "Thank you" in ana.text
    with app.extensions["learn.database"].read_session() as session:
        found = queries.reports(session)
    assert [(r.page, r.text) for r in found] == [(page, "The second line is hard to read.")]


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "Write a few words"), ("   ", "Write a few words"), ("x" * 2001, "too long")],
)
def test_an_invalid_report_stays_in_the_field(app, ana, text, says):
    ana.open("/mistake/lesson/what-is-all")
    ana.post("/mistake/lesson/what-is-all", ana.form(text=text))

    assert ana.page.status_code == 422
    assert says in ana.text
    assert text.strip() in ana.html


def test_a_report_with_an_expired_token_stays_in_the_field(ana):
    ana.open("/mistake/lesson/what-is-all")
    ana.post("/mistake/lesson/what-is-all", {"text": "Something is off."})

    assert ana.page.status_code == 400
    assert "Something is off." in ana.html


def test_a_report_about_an_unknown_page_is_not_found(ana):
    for address in (
        "/mistake/lesson/nope",
        "/mistake/question/nope",
        "/mistake/question/what-is-all",
        "/mistake/page/help",
    ):
        assert ana.open(address).status_code == 404


def test_every_lesson_and_feedback_page_links_to_the_report_form(ana, content):
    ana.open("/lessons/what-is-all")
    assert "/mistake/lesson/what-is-all" in ana.html
    ana.open(QUIZ)
    question = ana.question.id
    ana.answer_right()
    assert f"/mistake/question/{question}" in ana.html


def test_an_answer_to_a_question_on_hold_gets_an_explanation(ana, content, hold, rows):
    ana.open(QUIZ)
    data = ana.form() | right_answer(ana.question)
    hold(*(q.id for o in content.bank.of_lesson("where-all-stands") for q in o.questions))
    ana.post(QUIZ, data)

    assert ana.page.status_code == 200
    assert "This quiz is under review" in ana.text
    assert rows(ana) == []
