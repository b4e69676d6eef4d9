"""Save a question where it stands, by one tap, with and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.networks import OFFLINE, ONLINE
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LESSON = "/lessons/treatment"


def _buttons(ana: Visitor) -> Locator:
    return ana.page.get_by_role("button", name="Save this question")


def test_a_question_is_saved_without_leaving_the_page_and_said_aloud(ana: Visitor) -> None:
    ana.open(LESSON)
    _buttons(ana).nth(2).scroll_into_view_if_needed()
    before = ana.page.evaluate("scrollY")
    _buttons(ana).nth(2).click()
    saved = ana.page.locator(".question-saved")
    expect(saved).to_contain_text("Saved · 1 question on your list")
    expect(saved).to_be_focused()
    assert saved.evaluate("it => it.closest('[role=status]') !== null")
    assert ana.path == LESSON
    assert abs(ana.page.evaluate("scrollY") - before) < 40
    expect(_buttons(ana)).to_have_count(5)
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".care-sheet > li")).to_have_count(1)


def test_two_quick_taps_send_it_once(ana: Visitor) -> None:
    sent: list[str] = []
    ana.open(LESSON)
    ana.page.on("request", lambda request: sent.append(request.method))
    _buttons(ana).first.dblclick()
    expect(ana.page.locator(".question-saved")).to_have_count(1)
    assert sent.count("POST") == 1


def test_without_a_connection_it_says_so_and_can_be_tapped_again(ana: Visitor) -> None:
    ana.open(LESSON)
    ana.page.evaluate(OFFLINE)
    _buttons(ana).first.click()
    note = ana.page.locator(".save-question .note")
    expect(note).to_have_text("Not saved yet. Check your connection, and tap again.")
    ana.page.evaluate(ONLINE)
    _buttons(ana).first.click()
    expect(ana.page.locator(".question-saved")).to_be_focused()
    expect(note).to_have_count(0)


def test_an_answer_that_is_no_part_of_the_page_is_shown_as_a_page(ana: Visitor) -> None:
    def refuse(route: Route) -> None:
        if "part=yes" in (route.request.post_data or ""):
            route.fulfill(status=422, body="")
        else:
            route.continue_()

    ana.open(LESSON)
    ana.page.route("**/care-team/save", refuse)
    _buttons(ana).first.click()
    ana.page.wait_for_url(f"**{LESSON}?saved=yes#ask-1")
    expect(ana.page.locator("#ask-1")).to_be_focused()


def test_a_question_shows_as_saved_wherever_the_page_has_it(ana: Visitor) -> None:
    ana.open("/lessons/paths/this-week")
    ana.page.get_by_role("button", name=re.compile("^Save all")).click()
    expect(_buttons(ana)).to_have_count(1)  # of the other box
    saved = ana.page.locator(".question-saved")
    assert saved.count() > 5
    assert len({*saved.evaluate_all("all => all.map(it => it.id)")}) == saved.count()
    expect(saved.first).to_be_focused()
    assert ana.page.locator("[role=status] .question-saved").count() == 1
