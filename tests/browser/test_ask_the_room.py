"""The projector and the phones of a room, in real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.classroom_states import lead
from tests.browser.room_states import (
    AGAIN,
    ASK,
    CLOSE,
    SEND,
    TELL,
    ask,
    askable,
    first_of,
    others_answer,
)
from tests.browser.seeding import sign_in_as
from tests.browser.visitor import PHONE, Visitor
from tests.learn.people import right_answer
from tests.serving import Site

pytestmark = pytest.mark.browser

SOON = 12_000  # milliseconds: three looks, on a busy machine
PROJECTOR: ViewportSize = {"width": 1280, "height": 720}
FROM_AFAR = 24  # pixels of 1280, in a room
_LETTERS = """main => {
  const small = new Set(), texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), box = texts.currentNode.parentElement;
    const size = parseFloat(getComputedStyle(box).fontSize);
    if (text && box.checkVisibility() && !box.closest('svg') && size < %d) small.add(text);
  }
  return [...small];
}"""


class Lesson:
    """An educator with a projector, at the site's name."""

    def __init__(self, visitor: Visitor, site: Site) -> None:
        self.eva, self.site = visitor, site
        account = sign_in_as(visitor.page.context, site, f"Eva {uuid4().hex[:12]}")
        self.group = f"{site.named}/groups/{lead(site, account)}"
        self.code = ""

    def ask(self, kind: str = "choice", *, exhibit: bool = False) -> None:
        self.question = first_of(kind, exhibit=exhibit)
        self.code = ask(self.eva, self.group, self.question)

    @property
    def phone(self) -> str:
        return f"{self.site.named}/room/{self.code}"


@pytest.fixture
def lesson(visit: Callable[..., Visitor], site: Site) -> Lesson:
    return Lesson(visit(viewport=PROJECTOR), site)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text)).to_be_visible(timeout=SOON)


def test_phones_and_the_projector_follow_by_themselves(
    lesson: Lesson, visit: Callable[..., Visitor], site: Site
) -> None:
    lesson.ask()
    ben = visit()
    ben.open(lesson.phone)
    ben.choose(right_answer(lesson.question))
    ben.press(SEND)
    heading(ben.page, "Your answer is counted")
    count = lesson.eva.page.locator("[data-count]")
    expect(count).to_have_text("1 answer so far", timeout=SOON)
    others_answer(site, lesson.code, lesson.question, 3, 2)
    expect(count).to_have_text("7 answers so far", timeout=SOON)
    lesson.eva.press(CLOSE)
    heading(ben.page, "The results")
    lesson.eva.press(AGAIN)
    expect(ben.page.get_by_role("button", name=SEND)).to_be_visible(timeout=SOON)
    ben.choose(right_answer(lesson.question))
    ben.press(SEND)
    others_answer(site, lesson.code, lesson.question, 4, 1)
    expect(count).to_have_text("7 answers so far", timeout=SOON)
    lesson.eva.press(CLOSE)
    lesson.eva.press(TELL)
    heading(ben.page, "The right answer, and why")


def test_the_projector_loses_the_network_and_comes_back(browser: Browser, site: Site) -> None:
    """The browser complains then, so it is one of its own."""
    with browser.new_context(viewport=PROJECTOR) as context:
        comes_back(Lesson(Visitor(context.new_page()), site), site)


def comes_back(lesson: Lesson, site: Site) -> None:
    lesson.ask()
    page = lesson.eva.page
    away = page.locator("[data-away]")
    expect(away).to_be_hidden()
    page.context.set_offline(True)
    expect(away).to_be_visible(timeout=SOON)
    page.get_by_role("button", name=CLOSE).click()
    heading(page, lesson.question.stem)
    expect(away).to_be_visible()
    others_answer(site, lesson.code, lesson.question, 4, 1)
    page.context.set_offline(False)
    expect(away).to_be_hidden(timeout=SOON)
    expect(page.locator("[data-count]")).to_have_text("6 answers so far", timeout=SOON)
    page.get_by_role("button", name=CLOSE).click()
    heading(page, "The results")


def test_everything_works_without_javascript(
    lesson: Lesson, visit: Callable[..., Visitor], site: Site
) -> None:
    eva = Lesson(visit(viewport=PROJECTOR, java_script_enabled=False), site)
    eva.ask()
    ben = visit(java_script_enabled=False)
    ben.open(f"{site.named}/room")
    ben.page.get_by_label("Code on the screen").fill(eva.code.lower())
    ben.press("Continue")
    ben.choose(right_answer(eva.question))
    ben.press(SEND)
    heading(ben.page, "Your answer is counted")
    eva.eva.follow("Look again")
    expect(eva.eva.page.locator("[data-count]")).to_have_text("1 answer so far")
    others_answer(site, eva.code, eva.question, 4, 1)
    eva.eva.press(CLOSE)
    ben.follow("Look again")
    heading(ben.page, "The results")
    eva.eva.press(TELL)
    ben.follow("Look again")
    heading(ben.page, "The right answer, and why")


@pytest.mark.parametrize("kind", ["choice", "choices", "match", "order"])
def test_letters_on_the_projector_can_be_read_from_the_last_row(
    lesson: Lesson, site: Site, kind: str
) -> None:
    lesson.ask(kind)
    main = lesson.eva.page.locator("main")
    assert main.evaluate(_LETTERS % FROM_AFAR) == []
    others_answer(site, lesson.code, lesson.question, 4, 2)
    lesson.eva.press(CLOSE)
    assert main.evaluate(_LETTERS % FROM_AFAR) == []
    lesson.eva.press(TELL)
    assert main.evaluate(_LETTERS % FROM_AFAR) == []


def test_exhibits_on_the_projector_can_be_read_from_the_last_row(lesson: Lesson) -> None:
    main, small = lesson.eva.page.locator("main"), {}
    for question in {q.exhibit.kind: q for q in askable() if q.exhibit}.values():
        ask(lesson.eva, lesson.group, question)
        if found := main.evaluate(_LETTERS % FROM_AFAR):
            small[question.id] = found

    assert small == {}


def test_the_code_and_the_way_to_close_are_in_sight_beside_the_question(lesson: Lesson) -> None:
    lesson.ask(exhibit=True)
    page = lesson.eva.page
    for sight in (
        page.locator(".projector-code"),
        page.locator(".projector-scan img"),
        page.locator("[data-count]"),
        page.get_by_role("button", name=CLOSE),
        page.get_by_role("heading", level=1),
    ):
        box = sight.bounding_box()
        assert box, sight
        assert box["y"] + box["height"] <= 720, sight


@pytest.mark.parametrize("kind", ["chart", "lab-report", "letter", "icon-array", ""])
def test_the_question_and_all_answers_are_in_the_first_screen(lesson: Lesson, kind: str) -> None:
    """The exhibit stands beside them."""
    page = lesson.eva.page
    page.set_viewport_size({"width": 1280, "height": 900})
    question = next(
        q for q in askable() if q.kind == "choice" and (q.exhibit.kind if q.exhibit else "") == kind
    )
    ask(lesson.eva, lesson.group, question)
    bar = page.locator(".sticky-action").bounding_box()
    assert bar
    for sight in (
        page.get_by_role("heading", level=1),
        *page.locator(".exhibit").all(),
        *page.locator(".room-parts li").all(),
    ):
        box = sight.bounding_box()
        assert box, sight
        assert box["y"] + box["height"] <= bar["y"], sight
    code = page.locator(".projector-code").bounding_box()
    assert code
    assert code["height"] < 80, "on one line"


def test_closing_lands_on_the_results_and_telling_on_the_reasons(
    lesson: Lesson, site: Site
) -> None:
    lesson.ask(exhibit=True)
    page = lesson.eva.page
    page.set_viewport_size({"width": 1280, "height": 900})
    others_answer(site, lesson.code, lesson.question, 4, 2)
    page.reload()
    lesson.eva.press(CLOSE)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    for bar in page.locator(".room-bars > li").all():
        expect(bar).to_be_in_viewport(ratio=1)
    lesson.eva.press(TELL)
    for reason in page.locator(".room-reason").all():
        expect(reason).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 360])
def test_a_phone_answers_with_one_thumb(
    lesson: Lesson, visit: Callable[..., Visitor], site: Site, width: int
) -> None:
    lesson.ask()
    ben = visit(viewport=PHONE | {"width": width})
    ben.open(lesson.phone)
    assert ben.page.evaluate("document.documentElement.scrollWidth") <= width
    button = ben.page.get_by_role("button", name=SEND).bounding_box()
    assert button
    assert button["y"] + button["height"] <= PHONE["height"]
    ben.press("I’m not sure")
    heading(ben.page, "Your answer is counted")


def test_a_question_is_asked_from_what_to_teach_next_in_two_taps(lesson: Lesson) -> None:
    eva = lesson.eva
    eva.open(f"{lesson.group}/room")
    eva.page.locator("details summary").first.click()
    eva.page.locator("details[open] .link-list a").first.click()
    eva.press(ASK)

    assert re.fullmatch(r"\w{4}-\w{4}", eva.page.locator(".projector-code").inner_text())
