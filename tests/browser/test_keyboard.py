"""The whole site by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from questions.model import Question
from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor
from tests.browser.voices import voices
from tests.learn.people import right_answer

pytestmark = pytest.mark.browser

_MAX_STEPS = 300
_SEND = "main button.button:not(.button-secondary)"

_FOCUS = """wanted => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect();
  const seen = e.closest('label') ?? e;
  const ring = [e, seen].map(one => getComputedStyle(one)).some(style =>
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3
    && style.boxShadow !== 'none');
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const lines = [...e.getClientRects()];
  const top = document.elementFromPoint(
    lines.length > 1 ? lines[0].left + 2 : x, lines.length > 1 ? lines[0].top + 4 : y);
  return {
    is_wanted: wanted !== '' && e.matches(wanted),
    what: e.outerHTML.slice(0, 100),
    has_focus_ring: ring,
    in_viewport: box.top >= 0 && box.left >= 0
      && box.bottom <= innerHeight && box.right <= innerWidth,
    unobscured: top !== null && (seen.contains(top) || top.contains(e)),
  };
}"""


def _check_focus(page: Page, wanted: str = "") -> bool:
    """Check that the focus is visible, inside the window, and not covered.

    Return whether it is on what the selector `wanted` matches.
    """
    found = page.evaluate(_FOCUS, wanted)
    assert found, "nothing has the focus"
    assert found["has_focus_ring"], f"not marked: {found['what']}"
    assert found["in_viewport"], f"outside of the window: {found['what']}"
    assert found["unobscured"], f"covered: {found['what']}"
    return bool(found["is_wanted"])


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the selector has the focus, and check the focus on the way."""
    for _ in range(_MAX_STEPS):
        page.keyboard.press("Tab")
        if _check_focus(page, selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def _choose(page: Page, question: Question) -> None:
    """Give the right answer by keyboard."""
    fields = right_answer(question)
    if page.locator(".match-selects").count():
        _arrange(page, question)
        return
    shown = page.locator(".question :is(input, select)").evaluate_all("all => all.map(e => e.name)")
    for name in sorted(fields, key=shown.index):
        given = fields[name]
        values = [given] if isinstance(given, str) else given
        first = page.locator(f"input[name={name}]").first
        if first.get_attribute("type") == "radio":
            _arrow_to(page, name, values[0])
        else:
            # They stand in an order of their own: go through them as they come.
            order = page.locator(f"input[name={name}]").evaluate_all("all => all.map(e => e.value)")
            for value in sorted(values, key=order.index):
                _tab_to(page, f'input[name={name}][value="{value}"]')
                page.keyboard.press("Space")
                expect(page.locator(f'input[name={name}][value="{value}"]')).to_be_checked()


def _arrow_to(page: Page, name: str, value: str) -> None:
    _tab_to(page, f"input[name={name}]")
    page.keyboard.press("Space")
    wanted = page.locator(f'input[name={name}][value="{value}"]')
    while not wanted.is_checked():
        page.keyboard.press("ArrowDown")
        _check_focus(page)


def _arrange(page: Page, question: Question) -> None:
    """Move steps up, or choose in the list of each line."""
    right = question.right_response()
    for place, step in enumerate(right.order):
        names = "all => all.map(e => e.name)"
        at = page.locator("#answer select").evaluate_all(names).index(f"step-{step}")
        if at > place:
            _tab_to(page, f"li:has([name='step-{step}']) [data-by='-1']")
        for _ in range(at - place):
            page.keyboard.press("Enter")
            _check_focus(page)
    for line in page.locator("#answer select:visible").all():
        name = line.get_attribute("name") or ""
        _tab_to(page, f"select[name={name}]")
        while line.input_value() != right.pairs[name.removeprefix("row-")]:
            page.keyboard.press("ArrowDown")
            _check_focus(page)


def test_from_the_first_page_to_the_first_feedback(visit: Callable[..., Visitor]) -> None:
    ana = visit(viewport={"width": 1280, "height": 800})
    page = ana.page
    ana.open("/")
    _tab_to(page, ".doors a")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/lessons/paths/this-week")
    _tab_to(page, "main a[href*='/lessons/what-is-all']")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/lessons/what-is-all?path=this-week")

    _tab_to(page, "button.term")
    meaning = page.locator(".term-meaning").first
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("button", name="Close")).to_be_focused()
    _check_focus(page)
    page.keyboard.press("Enter")
    expect(meaning).to_be_hidden()
    expect(page.locator("button.term").first).to_be_focused()
    page.keyboard.press("Space")
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()

    _tab_to(page, "figure summary")
    page.keyboard.press("Enter")
    expect(page.locator("figure details p").first).to_be_visible()
    _tab_to(page, "main a[href*='/quizzes/']")
    page.keyboard.press("Enter")
    _choose(page, ana.question)
    _tab_to(page, "input[name=sure]")
    _tab_to(page, _SEND)
    page.keyboard.press("Enter")
    expect(ana.heading).to_be_focused()
    expect(ana.heading).to_have_text("That’s right")


def test_every_form_of_question_on_a_phone(ana: Visitor) -> None:
    left = {*QUESTION_LAYOUTS}
    while left:
        left.remove(ana.go_to_question_of_layout(left))
        _choose(ana.page, ana.question)
        _tab_to(ana.page, _SEND)
        ana.page.keyboard.press("Enter")
        expect(ana.heading).to_be_focused()
        expect(ana.heading).to_have_text("That’s right")
        _tab_to(ana.page, "main a.button")


def test_the_first_tab_skips_to_the_content(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    _check_focus(ana.page)
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("main")).to_be_focused()
    ana.page.keyboard.press("Tab")
    expect(ana.page.locator("main a, main button").first).to_be_focused()


def test_what_is_missing_is_said_and_leads_to_the_answers(ana: Visitor) -> None:
    left = {*QUESTION_LAYOUTS} - {"order"}  # which is sent as it stands
    while left:
        left.remove(ana.go_to_question_of_layout(left))
        page = ana.page
        _tab_to(page, _SEND)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        page.keyboard.press("Tab")
        _check_focus(page)
        page.keyboard.press("Enter")
        if page.locator("#answer:is(input)").count() == 0:
            page.keyboard.press("Tab")  # from the list of answers to the first of them
        first = page.locator("#answer :is(button, select:visible), .answers input").first
        expect(first).to_be_focused()
        _check_focus(page)
        ana.open(ana.path)
        ana.answer_over_http(ana.path)


def test_while_a_page_is_read_aloud_focus_is_never_under_the_bar(ana: Visitor) -> None:
    page = ana.page
    page.add_init_script(voices())
    ana.open("/lessons/what-is-all")
    _tab_to(page, ".read-aloud button")
    page.keyboard.press("Enter")
    bar = page.locator(".read-aloud")
    page.locator(".lesson-nav a").last.focus()
    passed = 0
    while not page.evaluate("document.activeElement.matches('.read-aloud button')"):
        if bar.evaluate("e => e.getBoundingClientRect().top") == 0:
            passed += 1
        _check_focus(page)
        page.keyboard.press("Shift+Tab")
    assert passed >= 5


_BEGUN = ("/", "/lessons", "/quizzes", "/progress", "/quizzes/review")
_PLAIN = ("/glossary", "/source", "/source/lessons/t-cell-all", "/help", "/care-team", "/offline")
_SEARCHED = ("/search?q=fever", "/search?q=qqqq")


@pytest.mark.parametrize("path", ["/", *_BEGUN[1:4], *_PLAIN, *_SEARCHED])
def test_focus_is_seen_on_every_link(ana: Visitor, path: str) -> None:
    ana.open(path)
    _tab_to(ana.page, "footer li:last-child a")


def test_focus_is_seen_on_every_link_once_something_is_begun(ana: Visitor) -> None:
    ana.open("/lessons/what-is-all")
    ana.take("lesson/where-all-stands", UNSURE)
    summary = ana.path
    ana.begin("mixed")
    for path in (*_BEGUN, summary):
        ana.open(path)
        _tab_to(ana.page, "footer li:last-child a")


def test_a_term_of_the_answers_is_explained_by_keyboard_and_chooses_nothing(ana: Visitor) -> None:
    ana.go_to_question_with_terms()
    _tab_to(ana.page, ".answer-terms .term")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".term-meaning:popover-open")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator(".answer-terms .term").first).to_be_focused()
    expect(ana.page.locator(".answers input:checked")).to_have_count(0)
