"""The site without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer

pytestmark = pytest.mark.browser


@pytest.fixture
def ben(visit: Callable[..., Visitor]) -> Visitor:
    """Ana's brother, whose browser runs no scripts."""
    return visit(java_script_enabled=False)


def test_a_lesson_its_words_and_its_picture(ben: Visitor) -> None:
    ben.open("/")
    ben.follow("Start with the first lesson")
    word = ben.page.locator("button.term").first
    meaning = ben.page.locator(f"#{word.get_attribute('popovertarget')}")
    expect(meaning).to_be_hidden()
    word.click()
    expect(meaning).to_be_visible()
    meaning.get_by_role("button", name="Close").click()
    expect(meaning).to_be_hidden()

    picture = ben.page.locator("figure").first
    expect(picture.locator("details p")).to_be_hidden()
    picture.locator("summary").click()
    expect(picture.locator("details p")).to_be_visible()


def test_questions_of_every_form_with_their_feedback(ben: Visitor) -> None:
    left = {*QUESTION_LAYOUTS}
    while left:
        left.remove(ben.go_to_question_of_layout(left))
        question = ben.question
        ben.send()
        expect(ben.page.get_by_role("alert")).to_be_focused()
        ben.answer(wrong_answer(question))
        expect(ben.heading).to_be_focused()
        expect(ben.heading).to_have_text("Not quite right")


def test_a_quiz_to_its_summary_the_progress_and_the_care_team(ben: Visitor) -> None:
    ben.open("/quizzes/lesson/where-all-stands")
    ben.answer(UNSURE)
    ben.go_on()
    while ben.has_question:
        ben.answer(right_answer(ben.question))
        ben.go_on()
    expect(ben.page.get_by_role("heading", name="One idea to look at again")).to_be_visible()
    ben.save_questions()
    rows = ben.page.locator(".care-sheet > li")
    expect(rows).to_have_count(1)
    rows.locator("summary").click()
    rows.get_by_role("button", name="Remove from list").click()
    expect(rows).to_have_count(0)
    expect(ben.page.get_by_text("Your list is empty.")).to_be_visible()

    ben.follow("Progress")
    ideas = ben.page.locator("details").filter(has_text="What you’ve answered").first
    ideas.locator("summary").click()
    expect(ideas.locator("li").first).to_be_visible()
    expect(ben.page.get_by_text("on your first try")).to_be_visible()


def test_a_lesson_in_ones_own_words(ben: Visitor) -> None:
    ben.open("/lessons/where-all-stands")
    ben.follow("Say it in your own words")
    ben.page.get_by_role("textbox").fill("  ")
    ben.press("Save what I wrote")
    expect(ben.page.get_by_role("alert")).to_be_focused()
    ben.page.get_by_role("link", name="Write a sentence or two first.").click()
    ben.page.get_by_role("textbox").fill("Four words say where it stands: \U0001f600.")
    ben.press("Save what I wrote")
    ben.page.get_by_label("ALL has no stages.").check()
    ben.press("Save my check marks")
    expect(ben.page.get_by_text("Four words say where it stands: \U0001f600.")).to_be_visible()
    expect(ben.page.get_by_role("heading", name="What you covered")).to_be_visible()
    ben.page.get_by_role("link", name="See it in the lesson").first.click()
    expect(ben.page.locator(":target")).to_be_in_viewport()


def test_no_page_waits_for_a_script_and_most_have_a_single_one(ben: Visitor) -> None:
    pages = {
        **dict.fromkeys(("/", "/lessons", "/quizzes", "/progress", "/glossary"), 1),
        "/lessons/what-is-all": 1,
        "/offline": 2,
        "/quizzes/mixed": 3,
        "/help": 4,
    }
    for path, scripts in pages.items():
        ben.open(path)
        assert ben.page.locator("[onclick], [onload]").count() == 0
        assert ben.page.locator("script").count() == scripts
        assert ben.page.locator("script[src^='/static/'][defer]:empty").count() == scripts
