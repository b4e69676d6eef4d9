"""Exhibits can be read on a narrow screen, in the dark, with large text, and by axe."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from learn.app import create_app
from learn.config import Settings
from learn.library.content import Content
from tests.browser.inspection import Colors, Seen, look, ready_for_axe
from tests.browser.visitor import PHONE
from tests.exhibits.files import EXHIBITS, LESSON, merged, write
from tests.our_content import our_content

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def content() -> Content:
    return our_content()


@pytest.fixture(scope="module")
def app(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("exhibits")
    found = create_app(
        Settings(f"sqlite:///{folder / 'x.sqlite3'}", ("k" * 16,), folder), content=content
    )
    yield found
    found.extensions["learn.database"].dispose()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=EXHIBITS)
def exhibit(request: pytest.FixtureRequest, app: Flask, content: Content, tmp_path: Path) -> str:
    """The only question of the lesson shows it."""
    app.extensions["learn.content"] = merged(content, write(tmp_path, content, request.param))
    return str(request.param)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, reduced_motion="reduce") as context:
        yield ready_for_axe(context.new_page())


def see(page: Page) -> Seen:
    seen = Seen()
    look(page, seen, Colors())
    assert seen.rules_broken == []
    assert seen.small_targets == []
    assert seen.errors_at_400 == []
    assert seen.errors_with_large_text == []
    return seen


@pytest.mark.usefixtures("exhibit")
def test_it_can_be_read_by_everybody(address, page):
    page.goto(f"{address}/quizzes/lesson/{LESSON}")
    see(page)

    page.locator("input[name=answer]").first.check()
    page.get_by_role("button", name="Check my answer").click()
    for details in page.locator("summary").all():
        details.click()
    see(page)


_FILLS = """root => [...root.querySelectorAll('.exhibit *:not(svg, svg *)')]
  .filter(e => !e.textContent.trim())
  .map(e => getComputedStyle(e).backgroundColor)
  .map(color => /^rgba.*, 0\\)$/.test(color) ? getComputedStyle(root).backgroundColor : color)"""


@pytest.mark.parametrize("exhibit", ["chart"], indirect=True)
@pytest.mark.usefixtures("exhibit")
def test_the_numbers_of_a_chart_fold_and_are_printed(address: str, page: Page) -> None:
    page.goto(f"{address}/quizzes/lesson/{LESSON}")
    numbers = page.locator(".exhibit table")
    spoken = page.locator(".exhibit").get_by_role("img")
    expect(numbers).to_be_hidden()
    expect(spoken).to_have_accessible_name(re.compile("March 9, 2026: 95.5 thousand per µL;"))
    page.emulate_media(media="print")
    box = numbers.bounding_box()
    assert box
    assert box["height"] > 50
    page.emulate_media(media="screen")
    page.get_by_text("The same numbers as a list").click()
    expect(numbers).to_be_visible()
    expect(numbers).to_contain_text("March 23, 2026")


@pytest.mark.usefixtures("exhibit")
def test_what_only_a_background_shows_is_told_apart_in_forced_colors(address, page):
    page.goto(f"{address}/quizzes/lesson/{LESSON}")
    told_apart = {*page.locator("body").evaluate(_FILLS)}
    page.emulate_media(forced_colors="active")

    assert len({*page.locator("body").evaluate(_FILLS)}) == len(told_apart)
