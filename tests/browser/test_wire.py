"""What goes over the wire."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.inspection import Walk
from tests.browser.visitor import Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser


@dataclass
class Wire:
    """What a page has fetched so far."""

    requests: list[str] = field(default_factory=list)
    size: int = 0

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


def _icon(page: Page) -> tuple[str, int]:
    """The site's icon, which this browser never fetches without a window, and its size."""
    address = urljoin(page.url, page.locator("link[rel=icon]").get_attribute("href") or "")
    with urllib.request.urlopen(address) as icon:  # noqa: S310 - our own site
        return address, len(icon.read()) + len(str(icon.headers))


def test_a_lesson_is_40_kb_at_first_and_2_kb_later(visit: Callable[..., Visitor]) -> None:
    lessons = visit().lessons()
    assert len(lessons) >= 6
    for lesson in lessons:
        ana = visit()  # with an empty cache
        first = Wire.of(ana.page)
        ana.open(lesson)
        icon, size = _icon(ana.page)
        assert len({*first.requests, icon}) <= 5, first.requests
        assert 0 < first.size + size <= 40 * 1024, lesson

        ana.open("about:blank")
        again = Wire.of(ana.page)
        ana.open(lesson)
        assert lesson in again.requests[0]
        assert 0 < again.size < 2 * 1024, lesson


def test_no_page_asks_anybody_else(walked: Walk, site: Site) -> None:
    ours = {urlsplit(site.address).netloc, urlsplit(site.named).netloc}
    assert {host for seen in walked.seen.values() for host in seen.hosts} == ours


def test_no_page_makes_the_browser_complain(walked: Walk) -> None:
    for name, complaints in walked.amiss("complaints").items():
        # A page that says what went wrong is an answer, too, and the browser notes its status;
        # to come to some of them takes several tries.
        status = "status of 5" if "500" in name else "status of 4"
        assert all(f"the server responded with a {status}" in c for c in complaints), name


def test_one_cookie_is_all_that_is_left_in_the_browser(walked: Walk) -> None:
    assert walked.cookies == ["learn_all"]
    assert walked.stored == 0
