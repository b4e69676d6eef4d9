"""Every page in every state, for people who see, hear and move in other ways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.states import states
from tests.browser.visitor import FORMS, Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
SCHEMES = ("light", "dark")


def _rules_broken(axe: Axe, page: Page, scheme: str) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = axe.run(page, options={"resultTypes": ["violations"]})
    return [
        f"{scheme}: {broken['id']}: {', '.join(str(n['target']) for n in broken['nodes'])}"
        for broken in found.response["violations"]
    ]


def test_no_page_breaks_a_rule_of_accessibility_in_light_or_dark(
    visit: Callable[..., Visitor], site: Site
) -> None:
    page = visit().page
    axe = Axe()
    broken = {
        name: found
        for name in states(page, site)
        if (found := [b for scheme in SCHEMES for b in _rules_broken(axe, page, scheme)])
    }
    assert broken == {}


_TOO_WIDE = """() => {
  const wide = document.scrollingElement.scrollWidth - innerWidth;
  if (wide <= 0) return null;
  const out = [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.hidden'));
  return wide + ' px too wide: ' + (out.at(-1)?.outerHTML ?? '').slice(0, 90);
}"""
_LARGE_TEXT = "size => { document.documentElement.style.fontSize = size }"
_CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => getComputedStyle(e).overflowX !== 'visible' && !e.closest('.hidden, svg, progress'))
  .filter(e => e.scrollWidth > e.clientWidth + 1 && !e.closest('select, .scroll'))
  .map(e => e.outerHTML.slice(0, 90))"""
_SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.type !== 'hidden' && e.offsetParent && !e.closest('.hidden, .skip'))
  .filter(e => getComputedStyle(e).display !== 'inline' || e.closest('li > a:only-child'))
  .map(e => [e, (e.closest('label') ?? e).getBoundingClientRect()])
  .filter(([e, box]) => Math.min(box.width, box.height) < 24)
  .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: `
    + e.outerHTML.slice(0, 90))"""


def test_every_page_fits_a_narrow_window_and_text_of_twice_the_size(
    visit: Callable[..., Visitor], site: Site
) -> None:
    page = visit(viewport=NARROW).page
    amiss = {}
    for name in states(page, site):
        found = [page.evaluate(_TOO_WIDE), *page.evaluate(_CUT_OFF), *page.evaluate(_SMALL_TARGETS)]
        page.evaluate(_LARGE_TEXT, "237.5%")
        found += [large and f"large text: {large}" for large in (page.evaluate(_TOO_WIDE),)]
        page.evaluate(_LARGE_TEXT, "")
        if found := [f for f in found if f]:
            amiss[name] = found
    assert amiss == {}, "\n".join(f"{name}: {found}" for name, found in amiss.items())


def test_every_page_says_its_language_its_title_and_one_main_heading(
    visit: Callable[..., Visitor], site: Site
) -> None:
    page = visit().page
    amiss = {}
    for name in states(page, site):
        found = (
            page.locator("html").get_attribute("lang"),
            page.locator("h1").count(),
            page.title().endswith(". Learn ALL"),
            page.locator("main").count(),
            page.get_by_text("It is not medical advice.").is_visible(),
            page.locator("header").get_by_role("link", name="Get help").is_visible(),
        )
        if found != ("en", 1, True, 1, True, True):
            amiss[name] = found
    assert amiss == {}, "\n".join(f"{name}: {found}" for name, found in amiss.items())


_OUTLINE = "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth] }"


def test_in_forced_colors_answers_and_focus_are_seen(visit: Callable[..., Visitor]) -> None:
    ana = visit(forced_colors="active")
    left = {*FORMS}
    while left:
        left.remove(ana.meet(left))
        _check_controls(ana.page)
        ana.answer_unseen(ana.path)


def _check_controls(page: Page) -> None:
    controls = page.locator(".question .answers input, .question select")
    for control in controls.all():
        expect(control).to_be_visible()
        page.keyboard.press("Tab")  # from now on focus is shown
        control.focus()
        ring = control.locator("xpath=ancestor-or-self::*[self::label or self::select][1]")
        assert ring.evaluate(_OUTLINE) == ["solid", "3px"]
    page.locator("h1").click()
    choice = page.locator(".answers label").first
    before = choice.evaluate(_OUTLINE)
    choice.locator("input").check()
    page.locator("h1").click()
    assert choice.evaluate(_OUTLINE) != before


_COLORS = """all => all.flatMap(e => {
  const style = getComputedStyle(e);
  return [style.fill, style.stroke];
})"""


def test_in_forced_colors_pictures_are_drawn_in_the_colors_of_the_reader(
    visit: Callable[..., Visitor],
) -> None:
    ana = visit(forced_colors="active", color_scheme="dark")
    pictures = 0
    for lesson in ana.lessons():
        ana.open(lesson)
        shapes = ana.page.locator("figure > svg :is(path, circle, ellipse, rect, text)")
        pictures += shapes.count() > 0
        assert {*shapes.evaluate_all(_COLORS)} <= {"none", "rgb(255, 255, 255)", "rgb(0, 0, 0)"}
    assert pictures >= 4
