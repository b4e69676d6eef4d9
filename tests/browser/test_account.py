"""Keeping progress, signing in and out, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, expect

from tests.browser.account_states import PASSPHRASE, code_on, fill
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def register(person: Visitor, nickname: str) -> str:
    person.open("/keep")
    fill(person, {"nickname": nickname, "passphrase": PASSPHRASE})
    person.press("Save my progress")
    return code_on(person)


def test_to_keep_by_keyboard_and_to_come_back_on_another_device(
    visit: Callable[..., Visitor],
) -> None:
    ana, ben = visit(), visit(java_script_enabled=False)
    ana.begin("lesson/what-is-all")
    ana.open("/keep")
    ana.page.locator("#nickname").focus()
    ana.page.keyboard.type("By keyboard")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type(PASSPHRASE)
    with ana.page.expect_navigation():
        ana.page.keyboard.press("Enter")
    expect(ana.heading).to_be_focused()

    ben.open("/sign-in")
    fill(ben, {"nickname": "by KEYBOARD", "passphrase": PASSPHRASE})
    ben.press("Sign in")
    expect(ben.page.get_by_text("Saved as By keyboard.")).to_be_visible()
    expect(ben.page.get_by_role("link", name="Continue the quiz")).to_be_visible()


def test_trouble_is_announced_and_leads_to_its_field(ana: Visitor) -> None:
    ana.open("/keep")
    ana.press("Save my progress")
    expect(ana.page.get_by_role("alert")).to_be_focused()
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("#nickname")).to_be_focused()


def test_the_code_survives_a_reload_and_a_double_click(ana: Visitor) -> None:
    code = register(ana, "Reloaded")
    ana.page.reload()
    assert code_on(ana) == code

    ana.open("/account/code")
    fill(ana, {"current": PASSPHRASE})
    ana.page.get_by_role("button", name="Get a new recovery code").dblclick()
    ana.page.locator(".recovery-code").wait_for()
    ana.page.wait_for_load_state("networkidle")  # of the second click, too
    second = code_on(ana)
    ana.page.reload()
    assert code_on(ana) == second != code


def test_after_signing_out_the_back_button_shows_nothing_of_somebody(ana: Visitor) -> None:
    register(ana, "Nobody sees me")
    pages = ("/progress", "/my-data", "/", "/account")
    for page in pages:
        ana.open(page)
    ana.press("Sign out")
    expect(ana.heading).to_have_text("You’re signed out")
    assert ana.page.context.cookies() == []
    for page in reversed(pages[:-1]):
        ana.page.go_back()
        if page == "/":
            ana.page.go_back()  # past the page with the button, which leads a guest to “Keep”
        assert ana.path == page
        words = ana.page.locator("body").inner_text()
        assert "Nobody sees me" not in words, page
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # it asks before it would send it again
        ana.page.go_back()


def test_the_code_prints_on_one_page_with_where_to_use_it(ana: Visitor) -> None:
    code = register(ana, "On paper")
    assert len(re.findall(rb"/Type */Page\b", ana.page.pdf(format="Letter"))) == 1
    ana.page.emulate_media(media="print")
    for told in (code, "On paper", "/recover"):
        expect(ana.page.get_by_text(told).first).to_be_visible()
    expect(ana.page.locator("main .button:visible")).to_have_count(0)


def test_a_passphrase_can_be_seen_and_is_hidden_again_when_it_is_sent(
    visit: Callable[..., Visitor],
) -> None:
    ana, ben = visit(), visit(java_script_enabled=False)
    ana.open("/keep")
    field = ana.page.locator("#passphrase")
    field.fill("short")
    ana.page.get_by_role("button", name="Show Passphrase").click()
    expect(field).to_have_attribute("type", "text")
    expect(field).to_be_focused()
    ana.page.evaluate(
        "addEventListener('submit', event => { document.title = document.querySelector("
        "'#passphrase').type; event.preventDefault(); })"
    )
    ana.page.keyboard.press("Enter")
    expect(ana.page).to_have_title("password")

    ben.open("/keep")
    expect(ben.page.locator("[data-shows]")).to_be_hidden()


def test_the_code_is_copied_with_one_press(visit: Callable[..., Visitor]) -> None:
    ana = visit(permissions=["clipboard-read", "clipboard-write"])
    code = register(ana, "Copied")
    ana.page.get_by_role("button", name="Copy the code").click()
    expect(ana.page.get_by_role("status")).to_have_text("Copied")
    assert ana.page.evaluate("navigator.clipboard.readText()") == code
    expect(ana.page.get_by_role("button", name="Print this page")).to_be_visible()
