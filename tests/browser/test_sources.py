"""The page about the source, and the way from a sentence to its source and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

_LIT = "getComputedStyle(document.querySelector(':target')).backgroundColor"


def test_what_the_lessons_are_based_on_is_told_on_about_two_screens_of_a_phone(
    ana: Visitor,
) -> None:
    ana.page.set_viewport_size({"width": 390, "height": 844})
    ana.open("/source")
    last = ana.page.get_by_role("link", name=re.compile("What we changed or left out"))
    box = last.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 2 * 844

    ana.page.locator("main summary").click()
    ana.follow("When to call")
    expect(ana.heading).to_have_text("Sources: When to call")


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("a-fever", "/source/added"),
        ("when-to-call", "/source/added"),
        ("d13", "/source/notes"),
        ("not-covered", "/source/notes"),
    ],
)
def test_an_old_bookmark_leads_to_where_its_place_is_now(
    ana: Visitor, place: str, path: str
) -> None:
    ana.open(f"/source#{place}")
    ana.page.wait_for_url(f"**{path}#{place}")
    expect(ana.page.locator(f"#{place}")).to_be_in_viewport()
    ana.page.go_back()
    assert ana.path != "/source"  # nobody is sent on again and again


def test_a_sentence_leads_to_its_place_in_the_lesson_and_back(ana: Visitor) -> None:
    ana.open("/lessons/treatment")
    plain = ana.page.evaluate("getComputedStyle(document.body).backgroundColor")
    ana.page.locator("details.source summary").click()
    ana.follow("See the source of each sentence")
    expect(ana.heading).to_have_text("Sources: Treatment and your choices")
    sentence = ana.page.get_by_role("link", name="Ordinary chemo may not reach your brain")
    said = sentence.inner_text()
    sentence.click()
    ana.page.wait_for_url("**/lessons/treatment#a-cns")
    place = ana.page.locator(":target")
    expect(place).to_have_text(said)
    expect(place).to_be_in_viewport()
    assert ana.page.evaluate(_LIT) != plain
    ana.page.go_back()
    expect(ana.heading).to_have_text("Sources: Treatment and your choices")


def test_the_answer_of_a_pause_unfolds_for_who_comes_from_its_source(ana: Visitor) -> None:
    ana.open("/source/lessons/treatment")
    ana.page.get_by_role("link", name="A few leukemia cells may be left").click()
    expect(ana.page.locator(":target")).to_be_visible()
