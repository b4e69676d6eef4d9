"""Every page of the site in every state, one after the other, in one browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.browser.account_states import account_states
from tests.browser.care_team_states import (
    number_states,
    own_question_states,
    saved_question_states,
    write,
)
from tests.browser.classroom_states import assignment_states
from tests.browser.error_states import error_states
from tests.browser.explanations import explanations
from tests.browser.group_states import group_states
from tests.browser.leading_states import leading_states
from tests.browser.paper_states import paper_states
from tests.browser.passkey_states import passkey_states
from tests.browser.people_states import people_states
from tests.browser.question_states import (
    before_and_after_states,
    check_states,
    question_states,
    regraded_states,
    review_states,
    summary_states,
)
from tests.browser.results_states import results_states
from tests.browser.room_states import room_states
from tests.browser.visitor import UNSURE, Visitor
from tests.browser.voices import voices
from tests.serving import Site

_HANDOUTS = {
    "handouts": "",
    "handouts-nothing-chosen": "/together",
    "handout-idea": "/idea/platelets-fight-infection",
    "handout-lesson": "/lesson/treatment",
    "handouts-together": "/together?lesson=when-to-call&idea=one-plan-for-all&idea=not-there",
}
_STANDING = ("help", "glossary", "source", "privacy", "booklet", "offline")
_SOURCES = (
    "source/lessons/treatment",
    "source/lessons/where-to-find-help",
    "source/added",
    "source/notes",
)


def states(page: Page, site: Site) -> Iterator[str]:
    """The name of each state, with the page in it.

    The page must be new. The caller may change how it is shown, and not where it is.
    """
    page.add_init_script(voices())  # as on most phones
    ana = Visitor(page)
    yield from _before_the_first_answer(ana)
    yield from before_and_after_states(ana)
    yield from question_states(ana)
    yield from summary_states(ana)
    yield from check_states(ana)
    yield from review_states(ana, site)
    yield from regraded_states(ana, site)
    yield from _afterwards(ana)
    yield from account_states(ana, site)
    yield from group_states(ana, site)
    yield from passkey_states(ana, site)
    yield from results_states(ana, site)
    yield from leading_states(ana, site)
    yield from assignment_states(ana, site)
    yield from people_states(ana, site)
    yield from room_states(ana, site)
    yield from paper_states(ana, site)
    yield from error_states(ana, site)


def _before_the_first_answer(ana: Visitor) -> Iterator[str]:
    ana.open("/")
    yield "home-new"
    lessons = ana.lessons()
    yield "lessons-new"
    for lesson in lessons:
        ana.open(lesson)
        yield lesson.strip("/").replace("/", "-")
    ana.open("/lessons/paths/this-week")
    yield "path-new"
    ana.open("/quizzes/path/this-week")
    yield "path-quiz-new"
    ana.open("/lessons/treatment?path=this-week")
    yield "lesson-on-a-path"
    yield from _parts_of_a_lesson(ana, lessons[0])
    ana.open("/quizzes")
    yield "quizzes"
    ana.open("/progress")
    yield "progress-empty"
    ana.open("/care-team")
    yield "care-team-empty"
    write(ana, " ")
    yield "care-team-nothing-written"
    ana.open("/own-words")
    yield "own-words-empty"
    ana.open("/own-words/lesson/where-all-stands")
    yield "own-words-write"
    ana.press("Save what I wrote")
    yield "own-words-write-nothing"
    ana.open("/my-data")
    yield "my-data-empty"
    ana.open("/my-data/deleted")
    yield "my-data-deleted"
    for name in (*_STANDING, *_SOURCES):
        ana.open(f"/{name}")
        yield name.replace("/", "-")
    for name, address in _HANDOUTS.items():
        ana.open(f"/handouts{address}")
        yield name
    for query in ("", "platlets", "fever", "suicide", "chemothrp", "x" * 200):
        ana.open(f"/search?q={query}")
        yield f"search-{query[:20] or 'empty'}"
    ana.open("/lessons")
    ana.page.get_by_role("banner").get_by_role("button", name="Search").click()
    yield "search-box-open"
    ana.page.keyboard.press("Escape")
    ana.open("/remind-me?what=visit")
    yield "remind-me"
    ana.press("Make the reminder")
    yield "remind-me-nothing-chosen"
    ana.open(
        f"/remind-me/made?what=visit&day={datetime.now(UTC).date() + timedelta(days=30)}&time=09:30"
    )
    yield "remind-me-made"
    yield from saved_question_states(ana)
    yield from number_states(ana)


def _parts_of_a_lesson(ana: Visitor, lesson: str) -> Iterator[str]:
    ana.open(lesson)
    ana.page.locator("button.term").first.click()
    yield "lesson-with-a-meaning-open"
    ana.page.keyboard.press("Escape")
    for summary in ana.page.locator("summary:visible").all():
        summary.click()
    yield "lesson-with-all-details-open"
    passage = ana.page.locator("span.passage").first.get_attribute("id")
    ana.open(f"{lesson}#{passage}")
    yield "lesson-at-a-passage"
    ana.open(lesson)
    ana.page.locator(".read-aloud button").first.click()
    for _ in range(5):
        ana.page.evaluate("finishUtterance()")
    yield "lesson-read-aloud"


def _afterwards(ana: Visitor) -> Iterator[str]:
    ana.open("/progress")
    for summary in ana.page.locator("summary").all():
        summary.click()
    yield "progress-used"
    ana.open("/lessons/what-is-all")
    ana.open("/lessons")
    yield "lessons-used"
    ana.open("/quizzes")
    yield "quizzes-used"
    ana.take("topic/risk-factors", UNSURE)
    ana.save_questions()
    yield "care-team-used"
    yield from own_question_states(ana)
    yield from explanations(ana)
    ana.open("/my-data")
    yield "my-data-used"
    ana.open("/my-data/delete")
    yield "my-data-delete"
    ana.page.locator("[name=csrf_token]").evaluate("field => field.value = 'old'")
    ana.press("Yes, delete everything")
    yield "my-data-delete-expired"
