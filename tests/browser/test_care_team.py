"""List of questions for the care team, by touch, by keys, and by one press of “Copy”."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def _write(ana: Visitor, questions: Iterable[str]) -> None:
    ana.open("/care-team")
    for question in questions:
        ana.page.locator("#text").fill(question)
        with ana.page.expect_navigation():
            ana.page.locator("form.field button").click()


def _order(ana: Visitor) -> list[str]:
    return ana.page.locator(".care-sheet > li > div > p:first-child").all_text_contents()


def test_a_new_question_is_seen_and_has_the_focus(ana: Visitor) -> None:
    _write(ana, [f"Question {n}?" for n in range(8)])
    new = ana.page.locator(".care-sheet > li").last
    expect(new).to_be_focused()
    expect(new).to_be_in_viewport()
    ana.page.keyboard.press("Tab")
    expect(new.get_by_role("button", name="Asked: Question 7?")).to_be_focused()


def test_a_question_goes_up_by_pressing_one_key_again_and_again(ana: Visitor) -> None:
    _write(ana, "abcd")
    last = ana.page.locator(".care-sheet > li").last
    last.locator("summary").focus()
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("Tab")
    for order in ("abdc", "adbc", "dabc"):
        expect(ana.page.locator(":focus")).to_contain_text("Move up")
        with ana.page.expect_navigation():
            ana.page.keyboard.press("Enter")
        assert _order(ana) == [*order]
    expect(ana.page.locator(":focus")).to_contain_text("Move down: d (now number 1)")
    expect(ana.page.locator(":focus")).to_be_in_viewport()


def test_a_tick_is_set_and_taken_back_with_one_key(ana: Visitor) -> None:
    _write(ana, ["Why?"])
    tick = ana.page.get_by_role("button", name="Asked: Why?")
    tick.focus()
    for pressed in ("true", "false"):
        with ana.page.expect_navigation():
            ana.page.keyboard.press("Space")
        expect(tick).to_be_focused()
        expect(tick).to_have_attribute("aria-pressed", pressed)


def test_the_list_is_copied_with_one_press(visit: Callable[..., Visitor]) -> None:
    ana = visit(permissions=["clipboard-read", "clipboard-write"])
    _write(ana, ["Why?", "متى؟"])
    ana.page.locator("summary", has_text="As text").click()
    ana.page.get_by_role("button", name="Copy", exact=True).click()
    expect(ana.page.get_by_role("status")).to_have_text("Copied")
    copied = ana.page.evaluate("navigator.clipboard.readText()")
    assert copied == "Questions for my care team\n\n1. Why?\n2. متى؟\n"


def test_without_scripts_the_text_is_there_and_nothing_that_does_nothing(
    visit: Callable[..., Visitor],
) -> None:
    ben = visit(java_script_enabled=False)
    _write(ben, ["Why?"])
    ben.page.locator("summary", has_text="As text").click()
    expect(ben.page.get_by_role("button", name="Copy", exact=True)).to_be_hidden()
    expect(ben.page.locator("textarea[readonly]")).to_have_value(
        "Questions for my care team\n\n1. Why?\n"
    )
