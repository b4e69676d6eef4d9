"""Fixtures: a site, a real browser, and visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.inspection import is_complaint
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


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a new browser context, for a phone unless other options are given.

    Any complaint in the console fails the test.
    """
    contexts, complaints = [], list[str]()

    def listen(page: Page) -> None:
        page.on(
            "console",
            lambda said: is_complaint(said) and complaints.append(f"{page.url}: {said.text}"),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    def opened(**options: Any) -> Visitor:
        context = browser.new_context(**({"base_url": site.address, "viewport": PHONE} | options))
        context.set_default_timeout(5_000)
        contexts.append(context)
        context.on("page", listen)
        return Visitor(context.new_page())

    yield opened
    for context in contexts:
        context.close()
    # A page that says what went wrong is an answer, too, and the browser notes it.
    assert [c for c in complaints if "the server responded with a status of" not in c] == []


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    """Newly diagnosed, on her phone."""
    return visit()
