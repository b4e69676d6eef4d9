"""A quiz that was begun goes on without a network; each answer is recorded once, when it's back."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.network import Loss, Network, network_to
from tests.browser.visitor import UNSURE, Visitor
from tests.learn.people import right_answer, wrong_answer
from tests.serving import Site

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
QUIZ = "/quizzes/lesson/what-is-all"
PASSPHRASE = "four small brown birds"
_IS_AHEAD = """async () => {
  const { ahead } = document.querySelector('[data-owner]').dataset;
  const [name] = (await caches.keys()).filter(name => name.endsWith(' quiz'));
  return navigator.serviceWorker.controller && name
    && (await (await caches.open(name)).keys()).length === ahead.split(' ').length;
}"""
_CACHED = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) texts.push(await (await cache.match(key)).text());
  }
  return texts;
}"""
_QUIZ_PAGES = """async () => {
  const names = (await caches.keys()).filter(name => name.endsWith(' quiz'));
  const kept = await Promise.all(names.map(async name => (await caches.open(name)).keys()));
  return kept.flat().length;
}"""


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


def wait_until(page: Page, is_so: str) -> None:
    until = time.monotonic() + 20
    while not page.evaluate(is_so):
        assert time.monotonic() < until, is_so
        page.wait_for_timeout(50)


def begin(ana: Visitor) -> str:
    """Answer the first question, and wait until the others are here; return the attempt's id."""
    ana.open(QUIZ)
    ana.answer(right_answer(ana.question))
    wait_until(ana.page, _IS_AHEAD)
    return ana.path.split("/")[2]


def lose(ana: Visitor, network: Network) -> None:
    network.lose(Loss.EVERYTHING)
    ana.page.context.set_offline(True)


def find(ana: Visitor, network: Network) -> None:
    network.lose(Loss.NOTHING)
    ana.page.context.set_offline(False)


def answer_offline(ana: Visitor, fields: Any) -> None:
    ana.choose(fields)
    before = ana.page.url
    ana.page.get_by_role("button", name="Check my answer").click()
    expect(ana.page.locator("[data-waiting]")).to_be_visible()
    ana.page.wait_for_function(
        "before => location.href !== before || !document.querySelector('form.question')", arg=before
    )


def answered(site: Site, attempt: str) -> dict[int, Any]:
    """The answers of an attempt in the database, by position."""
    with closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT position, response FROM item WHERE attempt_id = ? AND answered_at IS NOT NULL",
            [UUID(attempt).bytes],
        ).fetchall()
    return dict(rows)


def waits(ana: Visitor, words: str) -> None:
    expect(ana.page.locator("[data-waiting]")).to_contain_text(words)


def save_progress(ana: Visitor, nickname: str) -> None:
    ana.open("/keep")
    ana.page.locator("[name=nickname]").fill(nickname)
    ana.page.locator("[name=passphrase]").fill(PASSPHRASE)
    ana.press("Save my progress")


def test_a_quiz_goes_on_offline_and_its_answers_are_recorded_once(
    ana: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(ana)
    lose(ana, network)
    ana.go_on()
    given = 1
    while ana.is_asked:
        answer_offline(ana, wrong_answer(ana.question) if given % 2 else UNSURE)
        given += 1
        waits(ana, "One answer waits" if given == 2 else f"{given - 1} answers wait")
    expect(ana.heading).to_have_text("Your answer is saved on this device")
    assert len(answered(site, attempt)) == 1

    find(ana, network)
    waits(ana, "What you answered without a network is saved now.")
    found = answered(site, attempt)
    assert len(found) == given
    ana.page.locator("[data-waiting]").get_by_role("link", name="Question 2").click()
    expect(ana.heading).to_have_text(re.compile("Not quite right"))
    ana.page.reload()
    assert answered(site, attempt) == found


def test_a_question_page_can_be_loaded_again_and_its_first_answer_counts(
    ana: Visitor, network: Network, site: Site
) -> None:
    attempt = begin(ana)
    lose(ana, network)
    ana.go_on()
    second = ana.page.url
    answer_offline(ana, UNSURE)
    ana.open(second)
    waits(ana, "One answer waits")
    answer_offline(ana, right_answer(ana.question))
    assert ana.path.endswith("/3")
    find(ana, network)
    ana.page.evaluate("() => { dispatchEvent(new Event('online')); }")  # a new page missed it
    waits(ana, "What you answered")
    assert json.loads(answered(site, attempt)[2])["unsure"]


def test_the_first_question_waits_too(ana: Visitor, network: Network) -> None:
    ana.open(QUIZ)
    wait_until(ana.page, "async () => navigator.serviceWorker.controller !== null")
    lose(ana, network)
    answer_offline(ana, right_answer(ana.question))
    expect(ana.heading).to_have_text("Your answer is saved on this device")
    find(ana, network)
    waits(ana, "What you answered")
    ana.page.locator("[data-waiting]").get_by_role("link", name="Question 1").click()
    expect(ana.heading).to_have_text("That’s right")


def test_answers_outlive_saving_progress(ana: Visitor, network: Network, site: Site) -> None:
    attempt = begin(ana)
    lose(ana, network)
    ana.go_on()
    answer_offline(ana, UNSURE)
    network.lose(Loss.NOTHING)
    ana.page.context.route("**/offline/sender*", lambda route: route.abort())
    ana.page.context.set_offline(False)
    save_progress(ana, f"ana {attempt[:8]}")
    ana.page.goto("about:blank")  # so that no page is left that sends them, and tells it, first
    ana.page.context.unroute("**/offline/sender*")
    ana.open("/lessons")
    waits(ana, "What you answered")
    assert len(answered(site, attempt)) == 2


def test_signing_out_asks_first_and_leaves_nothing_on_the_device(
    ana: Visitor, network: Network
) -> None:
    attempt = begin(ana)
    save_progress(ana, f"ben {attempt[:8]}")
    ana.open(f"/quizzes/{attempt}")
    wait_until(ana.page, _IS_AHEAD)
    leaving = ana.page.context.new_page()
    leaving.goto("/sign-out")
    lose(ana, network)
    answer_offline(ana, UNSURE)
    leaving.bring_to_front()
    find(ana, network)
    network.lose(Loss.EVERYTHING)  # but the browser takes itself for online
    leaving.reload()
    network.lose(Loss.NOTHING)
    leaving.context.route("**/offline/sender*", lambda route: route.abort())
    leaving.goto("/sign-out")
    expect(leaving.locator("[data-waiting]")).to_contain_text("One answer waits")
    leaving.get_by_role("button", name="Sign out").click()
    expect(leaving.get_by_text("If you press the button again, they’re deleted.")).to_be_visible()
    leaving.get_by_role("button", name="Sign out").click()
    expect(leaving.locator("h1")).to_have_text("You’re signed out")
    assert leaving.evaluate(_QUIZ_PAGES) == 0
    leaving.goto("/lessons")
    leaving.wait_for_timeout(500)
    expect(leaving.locator("[data-waiting]")).to_have_count(0)


def test_nothing_personal_is_in_the_caches(ana: Visitor, network: Network) -> None:
    attempt = begin(ana)
    save_progress(ana, "Zebulon")
    ana.open(f"/quizzes/{attempt}")
    wait_until(ana.page, _IS_AHEAD)
    lose(ana, network)
    answer_offline(ana, UNSURE)
    texts: list[str] = ana.page.evaluate(_CACHED)
    assert len(texts) > 40
    for text in texts:
        assert "Zebulon" not in text
        assert not re.search(r"<(input|option)[^>]* (checked|selected)\b", text), "an answer"
        assert "<main" not in text or "part-feedback" not in text, "what is right, and why"
    ana.page.context.set_offline(False)


def test_when_the_quiz_is_finished_its_questions_are_let_go(ana: Visitor) -> None:
    attempt = begin(ana)
    ana.finish(f"/quizzes/{attempt}")
    ana.open(f"/quizzes/{attempt}/1")
    wait_until(ana.page, f"async () => (await ({_QUIZ_PAGES})()) === 0")
