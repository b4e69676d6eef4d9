"""Reading aloud needs a voice of the device, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.reading_aloud import HER_PHONE, LESSON, _button, _lead, _listen, _spoken, _with
from tests.browser.visitor import Visitor
from tests.browser.voices import Voice

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    """On her phone, which has a voice."""
    return _with(visit(reduced_motion="reduce"), HER_PHONE)


REMOTE = Voice("Google US English", localService=False, default=True)
SPANISH = Voice("Mónica", "es-ES", default=True)


@pytest.mark.parametrize("found", [(), (REMOTE,), (SPANISH,), (Voice("?", ""), REMOTE)])
def test_without_a_voice_of_the_device_there_is_no_button(
    visit: Callable[..., Visitor], found: tuple[Voice, ...]
) -> None:
    ana = _with(visit(), *found)
    ana.open(LESSON)
    expect(ana.page.locator(".read-aloud")).to_be_hidden()  # and no gap
    expect(ana.page.locator(".read-aloud button")).to_have_count(0)


def test_a_browser_without_a_voice_has_no_gap_from_the_start_on_the_next_page(
    visit: Callable[..., Visitor],
) -> None:
    ana = _with(visit())
    ana.open(LESSON)
    expect(ana.page.locator(".read-aloud")).to_be_hidden()
    ana.page.wait_for_function("sessionStorage.getItem('no-voice') === 'yes'")
    ana.open("/help")
    assert ana.page.locator(".read-aloud").is_hidden()


def test_a_browser_that_cannot_speak_has_no_button(visit: Callable[..., Visitor]) -> None:
    ana = visit()
    ana.page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
    ana.open(LESSON)
    expect(ana.page.locator(".read-aloud")).to_be_hidden()  # and no gap
    expect(ana.page.locator(".read-aloud button")).to_have_count(0)


def test_without_scripts_there_is_no_button_and_no_gap(visit: Callable[..., Visitor]) -> None:
    ben = visit(java_script_enabled=False)
    ben.open(LESSON)
    expect(ben.page.locator(".read-aloud")).to_have_text("")
    box = ben.page.locator(".read-aloud").bounding_box()
    assert box is None or box["height"] < 12


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        ([REMOTE, Voice("Daniel", "en-GB"), Voice("Samantha")], "Samantha"),
        ([SPANISH, Voice("Albert"), Voice("Bad News"), Voice("Daniel", "en-GB")], "Daniel"),
        ([Voice("Daniel", "en-GB", default=True), Voice("Samantha")], "Daniel"),
        ([Voice("Albert", default=True), Voice("Samantha", default=True)], "Samantha"),
        ([Voice("Deutsch", "de_DE"), Voice("English", "en_US")], "English"),
        ([Voice("Deutsch", "deu-DEU-f000"), Voice("English", "eng-USA-f000")], "English"),
        ([Voice("Zarvox")], "Zarvox"),
    ],
)
def test_the_voice_is_of_the_device_and_of_the_language_of_the_page(
    visit: Callable[..., Visitor], found: list[Voice], taken: str
) -> None:
    ana = _with(visit(locale="en-US"), *found)
    ana.open(LESSON)
    _listen(ana.page)
    said = ana.page.evaluate("spoken[0]")
    assert (said["voice"], said["lang"]) == (taken, "en")


def test_in_an_older_browser(visit: Callable[..., Visitor]) -> None:
    """Without highlights, paragraphs are marked; without a segmenter, periods end sentences."""
    ana = _with(visit(), HER_PHONE)
    ana.page.add_init_script("delete window.Highlight; delete Intl.Segmenter")
    ana.open(LESSON)
    page = ana.page
    _listen(page)
    expect(page.locator(".read-aloud-current")).to_have_text("What is ALL?")
    page.evaluate("finishUtterance()")
    page.evaluate("finishUtterance()")
    assert _spoken(page)[1:] == [
        _lead()[0],
        _lead()[1],
    ]
    expect(page.locator(".read-aloud-current")).to_contain_class("lead")
    _button(page, "Stop").click()
    expect(page.locator(".read-aloud-current")).to_have_count(0)


def test_in_forced_colors_the_sentence_has_the_colors_of_the_reader(
    visit: Callable[..., Visitor],
) -> None:
    ana = _with(visit(forced_colors="active"), HER_PHONE)
    ana.open(LESSON)
    _listen(ana.page)
    shown = """() => {
      const style = getComputedStyle(document.querySelector('h1'), '::highlight(reading)');
      return [style.backgroundColor, style.color];
    }"""
    probe = """() => ['Highlight', 'HighlightText'].map(color => {
      const e = document.body.appendChild(document.createElement('i'));
      e.style.color = color;
      const found = getComputedStyle(e).color;
      e.remove();
      return found;
    })"""
    assert ana.page.evaluate(shown) == ana.page.evaluate(probe)


def test_without_a_voice_no_room_is_kept_for_buttons_on_a_narrow_phone(
    visit: Callable[..., Visitor],
) -> None:
    ana = visit(viewport={"width": 320, "height": 640})
    ana.open("/lessons/what-is-all")
    expect(ana.page.locator(".read-aloud.is-silent")).to_be_attached()
    ana.open("/quizzes/path/this-week")
    expect(ana.page.locator(".read-aloud.is-silent")).to_be_attached()
    gap = ana.page.evaluate(
        """document.querySelector('main > progress').getBoundingClientRect().top
        - document.querySelector('.quiz-place').getBoundingClientRect().bottom"""
    )
    assert 0 <= gap < 24


def test_answers_stay_where_they_are_when_no_voice_is_found(visit: Callable[..., Visitor]) -> None:
    ana = visit(viewport={"width": 320, "height": 1400})
    ana.open("/quizzes/path/this-week")
    answer = ana.page.locator(".answers label").first
    before = answer.bounding_box()
    ana.page.wait_for_timeout(800)  # longer than the script waits for a voice
    assert answer.bounding_box() == before
