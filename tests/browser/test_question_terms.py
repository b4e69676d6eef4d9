"""Terms inside a question are explained at a tap, which chooses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from learn.app import create_app
from learn.config import Settings
from learn.library.question_terms import TermFinder
from learn.quizzes.taking.rendering import Page as QuestionPage
from learn.quizzes.taking.rendering import question_page
from questions.model import Question
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SMALL_PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, whose pages are rendered here and shown by the browser."""
    data = tmp_path_factory.mktemp("pages")
    made = create_app(Settings(f"sqlite:///{data / 'x.sqlite3'}", ("k" * 16,), data))
    yield made
    made.extensions["learn.database"].dispose()


def show(ana: Visitor, app: Flask, *, in_answers: bool) -> Question:
    """Open a question with a term in its answers, or above them."""
    content = app.extensions["learn.content"]
    finder = TermFinder(content)
    question: Question = next(
        q
        for q in content.bank.questions.values()
        if q.kind == "choice" and (finder.terms(q).parts if in_answers else finder.terms(q).prompt)
    )
    with app.test_request_context("/quizzes/mixed"):
        shown = tuple(part.id for part in question.parts)
        body = question_page(QuestionPage(question, shown, 1, 6))
    ana.page.route(
        "**/a-question", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    ana.open("/a-question")
    return question


def meaning(ana: Visitor, term: Locator) -> Locator:
    return ana.page.locator(f"#{term.get_attribute('popovertarget')}")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_tap_on_a_term_of_the_answers_explains_it_and_chooses_nothing(
    visit: Callable[..., Visitor], app: Flask, has_script: bool
) -> None:
    ana = visit(viewport=SMALL_PHONE, has_touch=True, java_script_enabled=has_script)
    show(ana, app, in_answers=True)
    term = ana.page.locator(".answer-terms .term").first
    term.tap()
    expect(meaning(ana, term)).to_be_visible()
    meaning(ana, term).get_by_text("Close").tap()
    expect(meaning(ana, term)).to_be_hidden()
    expect(ana.page.locator(".answers input:checked")).to_have_count(0)
    ana.page.locator(".answers input").first.tap()
    expect(ana.page.locator(".answers input:checked")).to_have_count(1)


def test_terms_are_explained_by_keyboard(visit: Callable[..., Visitor], app: Flask) -> None:
    ana = visit(viewport=SMALL_PHONE)
    show(ana, app, in_answers=False)
    term = ana.page.locator(".question .term").first
    term.focus()
    ana.page.keyboard.press("Enter")
    expect(meaning(ana, term)).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(meaning(ana, term)).to_be_hidden()
    expect(term).to_be_focused()


def test_an_answer_is_called_by_its_words_alone(visit: Callable[..., Visitor], app: Flask) -> None:
    ana = visit(viewport=SMALL_PHONE)
    question = show(ana, app, in_answers=True)
    for part in question.parts:
        answer = ana.page.locator(f"input[value='{part.id}']")
        expect(answer).to_have_accessible_name(part.text)
    expect(ana.page.locator("label :is(a, button, select)")).to_have_count(0)
