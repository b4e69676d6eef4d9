"""The course without a network: what opens, what doesn't, and how to turn it off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.network import Loss, Network, network_to
from tests.browser.riding import HAS_WORKER, lose, wait_until
from tests.browser.visitor import PHONE, Visitor
from tests.serving import serving

pytestmark = pytest.mark.browser

_IS_KEPT = """async () => navigator.serviceWorker.controller
  && (await fetch(`${document.documentElement.dataset.home}offline?keep`)).status === 204"""
_KEPT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const token = / quiz$/.test(name) ? / name="csrf_token" value="[^"]*"/g : /$^/; // their own
    for (const key of await cache.keys()) {
      texts.push((await (await cache.match(key)).text()).replace(token, ''));
    }
  }
  return texts;
}"""

_IS_OFF = """async () => (await navigator.serviceWorker.getRegistrations()).length === 0
  && (await caches.keys()).length === 0"""


def _keep_course(rider: Visitor) -> None:
    rider.open("/lessons/what-is-all")
    wait_until(rider.page, _IS_KEPT)


def test_after_one_lesson_the_whole_course_opens_without_a_network(
    rider: Visitor, network: Network
) -> None:
    lessons = rider.lessons()
    _keep_course(rider)
    lose(rider, network)
    for lesson in lessons:
        rider.open(lesson)
        expect(rider.heading).not_to_have_text("You’re offline")
        assert rider.page.evaluate("document.styleSheets.length") == 1
    for address in ("/", "/lessons", "/glossary", "/lessons/paths/this-week", "/help/card"):
        rider.open(address)
        expect(rider.heading).not_to_have_text("You’re offline")
    rider.open("/lessons/paths/this-week")
    rider.follow("Start with step 1")
    expect(rider.page.get_by_text("Step 1 of 5")).to_be_visible()
    assert rider.page.locator("main svg[role=img], main figure svg").count() > 0


def test_get_help_says_when_it_was_saved_and_comes_from_the_network_first(
    rider: Visitor, network: Network
) -> None:
    _keep_course(rider)
    rider.open("/help")
    saved = rider.page.get_by_text("You’re offline. This page was saved on")
    expect(saved).to_be_hidden()
    lose(rider, network)
    rider.open("/help")
    expect(saved).to_be_visible()
    assert rider.page.locator("main time").inner_text().endswith(("2025", "2026", "2027"))
    expect(rider.page.get_by_role("link", name="Call 911").first).to_be_visible()


def test_a_page_that_is_not_kept_says_so_and_leads_on(rider: Visitor, network: Network) -> None:
    _keep_course(rider)
    lose(rider, network)
    rider.open("/progress")
    expect(rider.heading).to_have_text("You’re offline")
    rider.follow("See all lessons")
    expect(rider.heading).to_have_text("Lessons")

    rider.open("/progress")
    again = rider.page.get_by_role("link", name="Try again", exact=True)
    expect(again).to_have_attribute("href", "")  # this page
    network.lose(Loss.NOTHING)
    rider.page.context.set_offline(False)  # and the page leaves by itself
    expect(rider.heading).not_to_have_text("You’re offline")


def test_only_what_everybody_gets_is_kept(rider: Visitor) -> None:
    rider.begin("lesson/what-is-all")
    rider.open("/help")
    rider.page.locator("[href='#care-now']").first.click()
    rider.page.locator("input[name=daytime]").fill("555-0123")
    rider.press("Save the numbers")
    rider.open("/lessons/where-all-stands")
    rider.page.locator(".save-question button").first.click()
    rider.page.locator(".question-saved").first.wait_for()
    _keep_course(rider)
    texts: list[str] = rider.page.evaluate(_KEPT)
    assert len(texts) > 35
    for text in texts:
        assert "555-0123" not in text
        assert 'name="csrf_token"' not in text
        assert "on your list" not in text


def test_with_data_saver_only_the_pages_for_an_emergency_are_kept(rider: Visitor) -> None:
    saver = rider.page.context.new_cdp_session(rider.page)
    saver.send("Emulation.setDataSaverOverride", {"dataSaverEnabled": True})
    rider.open("/lessons/what-is-all")
    wait_until(rider.page, HAS_WORKER)
    rider.page.wait_for_timeout(500)
    titles = {t.split("<title>")[1][:8] for t in rider.page.evaluate(_KEPT) if "<title>" in t}
    assert titles == {"Get help", "You’re o"}


def test_the_site_can_turn_it_off(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context(viewport=PHONE) as context:
        context.set_default_timeout(10_000)
        rider = Visitor(context.new_page())
        with serving(tmp_path / "data", workers=1) as on, network_to(on.port) as network:
            rider.open(f"{network.address}/lessons/what-is-all")
            wait_until(rider.page, _IS_KEPT)
            on.stop()
            with serving(tmp_path / "data", workers=1, LEARN_OFFLINE="0") as off:
                network.lead_to(off.port)
                rider.open(f"{network.address}/lessons")
                wait_until(rider.page, _IS_OFF)
                rider.page.reload()
                expect(rider.heading).to_have_text("Lessons")
                assert rider.page.evaluate(_IS_OFF)
