"""A newer course replaces the kept one after a quiz; a correction for safety, at once."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from learn.library.read_content import FOLDER
from questions import bank
from tests.browser.network import network_to
from tests.browser.visitor import PHONE, Visitor
from tests.learn.people import right_answer
from tests.serving import serving

pytestmark = pytest.mark.browser

_COURSES = """async () => {
  const { controller } = navigator.serviceWorker, { home } = document.documentElement.dataset;
  if (!controller || (await fetch(`${home}offline?keep`)).status !== 204) return [];
  return (await caches.keys()).filter(name => name.includes(' course '));
}"""
# As a next page would, look once more when an installation was lost on its way.
_TAKE_A_NEWER_ONE = """async () => {
  const place = await navigator.serviceWorker.ready, first = window.firstWorker ??= place.active;
  if (!place.installing && !place.waiting && place.active === first) await place.update();
  return place.active !== first && place.active.state === 'activated';
}"""

# A search of the kept courses that is on its way while one is let go of mustn't begin it again.
_SEARCH_ALL_THE_TIME = """setInterval(() => {
  for (const { href } of document.querySelectorAll('link[rel=stylesheet]')) fetch(href);
}, 5)"""


@pytest.fixture
def content(tmp_path: Path) -> Iterator[Path]:
    """A folder with our content, to correct."""
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(bank.FOLDER, folder / "bank")
    shutil.copytree(bank.FOLDER.parent / "figures", folder / "figures")
    yield folder
    shutil.rmtree(folder)


def correct(folder: Path) -> None:
    """Correct something that mustn't wait."""
    source = folder / "source.toml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("[site]\n", '[site]\nsafety_correction = "2026-12-01"\n', 1))


def wait_for(page: Page, courses: int, older: str = "") -> str:
    """Wait until so many courses are kept, other than `older` alone; return the oldest."""
    until = time.monotonic() + 90
    while True:
        found = page.evaluate(_COURSES)
        if len(found) == courses and found != [older]:
            return str(found[0])
        assert time.monotonic() < until, found
        page.wait_for_timeout(500)


@pytest.mark.parametrize("is_for_safety", [False, True], ids=["any change", "for safety"])
def test_a_newer_course_waits_for_the_end_of_a_quiz_unless_it_is_for_safety(
    browser: Browser, content: Path, tmp_path: Path, is_for_safety: bool
) -> None:
    data, named = tmp_path / "data", {"LEARN_CONTENT": str(content)}
    with (
        serving(data, workers=1, **named) as before,
        network_to(before.port) as network,
        browser.new_context(base_url=network.address, viewport=PHONE) as context,
    ):
        context.set_default_timeout(20_000)
        ana = Visitor(context.new_page())
        ana.open("/quizzes/lesson/what-is-all")
        ana.answer(right_answer(ana.question))
        first = wait_for(ana.page, 1)

        before.stop()
        if is_for_safety:
            correct(content)
        with serving(data, workers=1, **named, LEARN_CRISIS_LINE="call 000") as after:
            network.lead_to(after.port)
            until = time.monotonic() + 90
            while not ana.page.evaluate(_TAKE_A_NEWER_ONE):
                assert time.monotonic() < until
                ana.page.wait_for_timeout(500)
            if not is_for_safety:
                assert wait_for(ana.page, 2) == first, "the quiz is still open"
                ana.page.add_init_script(_SEARCH_ALL_THE_TIME)
                ana.open("/lessons")
            newer = wait_for(ana.page, 1, first)
            assert newer.endswith("2026-12-01" if is_for_safety else "never")
