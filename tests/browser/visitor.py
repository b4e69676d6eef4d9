"""A visitor of the site with a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from questions.bank import Bank, load_bank
from questions.kinds import KINDS
from questions.model import Question
from tests.browser import typefaces
from tests.conftest import chromium
from tests.learn.people import right_answer

PHONE = {"width": 390, "height": 844}
UNSURE = {"answer": "?"}
QUESTION_LAYOUTS = (*KINDS, "match-buttons")
"""The kinds; a match has selects, or buttons for two targets and for long ones."""
_MAX_ANSWERS = 2000
"""After so many, a visitor who looks for a layout of question gives up."""

_TERM_IN_ANSWER = 'class="answer-terms"'

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A process for the site, and not one for each page: to start them takes longer than to show it.
    "--disable-site-isolation-trials",
    "--process-per-site",
)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """The browser of this machine, with the fonts of the tests."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[*_FLAGS],
            env={**os.environ, **typefaces.settings(Path(folder))},
        )
        try:
            yield browser
        finally:
            browser.close()


@cache
def bank() -> Bank:
    """All questions, with their answers."""
    return load_bank()


def layout_of(question: Question) -> str:
    """Which of the `QUESTION_LAYOUTS` a question has."""
    targets = getattr(question, "targets", {}).values()
    buttons = len(targets) == 2 or any(len(text) > 20 for text in targets)
    return "match-buttons" if buttons else question.kind


def _topics_asking(layouts: Collection[str]) -> list[str]:
    """The topics that have questions with one of these layouts."""
    asked = {q.objective for q in bank().questions.values() if layout_of(q) in layouts}
    return sorted({o.topic for o in bank().objectives.values() if o.id in asked})


def _question_in(html: str) -> Question:
    match = re.search(r'name="question" value="([^"]*)"', html)
    assert match, "the page asks no question"
    return bank().questions[match.group(1)]


class Visitor:
    """A visitor at a page, who reads, clicks, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def heading(self) -> Locator:
        """What the page says first: what an answer is told, or else its main heading."""
        return self.page.locator("#headline, main:not(:has(#headline)) h1")

    @property
    def path(self) -> str:
        return re.sub(r"^\w+://[^/]+", "", self.page.url)

    @property
    def question(self) -> Question:
        """The question on the page."""
        found = self.page.locator("input[name=question]").get_attribute("value")
        return bank().questions[found or ""]

    @property
    def has_question(self) -> bool:
        """Whether the page asks a question."""
        return self.page.locator("input[name=question]").count() == 1

    def open(self, path: str) -> None:
        self.page.goto(path)

    def follow(self, words: str) -> None:
        """Click the link with exactly these words."""
        self._click(self.page.get_by_role("link", name=words, exact=True))

    def press(self, words: str) -> None:
        """Press the button with exactly these words."""
        self._click(self.page.get_by_role("button", name=words, exact=True))

    def save_questions(self) -> None:
        """Save what the page offers for the care team, and open the list."""
        folded = self.page.locator("details:has(.save-question):not([open]) > summary")
        if folded.count():
            folded.click()
        buttons = self.page.locator(".save-question button")
        buttons.last.click()
        self.page.locator(".question-saved").first.wait_for()
        self.open("/care-team")

    def choose(self, fields: Mapping[str, Any]) -> None:
        """Check boxes and select options as in `fields`, without sending the form."""
        if fields == UNSURE:
            return  # it's a button
        for name, given in fields.items():
            for value in [given] if isinstance(given, str) else given:
                if self.page.locator(f"select[name={name}]").count():
                    self.page.locator(f"select[name={name}]").select_option(value, force=True)
                else:
                    self.page.locator(f'input[name={name}][value="{value}"]').check()

    def sender(self, fields: Mapping[str, Any] | None = None) -> Locator:
        """The button that sends what was chosen, or that nothing was."""
        words = "I’m not sure" if fields == UNSURE else "Check my answer"
        return self.page.get_by_role("button", name=words, exact=True)

    def send(self, fields: Mapping[str, Any] | None = None) -> None:
        self._click(self.sender(fields))

    def answer(self, fields: Mapping[str, Any]) -> None:
        """Answer the question on the page, and see the feedback."""
        self.choose(fields)
        self.send(fields)

    def go_on(self) -> None:
        """Click the one button that leads on."""
        self._click(self.page.locator("a.button"))

    def _click(self, found: Locator) -> None:
        with self.page.expect_navigation():
            found.click()

    def lessons(self) -> list[str]:
        """The addresses of all lessons, from their list."""
        self.open("/lessons")
        links = self.page.locator("main .entry-list :is(h3, h4) a").all()
        return [link.get_attribute("href") or "" for link in links]

    def begin(self, quiz: str) -> str:
        """Answer the first question of a quiz, right; return the attempt's address."""
        self.open(f"/quizzes/{quiz}")
        self.answer(right_answer(self.question))
        return self.path.rpartition("/")[0]

    def go_to_question_of_layout(self, layouts: Collection[str]) -> str:
        """Answer questions until one has one of these layouts; return its layout."""
        for quiz in islice(cycle(_topics_asking(layouts)), _MAX_ANSWERS):
            shown = self.page.request.get(f"/quizzes/topic/{quiz}")
            question = _question_in(shown.text())
            if layout_of(question) in layouts:
                self.page.goto(shown.url)
                return layout_of(question)
            self.answer_over_http(shown.url)
        raise AssertionError(f"no quiz asked a question laid out as {', '.join(layouts)}")

    def go_to_question_with_terms(self) -> None:
        """Answer questions until one explains a term of its answers."""
        for quiz in islice(cycle(_topics_asking(QUESTION_LAYOUTS)), _MAX_ANSWERS):
            shown = self.page.request.get(f"/quizzes/topic/{quiz}")
            if _TERM_IN_ANSWER in shown.text():
                self.page.goto(shown.url)
                return
            self.answer_over_http(shown.url)
        raise AssertionError("no quiz asked a question with a term in an answer")

    def answer_over_http(self, address: str, fields: Mapping[str, Any] | None = None) -> None:
        """Answer the question at `address` by a request, right or as in `fields`."""
        request = self.page.request
        shown = request.get(address)
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', shown.text()))
        given = fields or right_answer(_question_in(shown.text()))
        kept = request.post(
            shown.url,
            data=urlencode(hidden | dict(given), doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            max_redirects=0,
        )
        assert kept.status == 303, kept.text()

    def asked_at(self, address: str) -> Question:
        """The question that is asked at `address`."""
        return _question_in(self.page.request.get(address).text())

    def take(self, quiz: str, fields: Mapping[str, Any] | None = None) -> None:
        """Take a whole quiz, seeing only its summary."""
        self.answer_over_http(f"/quizzes/{quiz}", fields)
        self.finish(f"/quizzes/{quiz}", fields)

    def finish(self, address: str, fields: Mapping[str, Any] | None = None) -> None:
        """Answer the rest of a quiz, if it is started, and open its summary."""
        shown = self.page.request.get(address)
        if shown.url.endswith(address) and 'name="plan"' in shown.text():
            return  # its first question as nobody has answered it yet
        attempt = shown.url.rpartition("/")[0]
        while 'name="question"' in shown.text():
            self.answer_over_http(shown.url, fields)
            shown = self.page.request.get(attempt)
        self.open(attempt)
