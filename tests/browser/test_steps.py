"""Pictures in steps: one step at a time, without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LESSON = "/lessons/ph-positive-all"
STEPS = 5


def _steps(page: Page) -> Locator:
    return page.locator("#figure-chromosome-swap > figure")


def _shown(page: Page) -> list[int]:
    """The numbers of the steps that are seen."""
    return [n for n, step in enumerate(_steps(page).all(), 1) if step.is_visible()]


@pytest.mark.parametrize("scripts", [True, False])
def test_next_and_back_lead_through_all_steps_with_scripts_or_without(
    visit: Callable[..., Visitor], scripts: bool
) -> None:
    ana = visit(java_script_enabled=scripts)
    ana.open(LESSON)
    for number in range(1, STEPS + 1):
        assert _shown(ana.page) == [number]
        step = _steps(ana.page).nth(number - 1)
        expect(step.locator("figcaption")).to_contain_text(f"Step {number} of {STEPS}")
        if number < STEPS:
            step.get_by_role("link", name="Next").click()
    expect(_steps(ana.page).last.get_by_role("link", name="Next")).to_have_count(0)
    for number in range(STEPS - 1, 0, -1):
        _steps(ana.page).nth(number).get_by_role("link", name="Back").click()
        assert _shown(ana.page) == [number]
    expect(_steps(ana.page).first.get_by_role("link", name="Back")).to_have_count(0)


def test_a_step_gets_the_focus_so_that_a_screen_reader_says_it(ana: Visitor) -> None:
    ana.open(LESSON)
    ana.page.locator("#figure-chromosome-swap a").first.focus()
    ana.page.keyboard.press("Enter")
    second = _steps(ana.page).nth(1)
    expect(second).to_be_focused()
    named = ana.page.get_by_role("figure", name=f"Step 2 of {STEPS}")
    expect(named).to_be_focused()
    expect(named).to_be_in_viewport()
    ana.page.keyboard.press("Tab")
    expect(second.get_by_role("link", name="Back")).to_be_focused()
    ana.page.keyboard.press("Tab")
    expect(second.get_by_role("link", name="Next")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(_steps(ana.page).nth(2)).to_be_focused()


def test_the_text_of_each_step_can_be_read(ana: Visitor) -> None:
    ana.open(LESSON)
    step = _steps(ana.page).first
    expect(step.locator("details p")).to_be_hidden()
    step.locator("summary").click()
    expect(step.locator("details p")).to_be_visible()


def test_paper_has_all_steps_and_nothing_to_press(ana: Visitor) -> None:
    ana.open(LESSON)
    ana.page.emulate_media(media="print")
    assert _shown(ana.page) == [*range(1, STEPS + 1)]
    expect(ana.page.get_by_text("Next", exact=True).first).to_be_hidden()


def test_a_link_to_a_sentence_leaves_the_first_step_in_place(ana: Visitor) -> None:
    ana.open(f"{LESSON}#f53")
    assert _shown(ana.page) == [1]
    ana.open(f"{LESSON}#figure-chromosome-swap-4")
    assert _shown(ana.page) == [4]


def test_nothing_moves_on_its_own(ana: Visitor) -> None:
    ana.open(LESSON)
    moving = ana.page.evaluate("document.getAnimations().length")
    style = _steps(ana.page).first.evaluate(
        "e => [getComputedStyle(e).animationName, getComputedStyle(e).transitionDuration]"
    )
    assert (moving, style) == (0, ["none", "0s"])
    assert ana.page.locator("svg :is(animate, animateTransform, set)").count() == 0
