"""Requests and bytes of a first visit."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


@dataclass
class Wire:
    """The requests of a page so far."""

    requests: list[str] = field(default_factory=list)
    size: int = 0
    ended: int = 0

    @classmethod
    def of(cls, page: Page) -> Wire:
        found = cls()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", found._begin)
        session.on("Network.loadingFinished", found._end)
        session.send("Network.enable")
        return found

    def _begin(self, event: dict[str, Any]) -> None:
        self.requests.append(event["request"]["url"])

    def _end(self, event: dict[str, Any]) -> None:
        self.size += int(event["encodedDataLength"])
        self.ended += 1

    def wait(self, page: Page) -> None:
        """Wait until all that was requested has come."""
        while self.ended < len(self.requests):
            page.wait_for_timeout(10)


def _not_requested(page: Page) -> dict[str, int]:
    """The sizes of what a headless browser never requests: the site's icon and manifest."""
    sizes = {}
    for kind in ("icon", "manifest"):
        address = page.locator(f"link[rel={kind}]").get_attribute("href") or ""
        address = urljoin(page.url, address)
        with urllib.request.urlopen(address) as found:  # noqa: S310 - our own site
            sizes[address] = len(found.read()) + len(str(found.headers))
    return sizes


def test_a_lesson_is_40_kb_at_first_and_2_kb_later(ana: Visitor) -> None:
    lessons = ana.lessons()
    assert len(lessons) >= 6
    for lesson in lessons:
        _forget_everything(ana.page)
        first = Wire.of(ana.page)
        ana.open(lesson)
        first.wait(ana.page)
        more = _not_requested(ana.page)
        assert len({*first.requests, *more}) <= 5, first.requests
        size = first.size + sum(more.values())
        assert 0 < first.size < size <= 40 * 1024, lesson

        ana.open("about:blank")
        again = Wire.of(ana.page)
        ana.open(lesson)
        again.wait(ana.page)
        assert lesson in again.requests[0]
        assert 0 < again.size < 2 * 1024, lesson


def _forget_everything(page: Page) -> None:
    """Leave the site, with no cookie of it and an empty cache."""
    page.goto("about:blank")
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.detach()
