"""Browser contexts for one visitor after another.

To start a context, and the processes that it needs, takes longer than most pages.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page


class Contexts:
    """Contexts that no test uses now, by their options: without cookies, but with a warm cache.

    No service worker outlives its test, since none is there.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._options: dict[BrowserContext, str] = {}

    def take(self, options: dict[str, Any]) -> BrowserContext:
        """Return a context with these options, for one test alone."""
        key = repr(sorted(options.items()))
        if free := self._free.get(key):
            context = free.pop()
            context.grant_permissions(options.get("permissions", []))
            return context
        context = self._browser.new_context(service_workers="block", **options)
        context.set_default_timeout(5_000)
        self._options[context] = key
        return context

    def new_page(self, context: BrowserContext) -> Page:
        """Open the first page of a visitor, and close those of the one before."""
        left = context.pages
        page = context.new_page()
        for other in left:  # not earlier, so that the site's process goes on
            other.close()
        return page

    def give_back(self, context: BrowserContext) -> None:
        """Forget the visitor. One page stays open until the next visitor opens one."""
        if context not in self._browser.contexts:
            return  # a test closed it
        for page in context.pages[1:]:
            page.close()
        if not self._has_its_own_time(context.pages[0]):
            context.close()
            return
        self._forget_what_the_page_keeps(context.pages[0])
        context.clear_cookies()
        context.clear_permissions()
        self._free.setdefault(self._options[context], []).append(context)

    def _has_its_own_time(self, page: Page) -> bool:
        """Return whether no test has set the clock, which stays so, as far as the page can say."""
        try:
            return not page.evaluate("'__pwClock' in window")
        except Error:  # on its way to another page
            return False

    def _forget_what_the_page_keeps(self, page: Page) -> None:
        """Empty the storage of the site that the page is of, as on another person's device."""
        address = urlsplit(page.url)
        if not address.scheme.startswith("http"):
            return
        session = page.context.new_cdp_session(page)
        session.send(
            "Storage.clearDataForOrigin",
            {
                "origin": f"{address.scheme}://{address.netloc}",
                "storageTypes": "local_storage,indexeddb,cache_storage",
            },
        )
        session.detach()
