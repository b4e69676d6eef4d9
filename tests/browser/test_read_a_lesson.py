"""Read a lesson to its end, or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
LESSON = "/lessons/where-all-stands"


def is_read(ana: Visitor) -> bool:
    """Return whether the list says so; without answers nothing is kept."""
    ana.open("/lessons")
    entry = ana.page.locator("li", has=ana.page.locator(f'a[href="{LESSON}"]'))
    return entry.get_by_text("Read", exact=True).count() == 1


def is_soon_read(ana: Visitor) -> bool:
    """Return that, too, if a slow machine first shows the list as the device has it."""
    return any(is_read(ana) for _ in range(5))


def scroll_to_the_end(ana: Visitor) -> None:
    with ana.page.expect_response(lambda r: r.request.method == "POST"):
        ana.page.locator("[data-end]").scroll_into_view_if_needed()


def test_a_lesson_is_read_when_its_end_comes_into_view(ana: Visitor) -> None:
    ana.begin("mixed")
    ana.open(LESSON)
    assert not is_read(ana)
    ana.open(LESSON)
    scroll_to_the_end(ana)
    assert is_soon_read(ana)


def test_no_heading_is_cut_after_a_jump_to_a_passage(visit: Callable[..., Visitor]) -> None:
    ana = visit(viewport={"width": 360, "height": 740})
    ana.open(LESSON)
    passages = ana.page.locator("section span.passage").evaluate_all("all => all.map(it => it.id)")
    assert len(passages) > 5
    for passage in passages:
        ana.open("about:blank")
        ana.open(f"{LESSON}#{passage}")
        ana.page.wait_for_load_state("load")
        box = ana.page.locator("section:has(.passage:target) h2").first.bounding_box()
        assert box
        assert box["y"] >= 0 or box["y"] + box["height"] <= 0, passage


def test_a_jump_to_a_passage_near_the_end_is_not_reading(ana: Visitor) -> None:
    ana.begin("mixed")
    ana.page.set_viewport_size({"width": 900, "height": 3000})
    ana.open(LESSON)
    passage = ana.page.locator("span.passage").last.get_attribute("id")
    ana.open("/lessons")
    sent: list[str] = []
    ana.page.on("request", lambda r: r.method == "POST" and LESSON in r.url and sent.append(r.url))
    ana.open(f"{LESSON}#{passage}")
    expect(ana.page.locator("[data-end]")).to_be_in_viewport()
    ana.page.wait_for_timeout(300)
    assert sent == []
    ana.page.set_viewport_size({"width": 900, "height": 500})
    ana.page.evaluate("scrollTo(0, 0)")
    ana.page.wait_for_timeout(300)
    scroll_to_the_end(ana)
    assert is_read(ana)
