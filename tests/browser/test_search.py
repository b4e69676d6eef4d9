"""Search from any page, by keyboard, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def _open_box(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Search").click()
    expect(page.locator("#site-query")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_tap_opens_the_box_on_a_page_and_enter_finds_the_sentence(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts)
    ana.open("/lessons/treatment")
    _open_box(ana.page)
    ana.page.keyboard.type("platlets")
    ana.page.keyboard.press("Enter")
    expect(ana.heading).to_have_text("Search")
    ana.page.locator("main").get_by_role("link", name="At home during treatment").click()
    ana.page.wait_for_url("**/lessons/at-home-during-treatment#f71")
    expect(ana.page.locator(".passage:target")).to_be_in_viewport()


def test_escape_closes_the_box_and_the_button_has_the_focus_again(ana: Visitor) -> None:
    ana.open("/glossary")
    button = ana.page.get_by_role("banner").get_by_role("button", name="Search")
    button.focus()
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("#site-query")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator("#site-query")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_page_with_the_box_begins_at_its_top_without_focus(ana: Visitor) -> None:
    for address in ("/", "/lessons/what-is-all", "/search"):
        ana.open(address)
        assert ana.page.evaluate("document.activeElement.tagName") == "BODY", address


def test_results_come_while_typing_and_are_counted_aloud(ana: Visitor) -> None:
    sent: list[str] = []
    ana.open("/search")
    ana.page.on("request", lambda request: sent.append(request.url))
    field, status = ana.page.locator("#query"), ana.page.locator("main [role=status]")
    field.focus()
    ana.page.keyboard.type("remission", delay=20)
    expect(ana.page.get_by_role("link", name="Remission", exact=True)).to_be_visible()
    expect(status).to_have_text("3 results")
    expect(field).to_be_focused()
    assert ana.path == "/search?q=remission"
    assert len(sent) <= 3  # not one for each key
    ana.page.reload()
    expect(field).to_have_value("remission")
    expect(ana.page.get_by_role("link", name="Remission", exact=True)).to_be_visible()

    field.fill("fever")
    expect(ana.page.locator("main .care-box h2")).to_contain_text("Call your care team now")
    ana.page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(ana.page.get_by_text("The spelling doesn’t have to be right.")).to_be_visible()
    expect(status).to_have_text("")


def test_results_come_below_the_box_on_any_page(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    _open_box(ana.page)
    ana.page.keyboard.type("remission")
    found = ana.page.locator("#site-search .search-results")
    expect(found.get_by_role("link", name="Remission", exact=True)).to_be_visible()
    expect(ana.page.locator("#site-search [role=status]")).to_have_text("3 results")
    assert ana.path == "/lessons/what-is-all"
    ana.page.keyboard.press("Escape")
    expect(found.get_by_role("link", name="Remission", exact=True)).to_have_count(0)
    ana.page.keyboard.press("Escape")
    expect(found).to_be_hidden()


def test_a_result_on_the_same_page_closes_the_box(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    _open_box(ana.page)
    ana.page.keyboard.type("catch")
    found = ana.page.locator("#site-search .search-results")
    found.get_by_role("link", name="What is ALL?").click()
    expect(ana.page.locator("#site-search")).to_be_hidden()
    expect(ana.page.locator(".passage:target")).to_be_in_viewport()
    _open_box(ana.page)
    ana.page.locator("#site-search").get_by_role("button", name="Close").click()
    expect(ana.page.locator("#site-search")).to_be_hidden()


def test_results_are_reached_by_keyboard(ana: Visitor) -> None:
    ana.open("/search?q=remission")
    ana.page.locator("#query").focus()
    for _ in range(2):  # past the button
        ana.page.keyboard.press("Tab")
    assert ana.page.evaluate("document.activeElement.textContent") == "Remission"
    ana.page.keyboard.press("Enter")
    ana.page.wait_for_url("**/glossary#remission")


def test_without_a_connection_the_form_still_opens_the_page(ana: Visitor) -> None:
    ana.open("/search")
    ana.page.evaluate("() => { XMLHttpRequest.prototype.send = () => {}; }")
    ana.page.locator("#query").fill("remission")
    ana.page.wait_for_timeout(400)
    ana.page.locator("#query").press("Enter")
    expect(ana.page.get_by_role("link", name="Remission", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 360])
def test_the_box_is_one_row_and_leaves_what_cannot_wait_in_sight(
    visit: Callable[..., Visitor], width: int
) -> None:
    ana = visit(viewport={"width": width, "height": 740})
    ana.open("/")
    _open_box(ana.page)
    box = ana.page.locator("#site-search").bounding_box()
    urgent = ana.page.locator(".urgent").bounding_box()
    field = ana.page.locator("#site-query").bounding_box()
    close = ana.page.locator("#site-search").get_by_role("button", name="Close").bounding_box()
    assert box
    assert urgent
    assert field
    assert close
    assert box["y"] + box["height"] <= urgent["y"]
    assert abs(field["y"] - close["y"]) < 8
    assert field["width"] > 150
    assert close["width"] >= 44
    expect(ana.page.get_by_label("Search lessons, words, and help")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_question_to_help_the_search_and_a_lesson_there_is_a_way_back(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts)
    attempt = ana.begin("lesson/what-is-all")
    ana.go_on()
    question = ana.question
    ana.follow("Get help")
    _open_box(ana.page)
    ana.page.keyboard.type("platelets")
    ana.page.keyboard.press("Enter")
    expect(ana.heading).to_have_text("Search")
    found = ana.page.locator("main a[href*='/lessons/'][href*='#']").first
    expect(found).to_be_visible()
    found.click()
    ana.page.wait_for_url("**/lessons/*")
    ana.follow("Back to the question")
    assert ana.path == f"{attempt}/2"
    assert ana.question == question


def test_typing_in_the_search_keeps_the_way_back_in_its_address(ana: Visitor) -> None:
    ana.open("/search?question=lesson/what-is-all")
    ana.page.locator("#query").fill("platelets")
    found = ana.page.locator("main a[href*='/lessons/'][href*='#']").first
    expect(found).to_have_attribute("href", re.compile(r"\?question=lesson"))
    expect(ana.page).to_have_url(re.compile("question=lesson"))
