"""The course without a network: what opens, what doesn't, and how to turn it off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.network import Loss, Network, network_to
from tests.browser.visitor import PHONE, Visitor
from tests.serving import Site, serving

pytestmark = pytest.mark.browser

_IS_KEPT = """async () => navigator.serviceWorker.controller
  && (await fetch(`${document.documentElement.dataset.home}offline?keep`)).status === 204"""
_KEPT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) texts.push(await (await cache.match(key)).text());
  }
  return texts;
}"""

_IS_OFF = """async () => (await navigator.serviceWorker.getRegistrations()).length === 0
  && (await caches.keys()).length === 0"""


@pytest.fixture
def network(site: Site) -> Iterator[Network]:
    with network_to(site.port) as found:
        yield found


@pytest.fixture
def context(browser: Browser, network: Network) -> Iterator[BrowserContext]:
    with browser.new_context(base_url=network.address, viewport=PHONE) as found:
        found.set_default_timeout(10_000)
        yield found


@pytest.fixture
def ana(context: BrowserContext) -> Visitor:
    return Visitor(context.new_page())


def _lose(ana: Visitor, network: Network) -> None:
    """Lose the network, for the browser and for its service worker."""
    network.lose(Loss.EVERYTHING)
    ana.page.context.set_offline(True)


def _wait_until(page: Page, is_so: str) -> None:
    """Wait until an asynchronous function in the page returns something true."""
    until = time.monotonic() + 20
    while not page.evaluate(is_so):
        assert time.monotonic() < until, is_so
        page.wait_for_timeout(50)


def _keep_course(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    _wait_until(ana.page, _IS_KEPT)


def test_after_one_lesson_the_whole_course_opens_without_a_network(
    ana: Visitor, network: Network
) -> None:
    lessons = ana.lessons()
    _keep_course(ana)
    _lose(ana, network)
    for lesson in lessons:
        ana.open(lesson)
        expect(ana.heading).not_to_have_text("You’re offline")
        assert ana.page.evaluate("document.styleSheets.length") == 1
    for address in ("/", "/lessons", "/glossary", "/lessons/paths/this-week", "/help/card"):
        ana.open(address)
        expect(ana.heading).not_to_have_text("You’re offline")
    ana.open("/lessons/paths/this-week")
    ana.follow("Start with step 1")
    expect(ana.page.get_by_text("Step 1 of 5")).to_be_visible()
    assert ana.page.locator("main svg[role=img], main figure svg").count() > 0


def test_get_help_says_when_it_was_saved_and_comes_from_the_network_first(
    ana: Visitor, network: Network
) -> None:
    _keep_course(ana)
    ana.open("/help")
    saved = ana.page.get_by_text("You’re offline. This page was saved on")
    expect(saved).to_be_hidden()
    _lose(ana, network)
    ana.open("/help")
    expect(saved).to_be_visible()
    assert ana.page.locator("main time").inner_text().endswith(("2025", "2026", "2027"))
    expect(ana.page.get_by_role("link", name="Call 911").first).to_be_visible()


def test_a_page_that_is_not_kept_says_so_and_leads_on(ana: Visitor, network: Network) -> None:
    _keep_course(ana)
    _lose(ana, network)
    ana.open("/progress")
    expect(ana.heading).to_have_text("You’re offline")
    ana.follow("See all lessons")
    expect(ana.heading).to_have_text("Lessons")

    ana.open("/progress")
    ana.page.context.set_offline(False)
    network.lose(Loss.NOTHING)
    ana.follow("Try again")
    expect(ana.heading).not_to_have_text("You’re offline")


def test_only_what_everybody_gets_is_kept(ana: Visitor) -> None:
    ana.begin("lesson/what-is-all")
    ana.open("/help")
    ana.page.locator("#care-numbers summary").click()
    ana.page.locator("input[name=daytime]").fill("555-0123")
    ana.press("Save the numbers")
    ana.open("/lessons/where-all-stands")
    ana.page.locator(".save-question button").first.click()
    ana.page.locator(".question-saved").first.wait_for()
    _keep_course(ana)
    texts: list[str] = ana.page.evaluate(_KEPT)
    assert len(texts) > 35
    for text in texts:
        assert "555-0123" not in text
        assert 'name="csrf_token"' not in text
        assert "question saved" not in text


def test_with_data_saver_only_the_pages_for_an_emergency_are_kept(ana: Visitor) -> None:
    saver = ana.page.context.new_cdp_session(ana.page)
    saver.send("Emulation.setDataSaverOverride", {"dataSaverEnabled": True})
    ana.open("/lessons/what-is-all")
    _wait_until(ana.page, "async () => navigator.serviceWorker.controller !== null")
    ana.page.wait_for_timeout(500)
    titles = {t.split("<title>")[1][:8] for t in ana.page.evaluate(_KEPT) if "<title>" in t}
    assert titles == {"Get help", "You’re o"}


def test_the_site_can_turn_it_off(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context(viewport=PHONE) as context:
        context.set_default_timeout(10_000)
        ana = Visitor(context.new_page())
        with serving(tmp_path / "data", workers=1) as on, network_to(on.port) as network:
            ana.open(f"{network.address}/lessons/what-is-all")
            _wait_until(ana.page, _IS_KEPT)
            on.stop()
            with serving(tmp_path / "data", workers=1, LEARN_OFFLINE="0") as off:
                network.lead_to(off.port)
                ana.open(f"{network.address}/lessons")
                _wait_until(ana.page, _IS_OFF)
                ana.page.reload()
                expect(ana.heading).to_have_text("Lessons")
                assert ana.page.evaluate(_IS_OFF)
