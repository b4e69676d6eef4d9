"""Typing in papers in a real browser: by keyboard, without scripts, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.classroom_states import lead
from tests.browser.paper_states import CHECK, MORE, QUESTIONS, SAVE, make, type_row
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser

TYPE = "Enter papers"


def led_by(eva: Visitor, site: Site) -> str:
    """Return the address of a sitting that is theirs."""
    account = sign_in_as(eva.page.context, site, f"Eva {uuid4().hex[:12]}")
    group = lead(site, account)
    return f"{site.named}/groups/{group}/paper/{make(site, group)}"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def eva(request: pytest.FixtureRequest, visit: Callable[..., Visitor]) -> Visitor:
    return visit(java_script_enabled=request.param)


def cell(page: Page, row: int, place: int) -> str:
    return page.locator(f'[name$="-{row}-{place}"]').input_value()


def test_papers_are_typed_checked_mended_and_saved(eva: Visitor, site: Site) -> None:
    eva.open(led_by(eva, site))
    eva.follow(TYPE)
    type_row(eva, 1, ["a", "b", "?"])
    type_row(eva, 2, ["Z"])
    eva.press(MORE)
    assert (cell(eva.page, 1, 1), cell(eva.page, 2, 1)) == ("a", "Z")
    eva.press(SAVE)
    note = eva.page.locator('[name$="-2-1"]').get_attribute("aria-describedby")
    expect(eva.page.locator(f"#{note}")).to_have_text(re.compile("Question 1 only has choices"))
    type_row(eva, 2, ["B"])
    eva.press(CHECK)
    expect(eva.page.get_by_role("status").first).to_have_text(re.compile("2 papers look fine"))
    eva.press(SAVE)
    expect(eva.page.get_by_text("Papers 1 to 2 are saved.")).to_be_visible()


def test_leaving_and_coming_back_keeps_what_was_typed_and_saves_it_once(
    eva: Visitor, site: Site
) -> None:
    here = led_by(eva, site)
    eva.open(here)
    eva.follow(TYPE)
    type_row(eva, 1, ["A", "B"])
    eva.follow("Paper quiz 4711: Before the class")
    eva.page.go_back()
    expect(eva.page.locator('[name$="-1-2"]')).to_have_value("B")
    eva.press(SAVE)
    eva.page.go_back()
    eva.open(here)
    expect(eva.page.get_by_text("1 paper", exact=True)).to_be_visible()


def test_a_draft_is_back_when_the_page_is_opened_again_until_it_is_saved(
    visit: Callable[..., Visitor], site: Site
) -> None:
    eva = visit()
    here = led_by(eva, site)
    eva.open(here)
    eva.follow(TYPE)
    type_row(eva, 1, ["A", "B"])
    eva.press(MORE)
    type_row(eva, 12, ["C"])
    eva.open(f"{site.named}/groups")
    eva.open(here)
    eva.follow(TYPE)
    expect(eva.page.get_by_text("You typed letters here that weren’t saved.")).to_be_visible()
    assert [cell(eva.page, *at) for at in ((1, 1), (1, 2), (12, 1), (2, 1))] == ["A", "B", "C", ""]
    eva.press(SAVE)
    expect(eva.page.get_by_text("Papers 1 to 2 are saved.")).to_be_visible()
    eva.follow(TYPE)
    expect(eva.page.locator("#draft")).to_be_hidden()
    assert cell(eva.page, 1, 1) == ""


def test_a_draft_can_be_emptied_at_once(visit: Callable[..., Visitor], site: Site) -> None:
    eva = visit()
    eva.open(f"{led_by(eva, site)}/papers")
    type_row(eva, 1, ["A", "B"])
    eva.page.goto(eva.page.url.split("?")[0])
    eva.page.get_by_role("button", name="Clear all rows").click()
    assert cell(eva.page, 1, 1) == ""
    eva.page.goto(eva.page.url.split("?")[0])
    expect(eva.page.locator("#draft")).to_be_hidden()


def test_what_stands_above_a_paper_is_repeated_on_each_sheet(
    visit: Callable[..., Visitor], site: Site
) -> None:
    eva = visit()
    eva.open(f"{led_by(eva, site)}/quiz")
    eva.page.emulate_media(media="print")
    head = eva.page.locator(".printed-head")
    expect(head).to_have_text(re.compile("Paper quiz 4711.*Paper number \\(leave blank\\):"))
    style = "e => [getComputedStyle(e).display, getComputedStyle(e).breakInside]"
    assert head.evaluate(style) == ["table-header-group", "avoid"]  # both, or Chromium doesn't
    around = head.locator("xpath=..")
    assert around.evaluate("e => getComputedStyle(e).display") == "table"
    expect(eva.page.locator(".printed-head + div > :last-child")).to_contain_text(
        "not medical advice"
    )


def test_a_row_is_typed_by_keyboard_alone(visit: Callable[..., Visitor], site: Site) -> None:
    eva = visit()
    eva.open(led_by(eva, site))
    eva.follow(TYPE)
    eva.page.get_by_role("button", name=CHECK).focus()
    for letter in "ABABABA":
        eva.page.keyboard.press("Tab")
        eva.page.keyboard.type(letter)
    for _ in range(QUESTIONS - 7 + 1):
        eva.page.keyboard.press("Tab")
    eva.page.keyboard.type("B")
    assert "".join(cell(eva.page, 1, place) for place in range(1, 8)) == "ABABABA"
    assert cell(eva.page, 2, 1) == "B"
    with eva.page.expect_navigation():
        eva.page.keyboard.press("Enter")
    expect(eva.page.get_by_text("2 papers look fine.")).to_be_visible()
    assert cell(eva.page, 2, 1) == "B"


def test_the_paper_and_its_key_print_without_the_site_around_them(
    visit: Callable[..., Visitor], site: Site
) -> None:
    eva = visit()
    here = led_by(eva, site)
    for name, most in (("quiz", 4), ("key", 7)):
        eva.open(f"{here}/{name}")
        for paper in ("Letter", "A4"):
            pages = len(re.findall(rb"/Type */Page\b", eva.page.pdf(format=paper)))
            assert 1 < pages <= most, (name, paper)
    eva.page.emulate_media(media="print")
    for name in ("quiz", "key"):
        eva.open(f"{here}/{name}")
        expect(eva.page.locator(".site-header")).to_be_hidden()
        expect(eva.page.locator(".printed-number b")).to_have_text("Paper quiz 4711")
    eva.open(f"{here}/quiz")
    size = eva.page.locator(".printed-large .printed-options span").first.evaluate(
        "span => getComputedStyle(span).fontSize"
    )
    assert float(size.removesuffix("px")) >= 16
