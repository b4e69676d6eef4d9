"""An educator assigns, and looks for, a lesson whose questions are for practice only."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from sqlalchemy import func, select

from learn.models import Assignment
from tests.learn.classroom import ASSIGNMENTS, GROUP_PAGES, ask, join, lead
from tests.learn.groups import RIGHT, ClassOf, sign_in_as_educator
from tests.learn.people import Person

PRACTICE, LESSON = "when-to-call", "what-is-all"
ONLY_TO_READ = (
    "“When to call” has practice questions only, until a clinician has reviewed them. "
    "You can assign it to read."
)
NOT_COUNTED = (
    "“When to call” isn’t in these results. "
    "Its questions are practice only until a clinician has reviewed them."
)
NOT_LISTED = NOT_COUNTED.replace("these results", "this list")


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


def send(person, **chosen):
    person.open(f"{ASSIGNMENTS}/new")
    return person.post(ASSIGNMENTS, person.form(about="some", length="5", **chosen))


def test_the_form_says_at_the_lesson_and_at_all_lessons_that_it_is_only_to_read(eva, content):
    assert [*content.practice_lessons] == [PRACTICE]
    eva.open(f"{ASSIGNMENTS}/new")
    labels = re.findall(r"(?s)<label>(.*?)</label>", html.unescape(eva.html))
    said = [label for label in labels if ONLY_TO_READ in label]
    assert len(said) == 2
    assert 'value="all"' in said[0]
    assert f'value="{PRACTICE}"' in said[1]


def test_it_can_be_assigned_to_read(eva):
    asked = ask(eva, kind="lessons", about="some", lesson=[PRACTICE])
    assert asked.contents == {"lessons": [PRACTICE]}
    assert asked.title == "Read: When to call"


@pytest.mark.parametrize("kind", ["quiz", "before-after"])
def test_a_quiz_of_it_alone_is_answered_with_what_can_be_done(eva, connection, kind):
    page = send(eva, kind=kind, lesson=[PRACTICE])
    assert page.status_code == 422
    summary = re.search(r'(?s)class="error-summary".*?</div>', html.unescape(eva.html))[0]
    assert ONLY_TO_READ in summary
    assert "Choose at least one lesson" not in summary
    assert connection.scalar(select(func.count()).select_from(Assignment)) == 0


@pytest.mark.parametrize("kind", ["quiz", "before-after"])
def test_the_preview_names_the_lessons_that_no_question_is_about(eva, content, kind):
    send(eva, kind=kind, lesson=[PRACTICE, LESSON], preview="1")
    assert "No question here is about “When to call”, which has practice questions only" in eva.text
    assert "There wasn’t room" not in eva.text
    send(eva, kind=kind, lesson=[LESSON], preview="1")
    assert "No question here is about" not in eva.text
    every = [*content.counted_lessons]
    send(eva, kind=kind, lesson=every, preview="1")
    without = re.search(r"(?s)There wasn’t room for a question.*?<ul>(.*?)</ul>", eva.html)[1]
    asked = {*re.findall(r"Lesson “([^”]+)”", html.unescape(eva.html))}
    named = re.findall(r"<li>(.*?)</li>", html.unescape(without))
    assert {*named} == {content.lessons[i].title for i in every} - asked


def test_the_preview_of_lessons_to_read_does_not_speak_of_questions(eva):
    send(eva, kind="lessons", lesson=[PRACTICE], preview="1")
    assert "This is what members are asked to read." in eva.text
    assert "one question at a time" not in eva.text


def test_the_same_order_for_everybody_is_chosen_from_the_start(eva):
    eva.open(f"{ASSIGNMENTS}/new")
    assert 'name="fixed" value="y" checked' in eva.html
    send(eva, kind="quiz", lesson=[LESSON], change="1")
    assert 'name="fixed" value="y" checked' not in eva.html


def test_lists_of_what_can_be_asked_say_what_is_left_out(eva):
    for page in ("room", "paper"):
        eva.open(f"{GROUP_PAGES}/{page}")
        assert NOT_LISTED in eva.text
        assert "Questions that a clinician hasn’t reviewed" not in eva.text


def test_pages_of_results_say_what_is_left_out(eva, app, content, ana):
    join(app, ana)
    ana.take(f"lesson/{LESSON}")
    for page in ("", "/people", "/questions", "/first-answers"):
        eva.open(f"{GROUP_PAGES}{page}")
        assert NOT_COUNTED in eva.text, page
        assert "Some questions about “If your child has ALL” are left out for" in eva.text


def test_a_persons_page_shows_that_they_practiced_it(ben, connection, content):
    group = ClassOf(connection, content.bank)
    kim = sign_in_as_educator(ben, group)
    practice = content.bank.of_lesson(PRACTICE)[0].questions[0].id
    zoe = group.join(nickname="Zoe")
    kim.open(f"/groups/{group.id}/people")
    address = next(p for p in kim.html.split('"') if re.search(r"/people/[0-9a-f-]{36}$", p))
    kim.open(address)
    assert "Practiced on" not in kim.text
    group.answer(zoe, {practice: RIGHT}, quiz=f"lesson/{PRACTICE}")
    kim.open(address)
    lessons = kim.text.partition("Lesson by lesson")[2].partition("Not started")[0]
    assert NOT_COUNTED in lessons
    assert "When to call Practiced on November 1, 2026" in " ".join(lessons.split())
