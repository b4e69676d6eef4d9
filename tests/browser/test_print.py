"""On paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import UNSURE, Visitor

pytestmark = pytest.mark.browser


def _pages(page: Page) -> int:
    return len(re.findall(rb"/Type */Page\b", page.pdf(format="Letter")))


def test_the_questions_of_a_whole_quiz_fit_on_one_page(ana: Visitor) -> None:
    ana.take("topic/risk-factors", UNSURE)
    ana.press("Add to my questions for the care team")
    assert ana.page.locator(".asks > li").count() >= 7
    assert _pages(ana.page) == 1


def test_a_lesson_prints_where_it_comes_from_and_nothing_to_press(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    assert _pages(ana.page) <= 3
    ana.page.emulate_media(media="print")
    for pressed in ana.page.locator("nav, a.button").all():
        expect(pressed).to_be_hidden()
    for told in ana.page.locator("details.source p:not(.screen)").all():
        expect(told).to_be_visible()
