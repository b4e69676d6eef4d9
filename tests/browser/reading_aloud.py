"""A browser that records what it would read aloud."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.browser.visitor import Visitor
from tests.browser.voices import Voice, voices
from tests.our_content import our_content

LESSON = "/lessons/what-is-all"


HER_PHONE = Voice(default=True)


def _with(who: Visitor, *found: Voice) -> Visitor:
    who.page.add_init_script(voices(found))
    return who


def _button(page: Page, name: str) -> Any:
    return page.get_by_role("group", name="Read aloud").get_by_role("button", name=name)


def _listen(page: Page) -> None:
    _button(page, "Listen").click()


def _spoken(page: Page) -> list[str]:
    return [said["text"] for said in page.evaluate("spoken")]


@cache
def _lead() -> list[str]:
    """The first sentences of the lesson."""
    lesson = our_content().lessons["what-is-all"]
    return [sentence for passage in lesson.text.lead.passages for sentence in passage.sentences]
