"""Random orders of losing and finding the network, answering, and signing in: each answer once.

The real scripts run in a real browser, against the real server. `ORDERS` says how many, and `SEED`
which is the first.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from questions.model import Response
from tests.browser.network import Loss, Network
from tests.browser.riding import COUNT_WAITING
from tests.browser.visitor import Visitor, bank
from tests.learn.people import form_fields, wrong_response
from tests.serving import Site

pytestmark = pytest.mark.browser

ORDERS = int(os.environ.get("ORDERS", "25"))
SEED = int(os.environ.get("SEED", "0"))
STEPS = 12
QUIZZES = ("lesson/what-is-all", "topic/blood-cells", "topic/classification")
PASSPHRASE = "four small brown birds"
_NOBODY = """async () => {
  const stores = await new Promise(done => {
    const asked = indexedDB.open(`learn-all ${document.documentElement.dataset.home}`);
    asked.onsuccess = () => done(asked.result);
  });
  if (stores.objectStoreNames.length) await new Promise(done => {
    const change = stores.transaction(['answers', 'news'], 'readwrite');
    ['answers', 'news'].forEach(name => change.objectStore(name).clear());
    change.oncomplete = done;
  });
  stores.close();
}"""
_STATE = """() => ({
  asked: document.querySelector('form.question input[name=question]')?.value,
  isRefused: document.querySelector('main :is(.error-summary, #missing)') !== null,
  isBusy: document.querySelector('main')?.hasAttribute('aria-busy'),
})"""
_IS_STILL = "() => !document.querySelector('main')?.hasAttribute('aria-busy')"
_SEND = """([question, fields]) => {
  const form = document.querySelector('form.question'), main = form?.closest('main');
  const isAsked = form?.elements.question.value === question && !main.hasAttribute('aria-busy');
  if (!isAsked) return false;  // the page turned meanwhile
  form.querySelectorAll(':checked:not(option)').forEach(field => { field.checked = false; });
  form.querySelectorAll('select').forEach(field => { field.value = ''; });
  for (const [name, value] of fields) {
    const found = [...form.elements].filter(field => field.name === name);
    for (const field of found) {
      if (field.matches('select')) field.value = value;
      else if (field.value === value) field.checked = true;
    }
  }
  const rows = form.querySelector('[data-arrange]');  // sent as the cards stand
  const placeOf = card => Number(card.querySelector('select').value);
  rows?.append(...[...rows.children].sort((one, other) => placeOf(one) - placeOf(other)));
  const isUnsure = fields.some(([, value]) => value === '?');
  form.requestSubmit(isUnsure ? form.querySelector('button[value="?"]') : undefined);
  return true;
}"""
_NEXT = "() => document.querySelector('a.button[data-turn]')?.click()"
_SEND_NOW = "() => { dispatchEvent(new Event('online')); }"


class Order:
    """One learner, one quiz, and what happens to them in the order of a seed."""

    def __init__(self, page: Page, other: Page, network: Network, site: Site, seed: int) -> None:
        self.page, self.other, self.network, self.site = page, other, network, site
        self.random = Random(seed)  # noqa: S311 - not a secret
        self.nickname = f"walker {seed} {site.port}"
        self.is_registered = self.is_ended = False
        self.loss = Loss.NOTHING
        self.given: dict[str, list[Any]] = {}
        self.perhaps = set[str]()
        self.attempt = self._begin()

    def _begin(self) -> str:
        self.lose(Loss.NOTHING)
        self.page.context.clear_cookies()
        for page in (self.page, self.other):
            _open(page, "/offline")
        self.page.evaluate(_NOBODY)
        self._execute("DELETE FROM rate_limit")
        quiz = self.random.choice(QUIZZES)
        Visitor(self.page).answer_over_http(f"/quizzes/{quiz}")
        _open(self.page, f"/quizzes/{quiz}")
        return self.page.url.rpartition("/")[0].rpartition("/")[2]

    def run(self) -> None:
        """Take random steps, then find the network and everybody again."""
        acts: list[tuple[int, Callable[[], Any]]] = [
            (8, self.answer),
            (5, lambda: _evaluate(self.page, _NEXT)),
            (3, lambda: self.lose(Loss.EVERYTHING)),
            (2, lambda: self.lose(Loss.ANSWERS)),
            (3, lambda: self.lose(Loss.NOTHING)),
            (2, lambda: _evaluate(self.page, _SEND_NOW)),
            (2, lambda: _evaluate(self.other, _SEND_NOW)),
            (1, self.load_again),
            (1, self.register),
            (1, self.end_sessions),
        ]
        weights, choices = zip(*acts, strict=True)
        for act in self.random.choices(choices, weights, k=STEPS):
            act()
            self.page.wait_for_timeout(self.random.choice((0, 5, 30)))
        self.find_everything()

    def lose(self, what: Loss) -> None:
        self.loss = what
        self.network.lose(what)

    def answer(self) -> None:
        state = self._state()
        is_refused = self.is_ended and self.loss is Loss.NOTHING  # it is offered to be sent again
        if not state["asked"] or state["isBusy"] or is_refused:
            return
        question = bank().questions[state["asked"]]
        answers = question.right_response(), wrong_response(question), Response(unsure=True)
        response = self.random.choice(answers)
        fields = {"answer": ["?"]} if response.unsure else form_fields(question, response)
        pairs = [(n, v) for n, vs in fields.items() for v in ([vs] if isinstance(vs, str) else vs)]
        try:
            is_sent = self.page.evaluate(_SEND, [question.id, pairs])
        except Error:  # the page was left at that moment
            is_sent = True
            self.perhaps.add(question.id)
        if is_sent:
            self.given.setdefault(question.id, []).append(_comparable(response))

    def _state(self) -> dict[str, Any]:
        """What the page asks. If it asks for an answer again, nobody took the one before."""
        state: dict[str, Any] = _evaluate(self.page, _STATE)
        if state["isRefused"]:
            self.given.pop(state["asked"], None)
        return state

    def load_again(self) -> None:
        """Open the quiz again, if anything can be opened."""
        self.page.wait_for_function(_IS_STILL)
        self._state()
        try:
            self.page.goto(f"/quizzes/{self.attempt}")
        except Error:  # there is no network
            self.lose(Loss.NOTHING)
            _open(self.page, f"/quizzes/{self.attempt}")

    def register(self) -> None:
        """Save progress, or sign in again: a new account, or a new session."""
        self.lose(Loss.NOTHING)
        path = "/sign-in" if self.is_registered else "/keep"
        fields = {"nickname": self.nickname, "passphrase": PASSPHRASE, "mine": "yes"}
        request = self.page.context.request
        for _ in range(3):  # it asks to press again if another answer set the cookie meanwhile
            shown = request.get(path)
            if path not in shown.url:
                return
            hidden = dict(_hidden(shown.text()))
            sent = request.post(
                shown.url,
                data=urlencode(hidden | fields),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            if sent.status != 400:
                break
        assert sent.ok, sent.text()
        self.is_registered, self.is_ended = True, False

    def end_sessions(self) -> None:
        """End all sessions of the account, as another device does."""
        if not self.is_registered:
            return
        self.is_ended = True
        self.page.wait_for_function(
            "() => !document.querySelector('main')?.hasAttribute('aria-busy')"
        )
        self._execute(
            "DELETE FROM sign_in_session WHERE account_id ="
            " (SELECT account_id FROM sign_in WHERE nickname = ?)",
            self.nickname,
        )

    def _execute(self, text: str, *values: str) -> None:
        with closing(sqlite3.connect(self.site.database, timeout=20)) as database:
            database.execute(text, values)
            database.commit()

    def find_everything(self) -> None:
        """Find the network, sign in if somebody was, and wait until nothing waits."""
        self.page.wait_for_function(_IS_STILL)
        self._state()
        self.lose(Loss.NOTHING)
        if self.is_registered:
            self.register()
        _open(self.page, "/offline")
        until = time.monotonic() + 20
        while self._count_waiting() != 0:
            assert time.monotonic() < until, self.page.locator("main").inner_text()
            with suppress(Error):  # the page left for another meanwhile
                self.page.evaluate(_SEND_NOW)
            self.page.wait_for_timeout(20)

    def _count_waiting(self) -> int | None:
        """How many answers wait on the device; None if the page left meanwhile for another."""
        try:
            return int(self.page.evaluate(COUNT_WAITING))
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            return None

    def check(self) -> None:
        """Each answer is recorded, once: the first of those that were given."""
        with closing(sqlite3.connect(self.site.database, timeout=20)) as database:
            key = UUID(self.attempt).bytes
            rows = database.execute(
                "SELECT account_id, question_id, response FROM item"
                " WHERE attempt_id = ? AND answered_at IS NOT NULL",
                [key],
            ).fetchall()
            accounts = {row[0] for row in rows}
            assert len(accounts) == 1
            account = accounts.pop()
            attempts, reviews = (
                database.execute(text, [account]).fetchone()[0]
                for text in (
                    "SELECT count(*) FROM attempt WHERE account_id = ?",
                    "SELECT sum(reviews) FROM memory WHERE account_id = ?",
                )
            )
        assert attempts == 1
        assert reviews == len(rows)
        found = {row[1]: _comparable(Response.from_json(json.loads(row[2]))) for row in rows}
        begun = {*found} - {*self.given}
        assert len(begun) == 1
        assert {*self.given} - {*found} <= self.perhaps
        for question, given in self.given.items():
            if question not in found:
                continue
            assert found[question] == given[0] or (len(given) > 1 and found[question] in given)


def _evaluate(page: Page, script: str) -> Any:
    """Run a script in the page, or in the one that is opened at this moment."""
    try:
        return page.evaluate(script)
    except Error:
        page.wait_for_load_state()
        return page.evaluate(script)


def _open(page: Page, path: str) -> None:
    """Open a page, even if a script is opening another one at this moment."""
    try:
        page.goto(path)
    except Error:
        page.wait_for_load_state()
        page.goto(path)


def _hidden(html: str) -> list[tuple[str, str]]:
    return re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html)


def _comparable(response: Response) -> Any:
    """Return the answer whatever the order in which its options were chosen."""
    return response.unsure, {*response.chosen}, response.pairs, response.places


def test_each_answer_is_recorded_once_whatever_happens_to_the_network(
    context: BrowserContext, network: Network, site: Site
) -> None:
    page, other = context.new_page(), context.new_page()
    page.goto("/lessons")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    for seed in range(SEED, SEED + ORDERS):
        order = Order(page, other, network, site, seed)
        order.run()
        try:
            order.check()
        except AssertionError as error:
            raise AssertionError(f"in order {seed}: {error}") from error
