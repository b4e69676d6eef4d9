"""Send a link to a lesson: by the device's sheet, by copying, or by hand without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser

LESSON = "/lessons/treatment"
SHEET = """() => {
  window.shared = [];
  navigator.share = async what => { window.shared.push(what); };
}"""
NO_SHEET = "() => { delete Navigator.prototype.share; }"


def _open(ana: Visitor, devices_sheet: str) -> Page:
    ana.page.add_init_script(f"({devices_sheet})()")
    ana.open(f"{LESSON}?path=this-week#why")
    return ana.page


def test_the_devices_sheet_gets_the_lessons_own_address(ana: Visitor, site: Site) -> None:
    page = _open(ana, SHEET)
    page.get_by_role("button", name="Share this lesson").click()
    title = ana.heading.text_content()
    assert page.evaluate("window.shared") == [{"title": title, "url": site.address + LESSON}]
    expect(page.locator(".share details")).to_be_hidden()


def test_the_link_is_copied_and_that_is_said(ana: Visitor, site: Site) -> None:
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = _open(ana, NO_SHEET)
    expect(page.get_by_role("button", name="Share this lesson")).to_be_hidden()
    button = page.get_by_role("button", name="Copy a link to share")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".share [role=status]")).to_have_text(
        "Link copied. You can paste it into a message."
    )
    assert page.evaluate("navigator.clipboard.readText()") == site.address + LESSON
    ana.page.context.clear_permissions()


def test_somebody_who_closes_the_sheet_is_told_nothing(ana: Visitor) -> None:
    closed = (
        "() => { navigator.share = async () => { throw new DOMException('', 'AbortError'); }; }"
    )
    page = _open(ana, closed)
    page.get_by_role("button", name="Share this lesson").click()
    page.wait_for_timeout(100)
    expect(page.locator(".share [role=status]")).to_have_text("")
    expect(page.locator(".share details")).to_be_hidden()


def test_without_a_script_the_link_is_there(visit: Callable[..., Visitor]) -> None:
    ben = visit(java_script_enabled=False)
    ben.open(f"{LESSON}?path=this-week")
    place = ben.page.locator(".share")
    expect(place.get_by_role("button")).to_have_count(0)
    place.locator("summary").click()
    link = place.get_by_role("link")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == LESSON
