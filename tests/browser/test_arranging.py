"""Steps are put in order, and lines matched with answers, by mouse, touch, and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from questions.kinds import Match, Order
from tests.browser.visitor import UNSURE, Visitor
from tests.learn.people import right_answer

pytestmark = pytest.mark.browser

SMALL_PHONE = {"width": 360, "height": 740}


@pytest.fixture
def ana(visit: Callable[..., Visitor]) -> Visitor:
    return visit(viewport=SMALL_PHONE, has_touch=True)


def order_question(ana: Visitor) -> Order:
    ana.go_to_question_of_layout(["order"])
    question = ana.question
    assert isinstance(question, Order)
    return question


def match_question(ana: Visitor) -> Match:
    ana.go_to_question_of_layout(["match"])
    question = ana.question
    assert isinstance(question, Match)
    return question


def cards(page: Page) -> Locator:
    return page.locator("#answer > li")


def words(page: Page) -> list[str]:
    return page.locator("#answer > li label").all_inner_texts()


def answers(page: Page) -> list[str]:
    """What the lists of the form say, in the order of the page."""
    values: Any = page.eval_on_selector_all("#answer select", "all => all.map(it => it.value)")
    return [str(value) for value in values]


def status(page: Page) -> Locator:
    return page.locator("#answer ~ [role=status]")


def click(ana: Visitor, name: str) -> None:
    ana.page.get_by_role("button", name=name, exact=True).click()


def center(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_the_middle(found: Locator) -> tuple[float, float]:
    found.evaluate("it => it.scrollIntoView({block: 'center'})")
    return center(found)


def move_into_order(ana: Visitor, question: Order) -> None:
    """Move each step up by its button, until all stand in the right order."""
    for place, part in enumerate(question.parts):
        while words(ana.page).index(part.text) > place:
            click(ana, f"Move up: {part.text}")


def test_steps_are_moved_by_buttons_and_said(ana: Visitor) -> None:
    question = order_question(ana)
    count, (first, *_) = len(question.parts), words(ana.page)
    assert answers(ana.page) == [""] * count
    expect(ana.page.locator("#answer select").first).to_be_hidden()
    down = ana.page.get_by_role("button", name=f"Move down: {first}")
    down.click()
    expect(status(ana.page)).to_have_text(f"{first}, now 2 of {count}")
    assert words(ana.page)[1] == first
    assert answers(ana.page) == [str(n + 1) for n in range(count)]
    expect(down).to_be_focused()

    move_into_order(ana, question)
    ana.send()
    expect(ana.heading).to_have_text("That’s right")


def test_the_order_is_sent_as_it_stands(ana: Visitor) -> None:
    order_question(ana)
    before = words(ana.page)
    ana.send()
    expect(ana.page.locator(".feedback")).to_be_visible()
    shown = ana.page.locator("main").inner_text()
    assert "You put" in shown
    assert all(step in shown for step in before)


def test_not_being_sure_of_an_order_sends_none(ana: Visitor) -> None:
    order_question(ana)
    ana.send(UNSURE)
    expect(ana.heading).to_have_text("Not sure? Here’s the answer")


def test_steps_are_moved_by_keys_alone(ana: Visitor) -> None:
    order_question(ana)
    first = words(ana.page)[0]
    down = ana.page.get_by_role("button", name=f"Move down: {first}")
    down.focus()
    for _ in range(9):  # at the end it stays there
        ana.page.keyboard.press("Enter")
    assert words(ana.page)[-1] == first
    expect(down).to_be_focused()
    expect(down).to_have_attribute("aria-disabled", "true")


def test_a_step_is_dragged_with_the_mouse(ana: Visitor) -> None:
    order_question(ana)
    first = words(ana.page)[0]
    mouse, (x, y) = ana.page.mouse, in_the_middle(ana.page.locator(".drag-handle").first)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, center(cards(ana.page).nth(2))[1] + 5, steps=8)
    mouse.up()
    assert words(ana.page).index(first) >= 2  # the page may have scrolled along
    assert answers(ana.page)[0] == "1"

    before = words(ana.page)
    x, y = in_the_middle(ana.page.locator(".drag-handle").nth(1))
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 150, steps=4)
    assert words(ana.page) != before
    ana.page.keyboard.press("Escape")
    mouse.up()
    assert words(ana.page) == before


def test_a_step_is_dragged_with_a_finger_and_the_page_still_scrolls(ana: Visitor) -> None:
    order_question(ana)
    first = words(ana.page)[0]
    touch = ana.page.context.new_cdp_session(ana.page)

    def swipe(x: float, start: float, end: float) -> None:
        places = [start + (end - start) * part / 8 for part in range(9)]
        kinds = ["touchStart", *["touchMove"] * 8]
        for kind, y in zip(kinds, places, strict=True):
            points = [{"x": x, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    x, y = center(ana.page.locator(".drag-handle").first)
    swipe(x, y, center(cards(ana.page).nth(1))[1] + 5)
    assert words(ana.page).index(first) == 1
    assert "" not in answers(ana.page)

    before, top = words(ana.page), ana.page.evaluate("scrollY")
    x, y = center(cards(ana.page).nth(1).locator("label"))
    swipe(x, y, y - 120)
    ana.page.wait_for_function("top => scrollY > top", arg=top)
    assert words(ana.page) == before


def test_a_step_is_dragged_up_with_a_finger_on_a_small_phone(visit: Callable[..., Visitor]) -> None:
    ana = visit(viewport={"width": 320, "height": 568}, has_touch=True)
    order_question(ana)
    second = words(ana.page)[1]
    touch = ana.page.context.new_cdp_session(ana.page)
    handle = ana.page.locator(".drag-handle").nth(1)
    handle.scroll_into_view_if_needed()
    x, start = center(handle)
    end = center(cards(ana.page).first)[1] - 5
    top = ana.page.evaluate("scrollY")
    for part in range(9):
        points = [{"x": x, "y": start + (end - start) * part / 8}]
        kind = "touchMove" if part else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert words(ana.page)[0] == second
    assert abs(ana.page.evaluate("scrollY") - top) < 60


@pytest.mark.parametrize("width", [320, 360])
def test_no_word_of_a_step_breaks(visit: Callable[..., Visitor], width: int) -> None:
    ana = visit(viewport={"width": width, "height": 740})
    order_question(ana)
    broken = ana.page.locator("#answer label").evaluate_all("""labels => labels.flatMap(label => {
      const text = label.firstChild, range = document.createRange(), found = [];
      for (const { index, 0: word } of text.data.matchAll(/[^\\s-]+/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (range.getClientRects().length > 1) found.push(word);
      }
      return found;
    })""")
    assert broken == []


def test_each_line_to_match_has_its_choices_right_below_it(ana: Visitor) -> None:
    question = match_question(ana)
    for line in cards(ana.page).all():
        choices = line.locator("select")
        assert choices.locator("option").all_inner_texts() == ["Choose", *question.targets.values()]
        words_end, begins = ana.page.evaluate(
            "li => [li.querySelector('label'), li.querySelector('select')].map((it, i) =>"
            " it.getBoundingClientRect()[['bottom', 'top'][i]])",
            line.element_handle(),
        )
        assert 0 <= begins - words_end < 16
    assert ana.page.locator("#answer button, .targets").count() == 0


def test_a_line_is_matched_where_it_stands_and_the_page_doesn_t_move(ana: Visitor) -> None:
    question = match_question(ana)
    last = cards(ana.page).last
    last.scroll_into_view_if_needed()
    before = ana.page.evaluate("scrollY")
    last.locator("select").select_option(next(iter(question.targets)))
    assert ana.page.evaluate("scrollY") == before
    assert answers(ana.page)[-1] == next(iter(question.targets))


def test_lines_are_matched_by_keys_alone(ana: Visitor) -> None:
    question = match_question(ana)
    ana.page.locator("#answer select").first.focus()
    for _ in question.parts:
        at = str(ana.page.evaluate("document.activeElement.name"))
        wanted = question.right_response().pairs[at.removeprefix("row-")]
        for _ in range(1 + [*question.targets].index(wanted)):
            ana.page.keyboard.press("ArrowDown")
        ana.page.keyboard.press("Tab")
    assert "" not in answers(ana.page)
    ana.send()
    expect(ana.heading).to_have_text("That’s right")


def test_half_done_work_comes_back_as_it_was(ana: Visitor) -> None:
    ana.go_to_question_of_layout(["match"])
    name, value = next(iter(right_answer(ana.question).items()))
    ana.choose({name: value})
    ana.send()
    expect(ana.page.get_by_role("alert")).to_be_focused()
    assert ana.page.locator(f"[name={name}]").input_value() == value
    assert answers(ana.page).count("") == len(ana.question.parts) - 1
    ana.answer(right_answer(ana.question))
    expect(ana.heading).to_have_text("That’s right")


def test_a_page_that_turns_loads_the_script_when_it_is_needed(ana: Visitor) -> None:
    order_question(ana)
    address = ana.path
    ana.open("/quizzes/lesson/what-is-all")
    loaded = "[...document.scripts].some(script => script.src.includes('arrange'))"
    if ana.page.locator("[data-arrange]").count():
        pytest.skip("the first question is arranged, too")
    assert not ana.page.evaluate(loaded)
    ana.page.evaluate("to => { document.querySelector('form.question').action = to; }", address)
    ana.send()
    expect(ana.page.locator(".is-arranged")).to_be_visible()
    assert ana.page.evaluate(loaded)


def test_sureness_is_asked_once_something_is_arranged(ana: Visitor) -> None:
    order_question(ana)
    sure = ana.page.get_by_role("checkbox", name="I’m sure about this")
    expect(sure).to_be_hidden()
    ana.page.locator(".moves button:not([aria-disabled=true])").first.click()
    expect(sure).to_be_visible()


@pytest.mark.parametrize("kind", ["order", "match"])
def test_without_a_script_the_lists_are_there(visit: Callable[..., Visitor], kind: str) -> None:
    ana = visit(viewport=SMALL_PHONE, java_script_enabled=False)
    ana.go_to_question_of_layout([kind])
    expect(ana.page.locator("#answer select").first).to_be_visible()
    expect(ana.page.locator("#answer button")).to_have_count(0)
    ana.answer(right_answer(ana.question))
    expect(ana.heading).to_have_text("That’s right")


@pytest.mark.parametrize("kind", ["order", "match"])
@pytest.mark.parametrize("width", [320, 160])
def test_nothing_is_cut_off_in_a_narrow_window(
    visit: Callable[..., Visitor], kind: str, width: int
) -> None:
    ana = visit(viewport={"width": width, "height": 640})
    ana.go_to_question_of_layout([kind])
    assert ana.page.evaluate("document.documentElement.scrollWidth") <= width
