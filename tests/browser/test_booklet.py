"""The whole course on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

_MAX_PAGES = 40
_COLUMN = 335  # CSS pixels: half of Letter without margins and the gap, rounded up


@pytest.fixture
def printed(ana: Visitor) -> Visitor:
    ana.open("/booklet")
    return ana


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_whole_course_fits_on_forty_pages(printed: Visitor, paper: str) -> None:
    pdf = printed.page.pdf(format=paper)

    assert 10 <= len(re.findall(rb"/Type */Page\b", pdf)) <= _MAX_PAGES


def test_no_picture_is_clipped_or_cut_in_two_and_none_is_missing(printed: Visitor) -> None:
    printed.page.set_viewport_size({"width": 703, "height": 950})  # what is printable of Letter
    printed.page.emulate_media(media="print")
    figures = printed.page.locator(".booklet figure")
    assert figures.count() > 30
    seen = figures.evaluate_all(
        """all => all.map(e => {
            const svg = e.querySelector("svg").getBoundingClientRect()
            return [e.scrollWidth - e.clientWidth, svg.width, svg.height, e.offsetWidth,
                    getComputedStyle(e).breakInside]
        })"""
    )
    for over, width, height, all_of_it, inside in seen:
        assert over <= 1
        assert 190 <= width < all_of_it <= _COLUMN
        assert 20 <= height <= 700
        assert inside == "avoid"


def test_whom_to_call_in_an_emergency_is_whole_across_its_sheet(printed: Visitor) -> None:
    printed.page.set_viewport_size({"width": 703, "height": 950})
    printed.page.emulate_media(media="print")
    blocks = printed.page.locator(".booklet-whole")
    assert blocks.count() == 4
    assert "Call 911 now" in blocks.first.inner_text()
    for block in blocks.all():
        assert block.locator("h3").count() == 1
        assert block.locator("ul").count() >= 1
        styles = block.evaluate(
            "e => [getComputedStyle(e).breakInside, getComputedStyle(e).columnSpan]"
        )
        assert styles == ["avoid", "all"]
        assert block.evaluate("e => e.offsetHeight") < 500


def test_headings_stay_with_their_text(printed: Visitor) -> None:
    printed.page.emulate_media(media="print")
    heads = printed.page.locator(".booklet-head")
    for head in heads.all():
        assert head.locator("h2 + p").count() == 1
        assert head.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    after = printed.page.locator(".booklet h3").evaluate_all(
        "all => all.map(e => getComputedStyle(e).breakAfter)"
    )
    assert {*after} == {"avoid"}


def test_paper_has_the_course_and_nothing_of_the_site(printed: Visitor) -> None:
    printed.page.emulate_media(media="print")
    for hidden in ("body > header", "body > footer", "h1", ".screen-only", "button"):
        for found in printed.page.locator(hidden).all():
            expect(found).to_be_hidden()
    expect(printed.page.get_by_role("heading", name="Contents")).to_be_visible()
    answer = printed.page.locator(".booklet .pause").first.get_by_text("Answer:")
    expect(answer).to_be_visible()
