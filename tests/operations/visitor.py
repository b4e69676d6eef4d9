"""A visitor who comes back after each outage, and sends again what was cut off."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from random import Random

from tests.operations.browser import Browser, Form, Page, Values, over_http
from tests.operations.ledger import Doubt, Person, Tally
from tests.operations.traffic import Traffic

_OTHERS_PAGES = {"delete", "sign in", "sign out", "save"}
"""While one of these is in doubt, nobody knows whose pages this browser sees."""

_AWAY = 503
_ANEW = {"passphrase", "current", "csrf_token"}  # typed again, or made again


class Stopped(Exception):  # noqa: N818 - no error: the run is over
    """The client has found a failure that it can't go on from."""


class Visitor:
    """One browser: its requests, through outages."""

    def __init__(
        self, name: str, rng: Random, port: Callable[[], int], traffic: Traffic, tally: Tally
    ) -> None:
        self.name = name
        self.rng = rng
        self.tally = tally
        self.people: list[Person] = []
        self.doubt: Doubt | None = None
        self._port = port
        self.traffic = traffic
        self.begin_anew()

    def begin_anew(self) -> None:
        """Become somebody else, in an empty browser at another address."""
        self.person = self.new_person()
        address = ".".join(str(self.rng.randrange(1, 255)) for _ in range(4))
        self.browser = Browser(over_http(self._port), address)

    def new_person(self) -> Person:
        person = Person(f"{self.name}{len(self.people)}z{self.rng.randrange(16**6):06x}")
        self.people.append(person)
        return person

    def get(self, address: str) -> Page:
        """Open a page, again after an outage."""
        self.doubt = None
        while True:
            page = self._tried(lambda: self.browser.get(address))
            if page is not None:
                if page.status != 200:
                    self.fail(f"{page.status} at {address}")
                return page
            self._wait()

    def send(self, doubt: Doubt, form: Form, *tabs: Values) -> Page:
        """Send a form from as many tabs at once, again after an outage, until it is acknowledged.

        The doubt is open until the caller has noted what was acknowledged, and opens a page.
        """
        self.doubt = doubt
        while True:
            pages: list[Page | None] = [None] * len(tabs)

            def post(number: int, values: Values, pages: list[Page | None] = pages) -> None:
                pages[number] = self._tried(
                    lambda: self.browser.post(form, values), doubt.kind, values
                )

            others = [threading.Thread(target=post, args=one) for one in list(enumerate(tabs))[1:]]
            for tab in others:
                tab.start()
            post(0, tabs[0])
            for tab in others:
                tab.join()
            for page in pages:
                if page is not None:
                    return page
            self._wait()
            self.tally.add("sent again")
            self._look_around()

    def fail(self, message: str) -> None:
        """Note a failure and end."""
        self.tally.add_failure(f"{self.person.name}: {message}")
        raise Stopped

    def _wait(self) -> None:
        """Wait until everything is up again."""
        self.traffic.park()
        if self.tally.failures:
            raise Stopped

    def _tried(
        self, request: Callable[[], Page], kind: str = "", values: Values | None = None
    ) -> Page | None:
        """The answer to a request; None if an outage cut it off.

        While the database is away, the site says so, and shows what was typed again.
        """
        try:
            with self.traffic.request(self, kind):
                page = request()
        except (OSError, http.client.HTTPException) as error:
            if not (self.traffic.is_down and self.traffic.site_can_be_gone):
                self.tally.add_failure(f"{self.person.name}: {error!r}, though the site was up")
            return None
        if page.status >= 500:
            if not self.traffic.is_down:
                self.tally.add_failure(f"{page.status} at {page.address}, though nothing was down")
            elif page.status != _AWAY or not page.header("retry-after"):
                self.tally.add_failure(f"{page.status} at {page.address} while something was down")
            elif lost := {v for v in values or [] if v[0] not in _ANEW} - _on(page):
                self.tally.add_failure(f"{lost} is not on the page {page.address} again")
            self.tally.add("refused while something was down")
            return None
        return page

    def _look_around(self) -> None:
        """See over HTTP that what was acknowledged is there, as somebody does who is worried."""
        if self.doubt is not None and self.doubt.kind in _OTHERS_PAGES:
            return
        person = self.person
        if person.answers:
            attempt, position = self.rng.choice(sorted(person.answers))
            page = self._seen(f"/quizzes/{attempt}/{position}")
            if page is not None and (page.status != 200 or page.form("question")):
                self.tally.add_failure(f"{page.address} shows no feedback any more")
        if person.lines and (page := self._seen("/care-team")) is not None:
            for line in person.lines:
                if line not in page.text:
                    self.tally.add_failure(f"the line {line} is not on the page")

    def _seen(self, address: str) -> Page | None:
        return self._tried(lambda: self.browser.get(address))


def _on(page: Page) -> set[tuple[str, str]]:
    """What the forms on a page send again."""
    return {(one.name, one.value) for form in page.forms for one in form.fields}
