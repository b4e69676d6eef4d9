"""Fixtures: a site, a real browser, and visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.contexts import Contexts
from tests.browser.inspection import is_complaint
from tests.browser.network import Network, network_to
from tests.browser.visitor import PHONE, Visitor, launched
from tests.serving import Site, serving


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site") / "data") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as found:
        yield found


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@pytest.fixture
def visit(contexts: Contexts, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a page for a new visitor, who has a phone unless other options are given.

    Any complaint in the console fails the test.
    """
    taken, complaints = [], list[str]()

    def listen(page: Page) -> None:
        page.on(
            "console",
            lambda said: is_complaint(said) and complaints.append(f"{page.url}: {said.text}"),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    def opened(**options: Any) -> Visitor:
        context = contexts.take({"base_url": site.address, "viewport": PHONE} | options)
        taken.append(context)
        context.on("page", listen)
        return Visitor(contexts.new_page(context))

    yield opened
    for context in taken:
        context.remove_listener("page", listen)
        contexts.give_back(context)
    # A page that says what went wrong is an answer, too, and the browser notes it.
    assert [c for c in complaints if "the server responded with a status of" not in c] == []


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    """Newly diagnosed, on her phone."""
    return visit()


@pytest.fixture
def network(site: Site) -> Iterator[Network]:
    """What lies between `rider` and the site."""
    with network_to(site.port) as found:
        yield found


@pytest.fixture
def context(browser: Browser, network: Network) -> Iterator[BrowserContext]:
    """A browser of its own behind `network`, with a service worker."""
    with browser.new_context(base_url=network.address, viewport=PHONE) as found:
        found.set_default_timeout(10_000)
        yield found


@pytest.fixture
def rider(context: BrowserContext) -> Visitor:
    """On the bus, where the network comes and goes."""
    return Visitor(context.new_page())
