"""Another document, from its text to a quiz in a browser, without a word about leukemia."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from learn.config import texts
from learn.library.content import Content
from learn.library.read_content import load_content
from questions.model import Question
from tests import second_document
from tests.browser.visitor import Visitor
from tests.learn.people import right_answer, wrong_answer

pytestmark = pytest.mark.browser


def learn(*arguments: str | Path, env: dict[str, str]) -> str:
    """Run the command, which must succeed, and return its output."""
    ran = subprocess.run(
        [sys.executable, "-m", "learn", *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@dataclass(frozen=True)
class Garden:
    """A site about the hospital garden, and its content."""

    address: str
    content: Content

    def question(self, ana: Visitor) -> Question:
        """The question on the page."""
        found = ana.page.locator("input[name=question]").get_attribute("value")
        return self.content.bank.questions[found or ""]


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Garden]:
    """The whole way: `learn new`, what editors write, `learn check`, and `learn serve`."""
    home = tmp_path_factory.mktemp("garden")
    folder, document = home / "content", home / "garden.md"
    document.write_text(second_document.TEXT, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LEARN_")}
    kept.pop("DATABASE_URL", None)
    env = kept | {"LEARN_DATA": str(home / "data")}

    assert "5 sections and 24 sentences" in learn("new", folder, document, env=env)
    second_document.complete(folder)
    assert learn("--content", folder, "check", env=env).endswith("\nNo errors.\n")
    serve = ["--content", str(folder), "serve", "--port", free_port(), "--workers", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "learn", *serve],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        yield Garden(address, load_content(texts({}), folder))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.fixture
def ana(visit: Callable[..., Visitor], garden: Garden) -> Visitor:
    """A volunteer, on her phone."""
    return visit(base_url=garden.address)


def test_a_lesson_is_read_and_says_where_it_comes_from(ana: Visitor, garden: Garden) -> None:
    assert len(ana.lessons()) == 5
    ana.follow("Plants That Do Not Belong Here")
    assert ana.path == "/lessons/plants-that-do-not-belong-here"
    expect(ana.heading).to_have_text("Plants That Do Not Belong Here")
    expect(ana.page.get_by_text("Foxglove and oleander are poison.")).to_be_visible()

    source = ana.page.locator("details.source")
    said = source.get_by_text(second_document.TITLE)
    expect(said).to_be_hidden()
    source.locator("summary").click()
    expect(said).to_be_visible()
    expect(said).to_contain_text("The Head Gardener")
    expect(said).to_contain_text("Plants That Do Not Belong Here")
    expect(ana.page.get_by_text("by the gardeners.")).to_be_visible()

    ana.page.locator("button.term").first.click()
    expect(ana.page.get_by_text("What the body has to fight germs.")).to_be_visible()


def test_a_quiz_is_answered_to_its_summary(ana: Visitor, garden: Garden) -> None:
    ana.open("/lessons/watering-the-beds")
    ana.follow("Check your understanding")
    answers = {"Not quite right": wrong_answer, "That’s right": right_answer}
    told = ["Not quite right", "That’s right", "That’s right"]
    for number, tone in enumerate(told, 1):
        expect(ana.page.get_by_text(f"Question {number} of 3")).to_be_visible()
        question = garden.question(ana)
        assert question.objective == "watering-the-beds"
        ana.answer(answers[tone](question))
        expect(ana.heading).to_have_text(tone)
        told_why = next((part for part in question.parts if part.right), question.parts[0])
        open_reasons = ana.page.locator("main :not(details:not([open])) > p")
        expect(open_reasons.get_by_text(told_why.rationale).first).to_be_visible()
        ana.go_on()

    expect(ana.heading).to_have_text("You’ve finished this quiz")
    expect(ana.page.get_by_text("You got 2 of 3 right on your first try.")).to_be_visible()
    ana.follow("Progress")
    past = ana.page.get_by_role("listitem").filter(has_text="2 of 3 right on your first")
    expect(past.get_by_role("link", name="Watering the Beds")).to_be_visible()


def test_the_first_page_leads_to_the_first_lesson(ana: Visitor, garden: Garden) -> None:
    ana.open("/")
    expect(ana.heading).to_have_text(second_document.TITLE)
    expect(ana.page.get_by_text("It is the page “home”.")).to_be_visible()
    ana.follow("Start with the first lesson")
    assert ana.path == f"/lessons/{second_document.TOPIC}"


def test_the_standing_pages_and_the_source_are_those_of_the_garden(
    ana: Visitor, garden: Garden
) -> None:
    for path, name in (("/help", "help"), ("/privacy", "privacy"), ("/source", "about")):
        ana.open(path)
        expect(ana.page.get_by_text(f"It is the page “{name}”.")).to_be_visible()
    expect(ana.page.get_by_text("The Head Gardener")).to_be_visible()
    expect(ana.page.get_by_text(f"“{second_document.TITLE}”")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/lessons",
        "/lessons/what-to-bring",
        "/quizzes",
        "/quizzes/mixed",
        "/progress",
        "/care-team",
        "/glossary",
        "/source",
        "/source/lessons/watering-the-beds",
        "/source/added",
        "/source/notes",
        "/help",
        "/privacy",
        "/not-there",
    ],
)
def test_no_page_speaks_of_our_own_subject(ana: Visitor, garden: Garden, path: str) -> None:
    ana.open(path)
    said = f"{ana.page.title()} {ana.page.locator('body').inner_text()}"

    assert not re.search(r"\bALL\b|leuk(?:a)?emi|Fred Hutch", said), said
    assert second_document.TITLE in ana.page.title()
