"""One walk through every page in every state, and what was seen on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.states import states
from tests.browser.typefaces import TYPEFACES, shown_in
from tests.browser.visitor import PHONE
from tests.browser.zoom import NARROW, amiss_at_400, amiss_with_large_text
from tests.serving import Site

SCHEMES = ("light", "dark")
_AXE = Axe()

_SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.type !== 'hidden' && e.offsetParent && !e.closest('.hidden, .skip'))
  .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
  .filter(([e, box]) => Math.min(box.width, box.height) < 24)
  .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: `
    + e.outerHTML.slice(0, 90))"""


@dataclass
class Seen:
    """What one page was like in one state."""

    rules_broken: list[str] = field(default_factory=list)
    amiss_at_400: list[str] = field(default_factory=list)
    amiss_with_large_text: list[str] = field(default_factory=list)
    small_targets: list[str] = field(default_factory=list)
    language: str = ""
    title: str = ""
    main_headings: int = 0
    words: str = ""
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Walk:
    """All that was seen, by the name of the state, and what was left in the browser."""

    seen: dict[str, Seen] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    stored: int = 0

    def amiss(self, what: str) -> dict[str, Any]:
        """Where there was any of `what`."""
        return {name: found for name, seen in self.seen.items() if (found := getattr(seen, what))}


def walk(browser: Browser, site: Site) -> Walk:
    """See everything, once."""
    context = browser.new_context(
        base_url=site.address, viewport=PHONE, reduced_motion="reduce", accept_downloads=False
    )
    page = context.new_page()
    done, now = Walk(), Seen()

    def asked(request: Request) -> None:
        now.hosts.add(urlsplit(request.url).netloc)

    page.on("request", asked)
    page.on("console", lambda said: is_complaint(said) and now.complaints.append(said.text))
    page.on("pageerror", lambda error: now.complaints.append(str(error)))
    for name in states(page, site):
        _look(page, now)
        done.seen[name] = now
        now = Seen()
    done.cookies = sorted({cookie.get("name", "") for cookie in context.cookies()})
    done.stored = page.evaluate("localStorage.length + sessionStorage.length")
    context.close()
    return done


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the browser complains; what it has cleared at our wish, it only tells."""
    return not said.text.startswith("Clear-Site-Data header on")


def _look(page: Page, seen: Seen) -> None:
    seen.language = page.locator("html").get_attribute("lang") or ""
    seen.title = page.title()
    seen.main_headings = page.locator("h1").count()
    seen.words = page.locator("body").inner_text()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = _AXE.run(page, options={"resultTypes": ["violations"]})
        seen.rules_broken += [
            f"{scheme}: {broken['id']}: {[node['target'] for node in broken['nodes']]}"
            for broken in found.response["violations"]
        ]
    for typeface in TYPEFACES:
        with shown_in(typeface, page):
            _measure(page, seen, typeface)


def _measure(page: Page, seen: Seen, typeface: str) -> None:
    page.set_viewport_size(NARROW)
    small = page.evaluate(_SMALL_TARGETS)
    at_400 = amiss_at_400(page)
    large = amiss_with_large_text(page)
    page.set_viewport_size(PHONE)
    seen.small_targets += [f"{typeface}: {found}" for found in small]
    seen.amiss_at_400 += [f"{typeface}: {found}" for found in at_400]
    seen.amiss_with_large_text += [f"{typeface}: {found}" for found in large]
