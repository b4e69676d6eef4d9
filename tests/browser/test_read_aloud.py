"""Reading a page aloud with a voice of the device."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading_aloud import HER_PHONE, LESSON, _button, _lead, _listen, _spoken, _with
from tests.browser.typefaces import TYPEFACES, always_in
from tests.browser.visitor import QUESTION_LAYOUTS, Visitor
from tests.browser.voices import as_script
from tests.browser.zoom import text_of_twice_the_size
from tests.learn.people import right_answer

pytestmark = pytest.mark.browser


# What is on the page to be seen or pressed, and not to be heard.
_SILENT = """main :is(nav, svg, progress, select, .read-aloud, .meta, .actions, .standalone-link,
  .visually-hidden, .source, [data-unread], button:not(.term), details:not([open], [data-read])) {
  display: none !important }
  details::details-content { content-visibility: visible !important }"""


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    """On her phone, which has a voice."""
    return _with(visit(reduced_motion="reduce"), HER_PHONE)


def _marked(page: Page) -> str:
    found = page.evaluate("[...CSS.highlights.get('reading')].map(String).join('')")
    return " ".join(str(found).split())


# Hear all that is left, and return where a check said no.
_TO_THE_END = """() => {
  const found = [];
  for (let said; (said = currentUtterance()); finishUtterance()) {
    if (!CHECK) found.push(said.text);
  }
  return found;
}"""
_IS_MARKED = """[...CSS.highlights.get('reading')].map(String).join('').replace(/\\s+/g, ' ').trim()
  === said.text"""


def _to_the_end(page: Page) -> list[str]:
    """Hear the whole page, and check that the sentence being spoken is the one highlighted."""
    page.evaluate("spoken.splice(0)")  # what another page said that this one took the place of
    _listen(page)
    assert page.evaluate(_TO_THE_END.replace("CHECK", f"({_IS_MARKED})")) == []
    return _spoken(page)


def _text(page: Page) -> str:
    """All text that should be read."""
    text = page.evaluate(
        """rules => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [sheet];
          const text = document.querySelector('main').innerText;
          document.adoptedStyleSheets = [];
          return text;
        }""",
        _SILENT,
    )
    return " ".join(str(text).split())


def test_nothing_is_said_until_it_is_asked_for(ana: Visitor) -> None:
    for path in (LESSON, "/quizzes/mixed", "/help"):
        ana.open(path)
        expect(_button(ana.page, "Listen")).to_be_visible()
        ana.page.locator("h1").click()
        ana.page.keyboard.press("End")
        assert _spoken(ana.page) == []


def test_a_lesson_is_heard_a_sentence_at_a_time(ana: Visitor) -> None:
    ana.open(LESSON)
    heard = _to_the_end(ana.page)

    assert heard[:4] == [
        "What is ALL?",
        *_lead()[:3],
    ]
    assert "Leukemia cells leave little room for healthy cells" in heard  # a caption
    assert "Step 1 of 4" in heard
    assert "Step 2 of 4" not in heard  # not on the page, so long as step 1 is
    assert heard[-1] == "Not yet reviewed by a clinician."
    assert not _marked(ana.page)


def test_what_is_heard_is_what_there_is_to_read(ana: Visitor) -> None:
    for path in (
        *ana.lessons(),
        "/help",
        "/privacy",
        "/source",
        "/source/notes",
        "/source/lessons/t-cell-all",
    ):
        ana.open(path)
        figures = ana.page.locator("figure details")
        figures.evaluate_all("all => all.forEach(details => { details.open = true })")
        heard = " ".join(_to_the_end(ana.page))

        assert heard == _text(ana.page), path


def test_a_question_is_heard_with_its_case_and_each_answer(ana: Visitor) -> None:
    left = {*QUESTION_LAYOUTS}
    while left:
        form = ana.go_to_question_of_layout(left)
        left.remove(form)
        question, page = ana.question, ana.page
        heard = _to_the_end(page)

        said = " ".join(heard)
        parts = page.locator(
            ".answers label > span, .match-rows > li > label, .match-rows legend"
        ).all_inner_texts()
        wanted = [*filter(None, [question.vignette]), question.stem, *parts]
        assert len(parts) >= 3
        place = 0
        for text in wanted:
            place = said.index(text, place) + len(text)
        assert re.fullmatch(r"(\W| (?:A word|Words) in the answers: [^.]+)?", said[place:])
        for choice in question.targets.values() if form == "match" else ():
            assert heard.count(choice) == 1  # once, though each line has the same list
        assert "Choose" not in heard
        assert "Check my answer" not in said
        ana.answer_over_http(ana.path)


def test_the_feedback_and_the_summary_are_heard(ana: Visitor) -> None:
    ana.open("/quizzes/lesson/where-all-stands")
    while ana.has_question:
        ana.answer(right_answer(ana.question))
        expect(ana.heading).to_be_focused()
        heard = _to_the_end(ana.page)
        assert heard[0] == "That’s right"
        assert " ".join(heard) == _text(ana.page)
        ana.go_on()

    heard = _to_the_end(ana.page)
    assert heard[0] == "You’ve finished this quiz"
    assert "What you know now" in heard


def test_the_focus_stays_on_the_feedback_when_voices_come_late(
    visit: Callable[..., Visitor],
) -> None:
    ana = _with(visit())
    ana.open("/quizzes/topic/what-is-all")
    ana.answer(right_answer(ana.question))
    expect(ana.heading).to_be_focused()
    before = ana.heading.bounding_box()
    ana.page.evaluate(f"fireVoicesChanged({as_script([HER_PHONE])})")

    expect(_button(ana.page, "Listen")).to_be_visible()
    expect(ana.heading).to_be_focused()
    assert ana.heading.bounding_box() == before


@pytest.mark.parametrize("typeface", TYPEFACES)
def test_no_button_moves_while_it_is_tapped(visit: Callable[..., Visitor], typeface: str) -> None:
    ana = _with(visit())
    always_in(typeface, ana.page)
    _in_half_a_second(ana.page)
    for width in (320, 390, 1280):
        ana.page.set_viewport_size(
            {"width": width, "height": 2_000}
        )  # so that nothing has to scroll
        for path in (LESSON, "/quizzes/topic/what-is-all", "/help"):
            ana.open(path)
            _check_that_nothing_moves(ana.page)


@pytest.mark.parametrize("typeface", TYPEFACES)
def test_no_button_moves_while_it_is_tapped_with_text_of_twice_the_size(
    visit: Callable[..., Visitor], typeface: str
) -> None:
    ana = _with(visit(viewport={"width": 320, "height": 2_000}))  # so that nothing has to scroll
    always_in(typeface, ana.page)
    _in_half_a_second(ana.page)
    with text_of_twice_the_size(ana.page):
        for path in (LESSON, "/quizzes/topic/what-is-all"):
            ana.open(path)
            _check_that_nothing_moves(ana.page)


def _in_half_a_second(page: Page) -> None:
    """Let no time pass on the pages opened from now on: a page waits half a second for a voice."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def _check_that_nothing_moves(page: Page) -> None:
    """Check that nothing moves when a voice is found, and when a button is pressed."""
    place = page.locator(".read-aloud + *")
    before = place.bounding_box()
    page.evaluate(f"fireVoicesChanged({as_script([HER_PHONE])})")
    assert place.bounding_box() == before, (page.url, page.viewport_size)
    pressed = page.locator(".read-aloud button").first
    where = pressed.bounding_box()
    assert where
    assert where["height"] >= 44
    pressed.click()
    expect(_button(page, "Stop")).to_be_visible()
    assert place.bounding_box() == before, (page.url, page.viewport_size)
    over = (where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    under = "([x, y]) => document.elementFromPoint(x, y).closest('button')?.innerText.trim()"
    assert page.evaluate(under, over) == "Pause"


def test_pause_and_go_on(ana: Visitor) -> None:
    ana.open(LESSON)
    page = ana.page
    _listen(page)
    page.evaluate("finishUtterance()")
    _button(page, "Pause").click()
    assert page.evaluate("currentUtterance()") is None
    # And what the browser says of a voice that it cut off changes nothing.
    page.evaluate("new Promise(said => setTimeout(said))")
    assert page.evaluate("currentUtterance()") is None
    assert _marked(page) == _lead()[0]

    _button(page, "Continue").click()
    page.evaluate("finishUtterance()")
    assert _spoken(page) == [
        "What is ALL?",
        _lead()[0],
        _lead()[0],
        _lead()[1],
    ]
    expect(_button(page, "Pause")).to_be_visible()


def test_stop_and_begin_again(ana: Visitor) -> None:
    ana.open(LESSON)
    page = ana.page
    _listen(page)
    page.evaluate("finishUtterance()")
    _button(page, "Stop").click()
    assert page.evaluate("currentUtterance()") is None
    assert not _marked(page)
    expect(_button(page, "Stop")).to_be_hidden()
    expect(_button(page, "Listen")).to_be_focused()

    _listen(page)
    assert page.evaluate("currentUtterance().text") == "What is ALL?"


def test_a_voice_that_breaks_off_is_a_pause(ana: Visitor) -> None:
    ana.open(LESSON)
    _listen(ana.page)
    ana.page.evaluate("finishUtterance('error')")
    expect(_button(ana.page, "Continue")).to_be_visible()
    assert ana.page.evaluate("currentUtterance()") is None


def test_speech_stops_when_the_page_is_left(ana: Visitor) -> None:
    ana.open(LESSON)
    _listen(ana.page)
    ana.page.evaluate("finishUtterance()")
    ana.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert ana.page.evaluate("currentUtterance()") is None
    # If the browser kept the page, it goes on where it was.
    _button(ana.page, "Continue").click()
    assert ana.page.evaluate("currentUtterance().text") == _lead()[0]


def test_by_keyboard(ana: Visitor) -> None:
    ana.open(LESSON)
    page = ana.page
    _button(page, "Listen").focus()
    page.keyboard.press("Enter")
    expect(_button(page, "Pause")).to_be_focused()
    page.keyboard.press("Space")
    expect(_button(page, "Continue")).to_be_focused()
    page.keyboard.press("Space")
    assert len(_spoken(page)) == 2
    page.keyboard.press("Tab")
    expect(_button(page, "Stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(_button(page, "Listen")).to_be_focused()


_PLACE = """() => {
  const [first, ...rest] = [...CSS.highlights.get('reading')].map(r => r.getBoundingClientRect());
  const last = rest.at(-1) ?? first;
  const bar = document.querySelector('.read-aloud').getBoundingClientRect();
  return last.bottom <= innerHeight && first.top >= (bar.top > 0 ? 0 : Math.max(bar.bottom, 0));
}"""


def test_the_answer_of_a_pause_unfolds_when_it_is_read(ana: Visitor) -> None:
    ana.open(LESSON)
    answer = ana.page.locator(".pause details").first
    expect(answer).not_to_have_attribute("open", "")
    _listen(ana.page)

    said = "Answer: Leukemia cells can’t fight infection well."
    found = ana.page.evaluate(
        """said => {
          for (let now; (now = currentUtterance()); finishUtterance()) {
            if (now.text === said) return true;
          }
        }""",
        said,
    )
    assert found
    expect(answer).to_have_attribute("open", "")


@pytest.mark.parametrize("height", [844, 256])
def test_the_sentence_is_always_in_sight(ana: Visitor, height: int) -> None:
    ana.page.set_viewport_size({"width": 320, "height": height})
    ana.open(LESSON)
    _listen(ana.page)
    assert ana.page.evaluate(_TO_THE_END.replace("CHECK", f"({_PLACE})()")) == []
    assert len(_spoken(ana.page)) > 20


def test_scrolling_by_hand_is_not_overridden(ana: Visitor) -> None:
    ana.open(LESSON)
    page = ana.page
    _listen(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = page.evaluate("scrollY")
    page.evaluate("finishUtterance()")
    assert page.evaluate("scrollY") == before
    _button(page, "Pause").click()
    _button(page, "Continue").click()  # asked for: back to the sentence
    assert page.evaluate("scrollY") < before
    assert page.evaluate(_PLACE)
