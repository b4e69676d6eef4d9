"""Pages in forced colors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import QUESTION_LAYOUTS, Visitor

pytestmark = pytest.mark.browser


_OUTLINE = "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth] }"


def test_in_forced_colors_answers_and_focus_are_seen(visit: Callable[..., Visitor]) -> None:
    ana = visit(forced_colors="active")
    left = {*QUESTION_LAYOUTS}
    while left:
        left.remove(ana.go_to_question_of_layout(left))
        _check_controls(ana.page)
        ana.answer_over_http(ana.path)


def _check_controls(page: Page) -> None:
    controls = page.locator(".answers input, .is-arranged button, .match-selects select:visible")
    for control in controls.all():
        expect(control).to_be_visible()
        page.keyboard.press("Tab")  # from now on focus is shown
        control.focus()
        own = "self::label or self::button or self::select"
        ring = control.locator(f"xpath=ancestor-or-self::*[{own}][1]")
        assert ring.evaluate(_OUTLINE) == ["solid", "3px"]
    page.locator("h1").click()
    choice = page.locator(".answers label").first
    if not choice.count():
        return
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
