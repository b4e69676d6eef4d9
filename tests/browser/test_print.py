"""Printed pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.classroom_states import give_all, lead
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import UNSURE, Visitor
from tests.serving import Site

pytestmark = pytest.mark.browser


_LONG = (
    "Who do I call at night when I have a fever, and may my sister bring her small children to "
    "visit me while my counts are low? I forgot what was said about it last time, so please tell "
    "me once more, and write it down for me if you can. "
)


def _pages(page: Page, paper: str = "Letter") -> int:
    return len(re.findall(rb"/Type */Page\b", page.pdf(format=paper)))


def _write(ana: Visitor, questions: Sequence[str]) -> None:
    """Put these on the list: the first through the form on the page, the others unseen."""
    ana.open("/care-team")
    ana.page.locator("#text").fill(questions[0])
    with ana.page.expect_navigation():
        ana.page.locator("form.field button").click()
    form = ana.page.locator("form.field")
    fields = dict(form.evaluate("form => [...new FormData(form)]"))
    for question in questions[1:]:
        sent = ana.page.request.post(
            form.get_attribute("action") or "", form=fields | {"text": question}, max_redirects=0
        )
        assert sent.status == 303, sent.text()
    ana.open("/care-team")


def test_the_questions_of_a_whole_quiz_fit_on_one_page(ana: Visitor) -> None:
    ana.take("topic/risk-factors", UNSURE)
    ana.save_questions()
    assert ana.page.locator(".care-sheet > li").count() >= 7
    assert _pages(ana.page) == 1


@pytest.mark.parametrize("letters", [60, 120, 300])
def test_twelve_questions_fit_on_one_page_with_room_to_write(ana: Visitor, letters: int) -> None:
    _write(ana, [f"{n}. {_LONG}"[: letters - 1] + "?" for n in range(12)])
    assert ana.page.locator(".care-sheet > li").count() == 12
    for paper in ("Letter", "A4"):
        assert _pages(ana.page, paper) == 1, paper
    ana.page.emulate_media(media="print")
    ana.page.set_viewport_size({"width": 640, "height": 900})  # what is printable of A4
    left = ana.page.locator(".care-sheet > li").evaluate_all(
        "all => all.map(e => e.clientHeight - e.querySelector('p').offsetHeight)"
    )
    assert min(left) >= (14 if letters == 300 else 24), left


def test_more_than_fits_goes_on_a_second_page_and_stays_readable(ana: Visitor) -> None:
    _write(ana, [f"{n}. {_LONG}" for n in range(24)])
    assert 2 <= _pages(ana.page) <= 3
    ana.page.emulate_media(media="print")
    size = ana.page.locator(".care-sheet > li").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 14


def test_what_was_asked_and_what_paper_can_not_use_is_left_out(ana: Visitor) -> None:
    _write(ana, ["Is it safe to travel?", "May I swim?"])
    with ana.page.expect_navigation():
        ana.page.locator(".tick-button").first.click()
    ana.page.emulate_media(media="print")
    expect(ana.page.locator(".care-sheet p", has_text="May I swim?")).to_be_visible()
    expect(ana.page.get_by_text("Date:")).to_be_visible()
    expect(ana.page.locator(".care-sheet > li").first).to_be_hidden()
    for pressed in ana.page.locator("nav, button, a, textarea, summary, header, footer").all():
        expect(pressed).to_be_hidden()


def test_own_words_print_on_one_page_with_nothing_to_press(ana: Visitor) -> None:
    ana.open("/own-words/lesson/where-all-stands")
    ana.page.locator("textarea").fill("It has no stages.")
    ana.press("Save what I wrote")
    ana.page.locator("[name=point]").first.check()
    ana.press("Save my check marks")
    assert _pages(ana.page) == 1
    ana.page.emulate_media(media="print")
    for pressed in ana.page.locator("nav, a.button, .link-list, details").all():
        expect(pressed).to_be_hidden()
    for said in ("It has no stages.", "What you covered", "ALL has no stages."):
        expect(ana.page.get_by_text(said).first).to_be_visible()


def test_a_pause_prints_its_answer_without_the_button(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    pause = ana.page.locator(".pause").first
    expect(pause.get_by_text("Answer:")).to_be_hidden()
    ana.page.emulate_media(media="print")

    expect(pause.get_by_text("Answer:")).to_be_visible()
    expect(pause.locator("summary")).to_be_hidden()


def test_a_lesson_prints_where_it_comes_from_and_nothing_to_press(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    assert _pages(ana.page) <= 4  # with all steps of its picture
    ana.page.emulate_media(media="print")
    for pressed in ana.page.locator("nav, a.button").all():
        expect(pressed).to_be_hidden()
    for told in ana.page.locator("details.source p:not(.screen-only)").all():
        expect(told).to_be_visible()


def test_the_sources_of_a_lesson_take_little_paper(ana: Visitor) -> None:
    ana.open("/lessons/treatment")
    assert _pages(ana.page) <= 5
    ana.page.emulate_media(media="print")
    assert (
        ana.page.locator("details.source").evaluate("it => getComputedStyle(it).columnCount") == "2"
    )


@pytest.fixture
def here(ana: Visitor, site: Site) -> str:
    """The assignments of a group that Ana leads, one of each kind."""
    nickname = f"Ana{uuid4().hex[:8]}"
    group = lead(site, sign_in_as(ana.page.context, site, nickname))
    found = f"{site.named}/groups/{group}/assignments"
    give_all(ana, found)
    return found


@pytest.mark.parametrize("what", ["quiz", "answer key"])
def test_no_question_of_a_quiz_on_paper_or_of_its_key_is_cut_in_two(
    ana: Visitor, here: str, what: str
) -> None:
    ana.open(here)
    ana.follow(f"Print the {what} “Week 2”")
    items = ana.page.locator(".printed-question")
    assert items.count() == 20
    ana.page.emulate_media(media="print")
    for item in items.all():
        assert item.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    ana.page.set_viewport_size({"width": 640, "height": 900})  # what is printable of A4
    tallest = max(items.evaluate_all("all => all.map(e => e.offsetHeight)"))
    assert tallest <= 900  # or it had to be cut
    # Which questions are asked is up to chance, and some are longer than others.
    for paper in ("Letter", "A4"):
        assert _pages(ana.page, paper) <= (11 if what == "quiz" else 17), paper


def test_a_quiz_on_paper_asks_for_no_name_and_has_nothing_to_press(ana: Visitor, here: str) -> None:
    ana.open(here)
    ana.follow("Print the quiz “Our course”")
    ana.page.emulate_media(media="print")
    assert ana.page.get_by_text("Please don’t write your name.").count() == 2
    second = ana.page.locator(".printed-quiz").nth(1)
    assert second.evaluate("e => getComputedStyle(e).breakBefore") == "page"
    for pressed in ana.page.locator("nav, button, a:not([href^='tel:']), header, footer").all():
        expect(pressed).to_be_hidden()


def test_whom_to_call_prints_in_black_without_backgrounds(ana: Visitor) -> None:
    for scheme in ("light", "dark"):
        ana.page.emulate_media(media="print", color_scheme=scheme)
        ana.open("/help")
        headings = ana.page.locator(".care-box h2")
        assert headings.count() >= 3
        colors = (
            "all => all.map(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])"
        )
        for ink, behind in headings.evaluate_all(colors):
            assert (ink, behind) == ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")


def test_what_is_folded_on_get_help_is_printed_whole(ana: Visitor) -> None:
    ana.open("/help")
    told = ana.page.get_by_text("A thermometer at home.")
    expect(told).to_be_hidden()
    ana.page.emulate_media(media="print")
    expect(told).to_be_visible()
