"""Visit every state once, and record what the tests check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.states import states
from tests.browser.typefaces import TYPEFACES, shown_in
from tests.browser.visitor import PHONE
from tests.browser.zoom import errors_at_400, errors_with_large_text
from tests.serving import Site

COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SCHEMES: dict[str, dict[str, Any]] = {"light": {}, "dark": COLORS}
"""The axe rules for each color scheme: all in the first, only colors in the other."""
_AXE = Axe().axe_script
_BROKEN = """options => axe.run({resultTypes: ['violations'], ...options}).then(found =>
  found.violations.map(rule => [rule.id, rule.nodes.map(node => node.target)]))"""

_ALOUD = """() => [document.documentElement.lang, document.title,
  document.querySelectorAll('h1').length, document.body.innerText]"""
_SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.type !== 'hidden' && e.offsetParent && !e.closest('.visually-hidden, .skip-link'))
  .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
  .filter(([e, box]) => Math.min(box.width, box.height) < 24)
  .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: `
    + e.outerHTML.slice(0, 90))"""


@dataclass
class Seen:
    """What was recorded about one state."""

    rules_broken: list[str] = field(default_factory=list)
    errors_at_400: list[str] = field(default_factory=list)
    errors_with_large_text: list[str] = field(default_factory=list)
    small_targets: list[str] = field(default_factory=list)
    language: str = ""
    title: str = ""
    main_headings: int = 0
    words: str = ""
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Walk:
    """All records by state, and what was left in the browser."""

    seen: dict[str, Seen] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    stored: int = 0

    def states_with(self, what: str) -> dict[str, Any]:
        """Where there was any of `what`."""
        return {name: found for name, seen in self.seen.items() if (found := getattr(seen, what))}


def walk(browser: Browser, site: Site) -> Walk:
    """Visit every state, once."""
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
        look(page, now)
        done.seen[name] = now
        now = Seen()
    done.cookies = sorted({cookie.get("name", "") for cookie in context.cookies()})
    done.stored = page.evaluate("localStorage.length + sessionStorage.length")
    context.close()
    return done


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether a console message is a complaint, and not a note about what the site had it clear."""
    return not said.text.startswith("Clear-Site-Data header on")


def look(page: Page, seen: Seen) -> None:
    """Note what there is to see on the page, in each scheme, typeface, and size."""
    seen.language, seen.title, seen.main_headings, seen.words = page.evaluate(_ALOUD)
    page.evaluate(_AXE)
    for scheme, options in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        broken = page.evaluate(_BROKEN, options)
        seen.rules_broken += [f"{scheme}: {rule}: {where}" for rule, where in broken]
    for typeface in TYPEFACES:
        with shown_in(typeface, page):
            seen.errors_at_400 += [f"{typeface}: {found}" for found in errors_at_400(page)]
            found_large = errors_with_large_text(page)
            seen.errors_with_large_text += [f"{typeface}: {found}" for found in found_large]
            # The window is still the narrow one.
            seen.small_targets += [f"{typeface}: {e}" for e in page.evaluate(_SMALL_TARGETS)]
    page.set_viewport_size(PHONE)
