"""A question and its feedback in one place, on a phone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from learn.app import create_app
from learn.config import Settings
from learn.quizzes.queries import AttemptView, ItemView
from learn.quizzes.taking.answered import AnsweredQuestion
from learn.quizzes.taking.rendering import Page as QuestionPage
from learn.quizzes.taking.rendering import feedback_page, question_page
from questions.model import Question, ResponseError
from questions.selection import pack
from questions.versions import DisplayedVersion
from tests.browser.typefaces import WIDE, shown_in
from tests.browser.visitor import QUESTION_LAYOUTS, UNSURE, Visitor, bank
from tests.browser.zoom import AT_400, errors_at_400
from tests.every import EVERY, first_of_each
from tests.learn.people import right_answer, wrong_answer, wrong_response

pytestmark = pytest.mark.browser

SMALL_PHONE = {"width": 360, "height": 740}
QUIZ = "/quizzes/lesson/what-is-all"
_NO_NETWORK = """() => {
  XMLHttpRequest.prototype.send = function () { setTimeout(() => this.onerror()); };
  Object.defineProperty(window, 'indexedDB', { value: undefined }); // nothing can wait there
}"""
_IN_SIGHT = """() => {
  const box = document.querySelector('.sticky-action .button').getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""
_SEEN_AT_ONCE = """() => {
  const bar = document.querySelector('.sticky-action');
  const isSticky = getComputedStyle(bar).position === 'sticky';
  const end = isSticky ? bar.getBoundingClientRect().top : innerHeight;
  const range = new Range();
  range.selectNodeContents(document.querySelector('main h1'));
  const asked = [...range.getClientRects()].at(-1);
  const isIn = it => it.top >= 0 && it.bottom <= end + 1;
  const key = [...document.querySelectorAll('[data-answer]')];
  return isIn(asked) && key.length > 0 && key.every(it => isIn(it.getBoundingClientRect()));
}"""
_OWN_ANSWER_IN_SIGHT = """() => {
  const own = document.querySelector('[data-chosen]'), reason = own.querySelector('p');
  const { top } = reason.getBoundingClientRect();
  const line = parseFloat(getComputedStyle(reason).lineHeight);
  const end = document.querySelector('.sticky-action').getBoundingClientRect().top;
  return own.getBoundingClientRect().top >= 0 && top + 2 * line <= end + 1;
}"""  # the answer that was chosen, and two lines of why it isn't right
_HEADER_IS_WHOLE_OR_GONE = """() => {
  const { top, bottom } = document.querySelector('header').getBoundingClientRect();
  return top === 0 || bottom <= 0;
}"""
_SIGHTS = f"""() => [
  ({_SEEN_AT_ONCE})(),
  document.querySelector('[data-chosen]') && ({_OWN_ANSWER_IN_SIGHT})(),
  ({_HEADER_IS_WHOLE_OR_GONE})(),
]"""
_BEGINS_IN_SIGHT = """() => {
  const bar = document.querySelector('.sticky-action');
  const isSticky = getComputedStyle(bar).position === 'sticky';
  const end = isSticky ? bar.getBoundingClientRect().top : innerHeight;
  const range = new Range();
  range.selectNodeContents(document.querySelector('.vignette, .exhibit'));
  const first = [...range.getClientRects()].find(it => it.height > 0);
  return first.top >= 0 && Math.min(first.bottom, first.top + 24) <= end;
}"""
_TURN = """address => document.dispatchEvent(new CustomEvent('turn-page', {
  detail: { address, otherwise: () => { throw new Error('no page'); } } }))"""
_ENOUGH_IN_SIGHT = 0.95
_COVERED = """() => {
  const focused = document.activeElement.closest('label') ?? document.activeElement;
  if (focused === document.body) return false; // past the last of them
  const bar = document.querySelector('.sticky-action');
  if (bar.contains(focused)) return false;
  const [box, over] = [focused, bar].map(it => it.getBoundingClientRect());
  return box.bottom > over.top + 1 && box.top < over.bottom - 1;
}"""


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    return visit(viewport=SMALL_PHONE)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, whose pages are rendered here and shown by the browser."""
    data = tmp_path_factory.mktemp("pages")
    made = create_app(Settings(f"sqlite:///{data / 'x.sqlite3'}", ("k" * 16,), data))
    yield made
    made.extensions["learn.database"].dispose()


def _looked_at() -> Iterator[Question]:
    """Yield the questions to look at: of those that share a template, the longest one at least."""
    longest = dict[Any, Question]()
    for question in sorted(bank().questions.values(), key=_length):
        exhibit = question.exhibit
        longest[question.kind, exhibit and exhibit.kind, bool(question.vignette)] = question
    yield from bank().questions.values() if EVERY else longest.values()


def _length(question: Question) -> int:
    texts = (question.stem, question.vignette, *(part.text for part in question.parts))
    return sum(map(len, texts))


def test_the_action_of_every_question_is_in_sight(ana: Visitor, app: Flask) -> None:
    pages = dict[str, str]()
    with app.test_request_context(QUIZ):
        for question in _looked_at():
            shown = tuple(part.id for part in question.parts)
            pages[question.id] = question_page(QuestionPage(question, shown, 1, 6))

    def answer(route: Route) -> None:
        route.fulfill(body=pages[route.request.url.rpartition("/")[2]], content_type="text/html")

    ana.page.route("**/every/*", answer)
    out_of_sight = []
    for name in pages:
        ana.open(f"/every/{name}")
        if not ana.page.evaluate(_IN_SIGHT):
            out_of_sight.append(name)
    assert out_of_sight == []


def _feedback_to_a_miss(question: Question) -> str:
    """The feedback to an answer that is not right at all, as the second of six."""
    shown = question.shown_order(Random(question.id))  # noqa: S311
    where = ItemView(
        2,
        question.id,
        question.objective,
        question.version,
        pack(question, shown),
        wrong_response(question),
        None,
        0.0,
    )
    following = replace(where, position=3, response=None, score=None)
    attempt = AttemptView(
        uuid.UUID(int=1), uuid.UUID(int=2), "lesson/what-is-all", None, (where, following)
    )
    answered = AnsweredQuestion(question, DisplayedVersion.SAME, question)
    at = QuestionPage(question, shown, 2, 6, attempt=attempt, item=where, answered=answered)
    return feedback_page(at, where)


@pytest.mark.parametrize("size", [SMALL_PHONE, {"width": 740, "height": 360}])
def test_the_next_question_begins_with_its_case_or_picture_in_sight(
    visit: Callable[..., Visitor], app: Flask, size: dict[str, int]
) -> None:
    ana = visit(viewport=size)
    pages = dict[str, str]()
    with app.test_request_context(QUIZ):
        for question in _looked_at():
            shown = tuple(part.id for part in question.parts)
            if question.vignette or question.exhibit:
                pages[question.id] = question_page(QuestionPage(question, shown, 2, 6))
    assert pages

    def answer(route: Route) -> None:
        route.fulfill(body=pages[route.request.url.rpartition("/")[2]], content_type="text/html")

    ana.page.route("**/every/*", answer)
    ana.open(f"/every/{next(iter(pages))}")
    hidden = []
    for name in [*pages][1:]:
        ana.page.evaluate("scrollTo(0, document.body.scrollHeight)")  # as after reading an answer
        ana.page.evaluate(_TURN, f"/every/{name}")
        ana.page.wait_for_url(f"**/every/{name}")
        expect(ana.heading).to_be_focused()
        if not ana.page.evaluate(_BEGINS_IN_SIGHT):
            hidden.append(name)
    assert hidden == []


@pytest.mark.parametrize(
    "way", first_of_each(["turned", "loaded", "without a script"], lambda _: "")
)
def test_after_a_miss_the_right_answer_and_the_own_one_are_in_sight(
    visit: Callable[..., Visitor], app: Flask, way: str
) -> None:
    ana = visit(viewport=SMALL_PHONE, java_script_enabled=way != "without a script")
    asked = app.extensions["learn.content"].bank.questions.values()
    with app.test_request_context(QUIZ):
        pages = {question.id: _feedback_to_a_miss(question) for question in asked}

    def answer(route: Route) -> None:
        route.fulfill(body=pages[route.request.url.rpartition("/")[2]], content_type="text/html")

    ana.page.route("**/every/*", answer)
    hidden, own_is_hidden = list[str](), list[str]()
    # Whom to call comes before what was chosen.
    chosen = [n for n, page in pages.items() if "data-chosen" in page and "call-line" not in page]
    for name in pages:
        if way == "turned" and ana.path.startswith("/every/"):
            ana.page.evaluate(_TURN, f"/every/{name}")
            ana.page.wait_for_url(f"**/every/{name}")
        else:
            ana.open(f"/every/{name}")
        expect(ana.heading).to_be_focused()
        is_right_seen, is_own_seen, is_header_whole = ana.page.evaluate(_SIGHTS)
        if not is_right_seen:
            hidden.append(name)
        if name in chosen and not is_own_seen:
            own_is_hidden.append(name)
        assert way != "turned" or is_header_whole, name
    share, own_share = 1 - len(hidden) / len(pages), 1 - len(own_is_hidden) / len(chosen)
    print(f"\n{way}: the right answer is in sight for {share:.1%} of {len(pages)} questions,")
    print(
        f"and what was chosen, with two lines of its reason, for {own_share:.1%} of {len(chosen)}"
    )
    assert share >= _ENOUGH_IN_SIGHT, hidden
    assert own_share >= _ENOUGH_IN_SIGHT, own_is_hidden


def test_the_words_of_steps_are_whole_at_400_percent_beside_an_error(
    visit: Callable[..., Visitor], app: Flask
) -> None:
    ana = visit(viewport=AT_400)
    pages = list[str]()
    with app.test_request_context(QUIZ):
        for question in bank().questions.values():
            shown = tuple(part.id for part in question.parts)
            if question.kind == "order":
                at = QuestionPage(question, shown, 1, 6)
                pages.append(question_page(at, error=ResponseError.NOTHING))
    assert pages

    def answer(route: Route) -> None:
        route.fulfill(body=pages[-1], content_type="text/html")

    ana.page.route("**/steps", answer)
    while pages:
        ana.open("/steps")
        expect(ana.page.locator(".has-error .is-arranged")).to_be_visible()
        with shown_in(WIDE, ana.page):
            assert errors_at_400(ana.page) == []
        pages.pop()


@pytest.mark.parametrize("width", [320, 360])
def test_not_sure_is_in_sight_beside_check_my_answer(
    visit: Callable[..., Visitor], width: int
) -> None:
    ana = visit(viewport={"width": width, "height": 740})
    ana.open(QUIZ)
    boxes = [ana.sender(fields).bounding_box() for fields in (None, UNSURE)]
    for box in boxes:
        assert box
        assert 0 <= box["y"] <= 740 - box["height"]
        assert box["height"] >= 44
    check, unsure = filter(None, boxes)
    assert abs(check["y"] - unsure["y"]) < 8
    assert check["x"] + check["width"] < unsure["x"]


def test_not_sure_is_one_tap_whatever_was_chosen_before(ana: Visitor) -> None:
    ana.open(QUIZ)
    _mark(ana.page)
    ana.choose(right_answer(ana.question))
    ana.sender(UNSURE).click()
    expect(ana.heading).to_have_text("Not sure? Here’s the answer")
    assert _is_marked(ana.page)


def test_enter_in_an_option_checks_the_answer(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choice"])
    ana.choose(right_answer(ana.question))
    ana.page.locator("input:checked").focus()
    ana.page.keyboard.press("Enter")
    expect(ana.heading).to_have_text("That’s right")


def test_not_sure_is_sent_by_the_browser_where_the_script_can_t(ana: Visitor) -> None:
    ana.open(QUIZ)
    _mark(ana.page)
    ana.page.evaluate(_NO_NETWORK)
    ana.answer(UNSURE)
    expect(ana.heading).to_have_text("Not sure? Here’s the answer")
    assert not _is_marked(ana.page)


def test_nothing_that_has_the_focus_is_covered(ana: Visitor) -> None:
    ana.open(QUIZ)
    for _ in range(12):
        ana.page.keyboard.press("Tab")
        assert not ana.page.evaluate(_COVERED)


@pytest.mark.parametrize("size", [{"width": 740, "height": 360}, {"width": 320, "height": 256}])
def test_in_a_low_window_the_action_is_in_the_flow(
    visit: Callable[..., Visitor], size: dict[str, int]
) -> None:
    ana = visit(viewport=size)
    ana.open(QUIZ)
    place = ana.page.locator(".sticky-action").evaluate("it => getComputedStyle(it).position")
    assert place == "static"


def _mark(page: Page) -> None:
    page.evaluate("() => { window.isSamePage = true; }")


def _is_marked(page: Page) -> Any:
    return page.evaluate("window.isSamePage === true")


def test_answer_and_next_question_turn_the_page_without_loading_it(ana: Visitor) -> None:
    ana.open(QUIZ)
    _mark(ana.page)
    ana.answer(wrong_answer(ana.question))
    expect(ana.heading).to_be_focused()
    expect(ana.page).to_have_title(re.compile(r"^Not quite right\. Question 1 of \d\."))
    assert ana.path.endswith("/1")
    ana.go_on()
    expect(ana.page.locator("main h1")).to_be_focused()
    assert ana.path.endswith("/2")
    ana.answer(UNSURE)
    assert ana.path.endswith("/2")
    assert _is_marked(ana.page)

    ana.page.reload()
    expect(ana.heading).to_have_text("Not sure? Here’s the answer")


def test_back_shows_what_was_answered_and_never_asks_to_send_it_again(ana: Visitor) -> None:
    ana.open("/lessons")
    ana.open(QUIZ)
    ana.answer(right_answer(ana.question))
    ana.go_on()
    ana.answer(UNSURE)
    ana.page.go_back()
    expect(ana.heading).to_have_text("That’s right")
    ana.page.go_forward()
    expect(ana.heading).to_have_text("Not sure? Here’s the answer")


def test_an_error_turns_the_page_too_and_has_the_focus(ana: Visitor) -> None:
    ana.open(QUIZ)
    _mark(ana.page)
    ana.page.get_by_role("button", name="Check my answer").click()
    expect(ana.page.get_by_role("alert")).to_be_focused()
    assert _is_marked(ana.page)
    ana.answer(right_answer(ana.question))
    expect(ana.heading).to_have_text("That’s right")


@pytest.mark.parametrize("has_script", [True, False])
def test_what_is_missing_is_said_in_sight_right_above_the_button(
    visit: Callable[..., Visitor], has_script: bool
) -> None:
    ana = visit(viewport=SMALL_PHONE, java_script_enabled=has_script)
    left = {*QUESTION_LAYOUTS} - ({"order"} if has_script else set())  # which is sent as it stands
    while left:
        left.remove(ana.go_to_question_of_layout(left))
        ana.send()
        said = ana.page.get_by_role("alert")
        expect(said).to_be_focused()
        expect(said).to_be_in_viewport(ratio=1)
        at, button = said.bounding_box(), ana.sender().bounding_box()
        assert at
        assert button
        assert 0 <= button["y"] - at["y"] - at["height"] < 40
        assert button["y"] + button["height"] <= SMALL_PHONE["height"]
        if has_script:
            ana.choose(right_answer(ana.question))
            expect(said).to_have_count(0)
        ana.answer_over_http(ana.path)


def test_at_the_end_the_summary_is_loaded_as_a_page(ana: Visitor) -> None:
    attempt = ana.begin("lesson/what-is-all")
    ana.go_on()
    while ana.has_question:
        ana.answer(UNSURE)
        ana.go_on()
    expect(ana.heading).to_have_text("You’ve finished this quiz")
    assert ana.path == attempt


def test_without_the_script_s_request_the_browser_sends_the_answer(ana: Visitor) -> None:
    ana.open(QUIZ)
    _mark(ana.page)
    ana.page.evaluate(_NO_NETWORK)
    ana.answer(right_answer(ana.question))
    expect(ana.heading).to_have_text("That’s right")
    assert not _is_marked(ana.page)


def test_two_taps_send_one_answer(ana: Visitor) -> None:
    sent = list[str]()
    ana.open(QUIZ)
    ana.page.on("request", lambda request: sent.append(request.method))
    ana.choose(right_answer(ana.question))
    ana.page.get_by_role("button", name="Check my answer").dblclick()
    expect(ana.heading).to_have_text("That’s right")
    assert sent.count("POST") == 1


def test_options_stay_and_say_in_words_what_was_right_and_chosen(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choice"])
    question = ana.question
    ana.answer(wrong_answer(question))
    options = ana.page.locator(".marked-answers > li")
    expect(options).to_have_count(len(question.parts))
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(question.stem)
    right = next(part for part in question.parts if part.right)
    expect(options.filter(has_text="Right answer")).to_contain_text(right.rationale)
    expect(options.filter(has_text="You chose this.")).to_have_count(1)
    assert options.locator("details[open]").count() == 2


def test_the_rest_of_the_options_follow_as_they_stood(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choice"])
    before = ana.page.locator(".answers label").all_inner_texts()
    question = ana.question
    wrong = wrong_answer(question)
    ana.answer(wrong)
    told = ana.page.locator(".marked-answers > li summary > span").all_inner_texts()
    first = [text for part in question.parts if part.right for text in [part.text]]
    first += [part.text for part in question.parts if part.id in wrong["answer"]]
    assert [text.split("\n")[0] for text in told] == [
        *first,
        *(t for t in before if t not in first),
    ]
    expect(ana.page.get_by_text(re.compile(r"^The other answers?:$"))).to_be_visible()

    ana.go_to_question_of_layout(["choice"])
    before = ana.page.locator(".answers label").all_inner_texts()
    question = ana.question
    ana.answer(right_answer(question))
    told = ana.page.locator(".marked-answers > li summary > span").all_inner_texts()
    first = [part.text for part in question.parts if part.right]
    assert [text.split("\n")[0] for text in told] == [
        *first,
        *(t for t in before if t not in first),
    ]
    expect(ana.page.get_by_text(re.compile(r"^The other answers?:$"))).to_be_visible()


def test_of_several_answers_the_right_ones_come_first_if_all_were_chosen(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choices"])
    question = ana.question
    ana.answer(right_answer(question))
    said = ana.page.locator(".marked-answers, .marked-answers + .hint")
    expect(said).to_have_count(3)
    expect(said.nth(0).locator("> li.tone-yes")).to_have_count(sum(p.right for p in question.parts))
    expect(said.nth(1)).to_have_text(re.compile(r"^The other answers?:$"))
    expect(said.nth(2).locator("> li.tone-yes")).to_have_count(0)


def test_of_several_answers_what_was_mistaken_comes_first_and_open(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choices"])
    question = ana.question
    ana.answer(wrong_answer(question))
    first = ana.page.locator(".marked-answers > li").first
    expect(first).to_contain_text("You chose this.")
    expect(first.locator("details")).to_have_attribute("open", "")
    opened = ana.page.locator(".marked-answers details[open]").count()
    assert opened == 1 + sum(part.right for part in question.parts)


def test_sureness_is_asked_once_there_is_an_answer(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["choice"])
    sure = ana.page.get_by_role("checkbox", name="I’m sure about this")
    expect(sure).to_be_hidden()
    ana.choose(right_answer(ana.question))
    expect(sure).to_be_visible()
