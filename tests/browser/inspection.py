"""Visit every state once, and record what the tests check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.states import states
from tests.browser.typefaces import NARROW as NARROW_FACE
from tests.browser.typefaces import TYPEFACES, WIDE, shown_in
from tests.browser.visitor import PHONE
from tests.browser.zoom import (
    AT_400,
    NARROW,
    errors_at_400,
    errors_with_large_text,
    text_of_twice_the_size,
)
from tests.every import EVERY
from tests.serving import Site

_COLORS = ["color-contrast", "link-in-text-block"]
_RULES: dict[tuple[str, bool], dict[str, Any]] = {
    ("light", True): {},
    ("light", False): {"rules": {rule: {"enabled": False} for rule in _COLORS}},
    ("dark", True): {"runOnly": {"type": "rule", "values": _COLORS}},
}
"""The axe rules for each color scheme, and for whether any text looks new in it."""
_AXE = f"window.loadAxe = () => {{ {Axe().axe_script} }}"
"""Defines axe on every page, so that it need not be sent to each one; most never run it."""
_BROKEN = """options => {
  if (!window.axe) loadAxe();
  return axe.run({resultTypes: ['violations'], ...options}).then(found =>
    found.violations.map(rule => [rule.id, rule.nodes.map(node => node.target)]));
}"""
_LOOKS = """() => {
  const ground = new Map();
  const behind = e => {
    if (!e) return '';
    if (!ground.has(e)) {
      const s = getComputedStyle(e);
      const own = ['backgroundColor', 'backgroundImage', 'opacity', 'filter', 'mixBlendMode',
        'position', 'zIndex', 'transform', 'visibility', 'clipPath'].filter(name =>
        !['rgba(0, 0, 0, 0)', 'none', '1', 'normal', 'static', 'auto', 'visible'].includes(s[name]))
        .map(name => name + ':' + s[name]).join();
      ground.set(e, own ? behind(e.parentElement) + '/' + own : behind(e.parentElement));
    }
    return ground.get(e);
  };
  const letters = (e, s) => [s.color, s.fill, s.fontSize, s.fontWeight, s.fontStyle, s.textShadow,
    s.textDecoration, s.borderBottom, e.matches(':disabled, [aria-disabled=true]')].join();
  const text = e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const looks = e => {
    const found = letters(e, getComputedStyle(e)) + behind(e), link = e.closest('a');
    const around = link?.parentElement;  // a link is told from it
    return !around ? found : [found, letters(link, getComputedStyle(link)), text(around),
      letters(around, getComputedStyle(around))].join(' in ');
  };
  return [...new Set([...document.querySelectorAll('body, body *')].filter(e =>
    text(e) || e.matches('input, select, textarea')).map(looks))];
}"""
"""How text looks: all that the rules for colors look at, of each element with text and of what it
lies in, each look once."""

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
    stored: list[str] = field(default_factory=list)

    def states_with(self, what: str) -> dict[str, Any]:
        """Where there was any of `what`."""
        return {name: found for name, seen in self.seen.items() if (found := getattr(seen, what))}


def walk(browser: Browser, site: Site) -> Walk:
    """Visit every state, once."""
    context = browser.new_context(
        base_url=site.address,
        viewport=PHONE,
        reduced_motion="reduce",
        accept_downloads=False,
        service_workers="block",
    )
    page = ready_for_axe(context.new_page())
    done, now = Walk(), Seen()

    def on_request(request: Request) -> None:
        now.hosts.add(urlsplit(request.url).netloc)

    page.on("request", on_request)
    page.on("console", lambda said: is_complaint(said) and now.complaints.append(said.text))
    page.on("pageerror", lambda error: now.complaints.append(str(error)))
    colors = Colors()
    try:
        for name in states(page, site):
            look(page, now, colors)
            done.seen[name] = now
            now = Seen()
    except Exception as error:
        error.add_note(f"after {[*done.seen][-1:]}, at {page.url}: {page.inner_text('main')}")
        raise
    done.cookies = sorted({cookie.get("name", "") for cookie in context.cookies()})
    done.stored = page.evaluate("Object.keys({...localStorage, ...sessionStorage})")
    context.close()
    return done


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether a console message is a complaint.

    It's none if it is a note about what the site had it clear, about a test without a worker, or
    about the search box, which takes the focus when it's opened, and never when the page is.
    """
    notes = (
        "Clear-Site-Data header on",
        "Service Worker registration blocked by Playwright",
        "Autofocus processing was blocked",
    )
    return not said.text.startswith(notes)


class Colors:
    """The looks of text that were checked before, in each color scheme."""

    def __init__(self) -> None:
        self._checked: dict[str, set[str]] = {"light": set(), "dark": set()}

    def are_new(self, page: Page, scheme: str) -> bool:
        """Tell whether any text on the page looks as none did before."""
        looks, checked = {*page.evaluate(_LOOKS)}, self._checked[scheme]
        new = not looks <= checked
        checked |= looks
        return new


def ready_for_axe(page: Page) -> Page:
    """Define axe on all that is opened in `page` from now on."""
    page.add_init_script(_AXE)
    return page


def look(page: Page, seen: Seen, colors: Colors) -> None:
    """Note what there is to see on the page, in each scheme, typeface, and size."""
    seen.language, seen.title, seen.main_headings, seen.words = page.evaluate(_ALOUD)
    seen.rules_broken += _rules_broken(page, colors)
    page.set_viewport_size(AT_400)
    seen.errors_at_400 += _in_typefaces(page, errors_at_400, WIDE)
    page.set_viewport_size(NARROW)
    seen.small_targets += _in_typefaces(page, _small_targets, NARROW_FACE)
    with text_of_twice_the_size(page):
        seen.errors_with_large_text += _in_typefaces(page, errors_with_large_text, WIDE)
    page.set_viewport_size(PHONE)


def _rules_broken(page: Page, colors: Colors) -> Iterator[str]:
    """Check the rules for colors in both schemes, where any text looks new, and all others once."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        rules = _RULES.get((scheme, colors.are_new(page, scheme)))
        if rules is not None:
            for rule, where in page.evaluate(_BROKEN, rules):
                yield f"{scheme}: {rule}: {where}"


def _small_targets(page: Page) -> list[str]:
    return list(page.evaluate(_SMALL_TARGETS))


def _in_typefaces(page: Page, find: Callable[[Page], list[str]], likeliest: str) -> Iterator[str]:
    """Yield what `find` finds on the page, in the typeface that is likeliest to show it."""
    for typeface in TYPEFACES if EVERY else (likeliest,):
        with shown_in(typeface, page):
            yield from (f"{typeface}: {found}" for found in find(page))
