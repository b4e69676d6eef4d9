"""Handouts on paper: one sheet each."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from playwright.sync_api import Page, expect

from learn.handouts import sheets
from learn.handouts.sheets import MAX_TOGETHER
from tests.browser.visitor import Visitor
from tests.our_content import our_content

pytestmark = pytest.mark.browser


def _pages(page: Page, paper: str) -> int:
    return len(re.findall(rb"/Type */Page\b", page.pdf(format=paper)))


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_every_handout_fits_on_one_sheet(ana: Visitor, paper: str) -> None:
    content = our_content()
    names = iter(
        name
        for lesson in content.lessons
        for name in (
            f"lesson={lesson}",
            *(f"idea={idea.id}" for idea in sheets.ideas_of(content, lesson)),
        )
    )
    tried = 0
    while batch := [*islice(names, MAX_TOGETHER)]:
        ana.open(f"/handouts/together?{'&'.join(batch)}")
        assert ana.page.locator(".handout").count() == len(batch)
        assert _pages(ana.page, paper) == len(batch), batch
        tried += len(batch)
    assert tried == len(content.lessons) + len(content.bank.misconceptions)


def test_paper_has_the_handout_and_nothing_to_press(ana: Visitor) -> None:
    ana.open("/handouts/idea/platelets-fight-infection")
    ana.page.emulate_media(media="print")
    for hidden in ("body > header", "body > footer", "h1", "a:not([href^='tel:'])", "button"):
        for found in ana.page.locator(hidden).all():
            expect(found).to_be_hidden()
    expect(ana.page.get_by_text("What’s true")).to_be_visible()
    expect(ana.page.locator(".handout svg")).to_be_visible()


def test_an_educator_chooses_some_and_sees_them_together(ana: Visitor) -> None:
    ana.open("/handouts")
    ana.page.locator("[name=lesson][value=treatment]").check()
    ana.page.locator("summary", has_text="common myth").first.click()
    ana.page.locator("[name=idea]").first.check()
    ana.press("Show these handouts")
    assert ana.page.locator(".handout").count() == 2


def test_paper_says_when_to_call_in_a_line_or_two(ana: Visitor) -> None:
    for name in ("lesson/at-home-during-treatment", "idea/platelets-fight-infection"):
        ana.open(f"/handouts/{name}")
        ana.page.emulate_media(media="print")
        box = ana.page.locator(".handout-urgent")
        expect(box).to_be_visible()
        expect(box).to_contain_text("Call 911.")
        expect(box).to_contain_text("Fever or bleeding? Call your care team now, day or night.")
        assert box.evaluate("e => e.offsetHeight") < 60
    ana.open("/handouts/lesson/when-to-call")
    assert ana.page.locator(".handout-urgent").count() == 0, "the sheet itself is about it"


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_handout_alone_fits_with_demo_data_too(ana: Visitor, paper: str) -> None:
    for lesson in ("treatment", "ph-positive-all", "if-your-child-has-all"):
        ana.open(f"/handouts/lesson/{lesson}")
        ana.page.evaluate(
            """() => document.querySelector(".skip-link").insertAdjacentHTML("afterend",
              "<aside class=demo-banner data-demo><p>Demo data: made up.</p></aside>")"""
        )
        assert _pages(ana.page, paper) == 1, lesson
