"""The care team's own numbers on the device, and the card for the fridge on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.account_states import PASSPHRASE, fill
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

STORED = "localStorage.getItem('care-numbers')"


def _save(ana: Visitor, daytime: str, nights: str = "") -> None:
    ana.open("/help")
    ana.page.locator("[href='#care-now']").first.click()
    ana.page.get_by_label("Daytime").fill(daytime)
    ana.page.get_by_label("Nights and weekends").fill(nights)
    ana.press("Save the numbers")


def _row(ana: Visitor, name: str) -> Locator:
    """Return the row of a number: which comes first rests on the hour."""
    return ana.page.locator(f".care-number[data-number='{name}']")


def _link(ana: Visitor) -> Locator:
    return ana.page.locator("#care-numbers a[href^='tel:']")


def test_without_the_cookie_the_device_still_shows_them_until_it_forgets(ana: Visitor) -> None:
    _save(ana, "555-010-1234 front desk", "1-800-555-HELP")
    expect(ana.page.locator("#care-numbers")).to_be_focused()
    expect(_link(ana)).to_have_attribute("href", "tel:5550101234")
    ana.page.context.clear_cookies()
    for path in ("/help", "/lessons/when-to-call"):
        ana.open(path)
        expect(_link(ana)).to_have_attribute("href", "tel:5550101234")
        expect(_link(ana)).to_be_in_viewport()
        expect(ana.page.locator("#care-numbers")).to_contain_text("1-800-555-HELP")
        assert ana.page.locator("#care-numbers").inner_text().count("555-010-1234") == 1
    ana.page.get_by_role("button", name="Remove from this device").click()
    expect(_link(ana)).to_be_hidden()
    assert ana.page.evaluate(STORED) is None
    ana.open("/help")
    expect(_link(ana)).to_be_hidden()


def test_what_looks_off_is_said_at_the_button_of_the_device_too(ana: Visitor) -> None:
    says = "This number has 8 digits. A US phone number has 10. Please check it."
    _save(ana, "206 555 01", "206-555-0142")
    ana.page.context.clear_cookies()
    ana.open("/help")
    expect(_row(ana, "daytime").locator("a.button")).to_have_attribute("href", "tel:20655501")
    expect(_row(ana, "daytime").get_by_text(says)).to_be_visible()
    expect(_row(ana, "daytime").get_by_role("link", name="Fix the number")).to_be_visible()
    expect(_row(ana, "nights").locator(".number-doubt")).to_be_hidden()


def test_removing_them_clears_the_device(ana: Visitor) -> None:
    _save(ana, "555-010-1234")
    assert "5550101234" in ana.page.evaluate(STORED)
    ana.follow("Change these numbers")
    ana.press("Remove the numbers, here and on this device")
    assert ana.page.evaluate(STORED) is None
    expect(_link(ana)).to_be_hidden()


def test_deleting_everything_clears_the_device(ana: Visitor) -> None:
    _save(ana, "555-010-1234")
    ana.open("/my-data/delete")
    ana.press("Yes, delete everything")
    expect(ana.page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
    assert ana.page.evaluate(STORED) is None


@pytest.mark.parametrize("path", ["/signed-out", "/my-data/deleted", "/help?numbers=gone"])
def test_a_link_of_another_site_takes_no_number_away(ana: Visitor, path: str) -> None:
    """After the cookie is gone, the copy on the device is all that there is."""
    _save(ana, "555-010-1234")
    ana.page.context.clear_cookies()
    ana.open(path)
    ana.open("/help")
    expect(_link(ana)).to_have_attribute("href", "tel:5550101234")


def test_a_shared_device_keeps_no_copy(ana: Visitor) -> None:
    """The next person on that device sees nothing of theirs."""
    _save(ana, "555-010-1234")
    ana.open("/keep")
    fill(ana, {"nickname": "Ana shared", "passphrase": PASSPHRASE})
    ana.page.locator("input[name=shared]").check()
    ana.press("Save my progress")
    ana.open("/help")
    expect(_link(ana)).to_have_attribute("href", "tel:5550101234")
    assert ana.page.evaluate(STORED) is None
    ana.page.context.clear_cookies()  # as when the browser closes
    ana.open("/help")
    expect(_link(ana)).to_be_hidden()


@pytest.mark.parametrize(
    "kept",
    [
        "x",
        "[]",
        "null",
        '{"daytime": 5}',
        '{"daytime": {"text": "<img src=x>", "shown": "x", "dial": "javascript:alert(1)"}}',
    ],
)
def test_what_else_is_stored_under_that_name_does_no_harm(ana: Visitor, kept: str) -> None:
    ana.open("/help")
    ana.page.evaluate("kept => localStorage.setItem('care-numbers', kept)", kept)
    ana.open("/help")
    expect(_link(ana)).to_have_count(0)
    assert ana.page.locator("#care-numbers img").count() == 0
    ana.page.evaluate("localStorage.clear()")


def test_a_number_and_the_fever_are_read_from_a_step_away_on_the_card(ana: Visitor) -> None:
    _save(ana, "206-555-0134", "206-555-0142 ask for heme on call")
    for clear in (False, True):  # of the account, and of the device
        if clear:
            ana.page.context.clear_cookies()
        ana.open("/help/card")
        ana.page.emulate_media(media="print")
        number = ana.page.locator(".fridge-card b", has_text="206-555-0142")
        expect(number).to_have_text("206-555-0142")
        size = "it => parseFloat(getComputedStyle(it).fontSize)"
        assert number.evaluate(size) >= 22  # pixels: 16 points
        assert ana.page.get_by_text("ask for heme on call").evaluate(size) < 16
        fever = ana.page.locator(".fridge-card strong", has_text="100.4°F").first
        assert fever.evaluate(size) >= 18
        ana.page.emulate_media(media="screen")


def _pages(page: Page, paper: str) -> int:
    pdf = page.pdf(format=paper)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_card_is_one_sheet_with_the_longest_numbers_or_none(ana: Visitor) -> None:
    ana.open("/help/card")
    for paper in ("Letter", "A4"):
        assert _pages(ana.page, paper) == 1, paper
    _save(ana, "x" * 100, "555-010-1234 " + "y" * 87)
    ana.open("/help/card")
    for paper in ("Letter", "A4"):
        assert _pages(ana.page, paper) == 1, paper
    ana.page.emulate_media(media="print")
    expect(ana.page.locator(".site-header")).to_be_hidden()
    expect(ana.page.locator(".site-footer")).to_be_hidden()
    expect(ana.page.get_by_text("555-010-1234")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 390])
def test_both_numbers_are_whole_on_the_home_page(visit: Callable[..., Visitor], width: int) -> None:
    ana = visit(viewport={"width": width, "height": 740})
    _save(ana, "206-555-0134", "206-555-0142 ask for heme on call")
    ana.open("/")
    for number in ("206-555-0134", "206-555-0142"):
        found = ana.page.locator(".urgent bdi", has_text=number)
        place = found.evaluate("it => [...it.getClientRects()].map(box => [box.right, box.height])")
        assert len(place) == 1
        assert place[0][0] <= width - 16
        assert place[0][1] < 40  # on one line
    expect(ana.page.locator(".urgent [data-number='nights']")).to_contain_text(
        "ask for heme on call"
    )
    assert ana.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-12-01T02:00:00", "Nights"),  # a Tuesday
        ("2026-12-01T10:00:00", "Daytime"),
        ("2026-12-05T10:00:00", "Nights"),  # a Saturday
    ],
)
def test_the_number_to_call_at_this_hour_comes_first(
    visit: Callable[..., Visitor], now: str, first: str
) -> None:
    ana = visit(timezone_id="America/New_York")
    _save(ana, "206-555-0142", "206-555-0199")
    ana.page.clock.install(time=datetime.fromisoformat(f"{now}-05:00"))
    number = {"Daytime": "tel:2065550142", "Nights": "tel:2065550199"}[first]
    for path in ("/help", "/lessons/when-to-call", "/", "/search?q=fever"):
        ana.open(path)
        expect(ana.page.locator("main a[href^='tel:206']").first).to_have_attribute("href", number)
    for path, box in (("/search", "main"), ("/glossary", "#site-search")):
        ana.open(path)
        if box != "main":
            ana.page.get_by_role("banner").get_by_role("button", name="Search").click()
        ana.page.locator(f"{box} [name=q]").fill("fever")  # what is found comes while they type
        ana.page.clock.run_for(1000)
        found = ana.page.locator(f"{box} .search-results a[href^='tel:206']")
        expect(found.first).to_have_attribute("href", number)
    ana.page.context.clear_cookies()
    for path in ("/help", "/search?q=fever"):
        ana.open(path)
        expect(_shown(ana).first).to_have_attribute("href", number)


def _shown(ana: Visitor) -> Locator:
    return ana.page.locator("main a[href^='tel:206']").filter(visible=True)
