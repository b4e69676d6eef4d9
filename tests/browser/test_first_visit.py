"""The first visit of somebody new, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer

pytestmark = pytest.mark.browser


def test_from_the_first_page_through_a_lesson_and_its_quiz_to_the_progress(ana: Visitor) -> None:
    page = ana.page
    ana.open("/")
    ana.follow("Start with the first lesson")
    assert ana.path == "/lessons/what-is-all"

    ana.follow("Check your understanding")
    answered = 0
    while ana.has_question:
        ana.answer(right_answer(ana.question))
        expect(ana.heading).to_be_focused()
        expect(ana.heading).to_have_text("That’s right")
        answered += 1
        ana.go_on()
    expect(ana.heading).to_have_text("You’ve finished this quiz")
    expect(
        page.get_by_text(f"You got {answered} of {answered} right on your first try.")
    ).to_be_visible()

    ana.follow("Progress")
    past = page.get_by_role("listitem").filter(
        has_text=f"{answered} of {answered} right on your first"
    )
    expect(past.get_by_role("link", name="What is ALL?")).to_be_visible()


@pytest.mark.parametrize(
    "door", ["I was just diagnosed", "I’m helping someone", "My child has ALL"]
)
def test_the_fourth_tap_from_the_first_page_shows_feedback(ana: Visitor, door: str) -> None:
    page = ana.page
    ana.open("/")
    page.get_by_role("link", name=door).click()
    ana.follow("Or start with 3 questions")
    expect(page.get_by_text("3 questions, about a minute.")).to_be_visible()
    page.locator("form.question label", has=page.locator("[name=answer]")).first.click()
    ana.press("Check my answer")

    expect(ana.heading).to_have_text(re.compile("That’s right|Not quite right"))
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()


def test_the_meaning_of_a_word_opens_and_closes(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    word = ana.page.locator("button.term").first
    meaning = ana.page.locator(f"#{word.get_attribute('popovertarget')}")
    expect(meaning).to_be_hidden()
    word.click()
    expect(meaning).to_be_visible()
    expect(meaning).to_be_in_viewport(ratio=1)
    meaning.get_by_role("button", name="Close").click()
    expect(meaning).to_be_hidden()
    word.click()
    ana.page.mouse.click(195, 20)  # anywhere else
    expect(meaning).to_be_hidden()


def test_every_form_of_question_is_answered_right_wrong_and_unsure(ana: Visitor) -> None:
    tones = {
        "That’s right": right_answer,
        "Not quite right": wrong_answer,
        "Not sure? Here’s the answer": lambda _: UNSURE,
    }
    wanted = {(form, tone) for form in QUESTION_LAYOUTS for tone in tones}
    while wanted:
        form = ana.go_to_question_of_layout({form for form, _ in wanted})
        tone = next(t for t in tones if (form, t) in wanted)
        wanted.remove((form, tone))
        ana.answer(tones[tone](ana.question))
        expect(ana.heading).to_be_focused()
        expect(ana.heading).to_have_text(tone)


def test_a_quiz_that_was_left_goes_on_where_it_was_on_another_day(
    visit: Callable[..., Visitor],
) -> None:
    ana = visit()
    ana.open("/quizzes/topic/classification")
    for _ in range(3):
        ana.answer(right_answer(ana.question))
        ana.go_on()
    question = ana.question
    ana.choose(right_answer(question))  # chosen, but not sent
    kept: list[Any] = ana.page.context.cookies()
    ana.page.context.close()

    ana = visit()
    ana.page.context.add_cookies(kept)
    ana.open("/")
    expect(ana.heading).to_have_text("Welcome back")
    expect(ana.page.get_by_text("Your 3 answers are saved.")).to_be_visible()
    ana.follow("Continue the quiz")
    assert ana.question == question
    expect(ana.page.get_by_text("Question 4 of 8")).to_be_visible()

    other_tab = Visitor(ana.page.context.new_page())
    other_tab.open("/quizzes/topic/classification")
    assert other_tab.path == ana.path
    other_tab.answer(right_answer(question))
    ana.answer(wrong_answer(question))  # the same question again, in the first tab
    expect(ana.heading).to_have_text("That’s right")


def test_going_back_never_asks_what_was_answered(ana: Visitor) -> None:
    ana.begin("topic/risk-factors")
    first = ana.path
    ana.page.go_back()
    expect(ana.page.get_by_text("Question 2 of 8")).to_be_visible()
    ana.answer(right_answer(ana.question))
    ana.page.go_back()
    assert not ana.has_question
    ana.open(first)
    expect(ana.heading).to_have_text("That’s right")


def test_stopping_for_now_and_going_on(ana: Visitor) -> None:
    ana.begin("topic/blood-cells")
    ana.follow("Stop for now Your answers are saved")
    expect(ana.heading).to_have_text("That’s enough for now")
    ana.follow("Continue with question 2")
    expect(ana.page.get_by_text("Question 2 of 8")).to_be_visible()


def test_what_was_missed_can_be_taken_to_the_care_team(ana: Visitor) -> None:
    ana.take("topic/classification", UNSURE)
    asked = ana.page.locator("details .question-list > li > p").all_text_contents()
    assert asked
    ana.save_questions()
    rows = ana.page.locator(".care-sheet > li")
    noted = [f"“{text}”" for text in rows.locator("p").all_text_contents()]
    assert sorted(noted) == sorted(asked)
    rows.first.locator("summary").click()
    rows.first.get_by_role("button", name="Remove from list").click()
    expect(rows).to_have_count(len(asked) - 1)
