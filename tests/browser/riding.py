"""What somebody does whose network comes and goes, and what the site has by then."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from typing import Any
from uuid import UUID

from playwright.sync_api import Page

from tests.browser.network import Loss, Network
from tests.browser.visitor import Visitor
from tests.learn.people import right_answer
from tests.serving import Site

QUIZ = "/quizzes/lesson/what-is-all"
HAS_WORKER = "async () => navigator.serviceWorker.controller !== null"
IS_AHEAD = """async () => {
  const { ahead } = document.querySelector('[data-owner]').dataset;
  const [name] = (await caches.keys()).filter(name => name.endsWith(' quiz'));
  return navigator.serviceWorker.controller && name
    && (await (await caches.open(name)).keys()).length === ahead.split(' ').length;
}"""
_COUNT = """async () => {
  const stores = await new Promise(done => {
    const asked = indexedDB.open(`learn-all ${document.documentElement.dataset.home}`);
    asked.onsuccess = () => done(asked.result);
  });
  const asked = stores.transaction('STORE').objectStore('STORE').count();
  const count = await new Promise(done => { asked.onsuccess = () => done(asked.result); });
  stores.close();
  return count;
}"""
COUNT_WAITING = _COUNT.replace("STORE", "answers")
COUNT_NEWS = _COUNT.replace("STORE", "news")  # of what was sent, and whose feedback wasn't seen


def wait_until(page: Page, is_so: str) -> None:
    """Wait until an asynchronous function in the page returns something true."""
    until = time.monotonic() + 20
    while not page.evaluate(is_so):
        assert time.monotonic() < until, is_so
        page.wait_for_timeout(50)


def lose(rider: Visitor, network: Network) -> None:
    """Lose the network, for the browser and for its service worker."""
    network.lose(Loss.EVERYTHING)
    rider.page.context.set_offline(True)


def find(rider: Visitor, network: Network) -> None:
    """Find it again."""
    network.lose(Loss.NOTHING)
    rider.page.context.set_offline(False)


def begin(rider: Visitor) -> str:
    """Answer the first question, and wait until the others are here; return the attempt's id."""
    rider.open(QUIZ)
    rider.answer(right_answer(rider.question))
    wait_until(rider.page, IS_AHEAD)
    return rider.path.split("/")[2]


def answered(site: Site, attempt: str) -> dict[int, Any]:
    """The answers of an attempt in the database, by position."""
    with closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT position, response FROM item WHERE attempt_id = ? AND answered_at IS NOT NULL",
            [UUID(attempt).bytes],
        ).fetchall()
    return {position: json.loads(response) for position, response in rows}
