"""An educator looks at an assignment first, and edits, copies, and deletes it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from learn.assignments.contents import distinct_title
from learn.models import Assignment, Item
from tests.learn.classroom import ASSIGNMENTS, GROUP, ask, join, lead, made
from tests.learn.conftest import DAWN
from tests.learn.groups import ClassOf
from tests.learn.people import Person

LESSON = "what-is-all"
QUIZ = {"kind": "quiz", "about": "some", "lesson": [LESSON], "length": "5"}
OTHER = uuid.UUID(int=0x6410)


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


def count(connection):
    return connection.scalar(select(func.count()).select_from(Assignment))


def post(person, page, where="", **chosen):
    person.open(page)
    return person.post(where or page, person.form(**chosen))


# looking at it first


@pytest.mark.fast("assignments")
def test_a_preview_shows_the_very_questions_and_gives_nothing(eva, content, connection):
    eva.open(f"{ASSIGNMENTS}/new")
    new_id = eva.hidden("new_id")
    page = eva.post(ASSIGNMENTS, eva.form(**QUIZ, title="Week 2", preview="1"))

    assert page.status_code == 200
    assert "No one has this yet." in eva.text
    assert count(connection) == 0
    shown = eva.text
    assert eva.hidden("new_id") == new_id
    done = eva.post(ASSIGNMENTS, eva.form())
    assert done.status_code == 303
    assignment = made(eva, uuid.UUID(hex=new_id))
    assert assignment.title == "Week 2"
    assert len(assignment.contents["questions"]) == 5
    for id_ in assignment.contents["questions"]:
        question = content.bank.questions[id_]
        assert question.stem in shown
        assert all(part.text in shown for part in question.parts)


@pytest.mark.parametrize(
    "chosen",
    [
        QUIZ,
        {"kind": "before-after", "about": "all"},
        {"kind": "lessons", "lesson": [LESSON, "where-all-stands"]},
    ],
)
def test_what_was_chosen_comes_along_from_the_preview(eva, connection, chosen):
    eva.open(f"{ASSIGNMENTS}/new")
    more = {"title": "Later", "due_on": (DAWN + timedelta(days=9)).date().isoformat(), "fixed": "y"}
    eva.post(ASSIGNMENTS, eva.form(**chosen, **more, preview="1"))
    eva.post(ASSIGNMENTS, eva.form(change="1"))
    assert "New assignment" in eva.text
    assert 'value="Later"' in eva.html
    assert count(connection) == 0
    page = eva.post(ASSIGNMENTS, eva.form(**chosen, **more))

    assert page.status_code == 303
    assignment = connection.execute(select(Assignment)).one()
    assert (assignment.title, assignment.kind) == ("Later", chosen["kind"])
    assert assignment.due_on == (DAWN + timedelta(days=9)).date()


def test_an_assignment_that_is_there_can_be_looked_at(eva, content):
    for chosen in (QUIZ, {"kind": "lessons", "lesson": [LESSON]}):
        assignment = ask(eva, **chosen)
        eva.open(f"{ASSIGNMENTS}/{assignment.id}")
        assert f'href="{ASSIGNMENTS}/{assignment.id}/preview"' in eva.html
        eva.open(f"{ASSIGNMENTS}/{assignment.id}/preview")
        assert "This is what members are asked" in eva.text
        assert "No one has this yet." not in eva.text
    assert content.lessons[LESSON].title in eva.text


# titles


def test_automatic_titles_can_be_told_apart(eva):
    titles = [ask(eva, **QUIZ).title for _ in range(3)]

    assert titles == [titles[0], f"{titles[0]} (2)", f"{titles[0]} (3)"]


def test_a_long_automatic_title_leaves_room_for_its_number():
    long = "w" * 80
    assert distinct_title(long, [long.upper()], 80) == "w" * 76 + " (2)"


def test_a_typed_title_that_is_there_is_refused_calmly(eva, connection):
    ask(eva, **QUIZ, title="Week 2")
    eva.open(f"{ASSIGNMENTS}/new")
    page = eva.post(ASSIGNMENTS, eva.form(**QUIZ, title="week 2"))

    assert page.status_code == 422
    assert "This group already has an assignment with that title." in eva.text
    assert count(connection) == 1


def test_a_form_sent_twice_is_no_title_taken(eva, connection):
    eva.open(f"{ASSIGNMENTS}/new")
    form = eva.form(**QUIZ, title="Week 2")
    assert [eva.post(ASSIGNMENTS, form).status_code for _ in range(2)] == [303, 303]
    assert count(connection) == 1


# editing


def test_title_and_date_are_changed_and_the_page_says_so(eva):
    assignment = ask(eva, **QUIZ, title="Week 2")
    day = (DAWN + timedelta(days=3)).date()
    page = post(eva, f"{ASSIGNMENTS}/{assignment.id}/edit", title="Week 3", due_on=day.isoformat())

    assert page.location == f"{ASSIGNMENTS}/{assignment.id}?done=saved"
    eva.open(page.location)
    assert "Your changes are saved." in eva.text
    changed = made(eva, assignment.id)
    assert (changed.title, changed.due_on) == ("Week 3", day)
    assert changed.contents == assignment.contents


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "w" * 81}, "The title is too long."),
        ({"title": "another"}, "already has an assignment with that title"),
        ({"due_on": "soon"}, "We couldn’t read the date."),
        ({"due_on": "2020-01-31"}, "That date has passed."),
    ],
)
def test_what_cannot_be_saved_comes_back_with_what_was_typed(eva, chosen, says):
    ask(eva, **QUIZ, title="Another")
    assignment = ask(eva, **QUIZ, title="Week 2")
    page = post(eva, f"{ASSIGNMENTS}/{assignment.id}/edit", **({"title": "Week 3"} | chosen))

    assert page.status_code == 422
    assert says in eva.text
    assert made(eva, assignment.id).title == "Week 2"


def test_a_date_that_has_passed_may_stay(eva, connection):
    assignment = ask(eva, **QUIZ, title="Week 2")
    past = (DAWN - timedelta(days=3)).date()
    connection.execute(update(Assignment).values(due_on=past))
    where = f"{ASSIGNMENTS}/{assignment.id}/edit"
    page = post(eva, where, title="Week 3", due_on=past.isoformat())

    assert page.status_code == 303
    assert made(eva, assignment.id).due_on == past


def test_who_is_in_it_finishes_what_they_began_after_an_edit(app, eva, ana):
    assignment = ask(eva, **QUIZ, title="Week 2")
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    post(eva, f"{ASSIGNMENTS}/{assignment.id}/edit", title="Week 3")
    while 'name="question"' in ana.html:
        ana.answer_right()
        ana.go_on()

    assert "You’ve finished this quiz" in ana.text


# copying


def test_a_copy_has_the_same_questions_and_a_title_of_its_own(eva, connection):
    assignment = ask(eva, **QUIZ, title="Week 2")
    eva.open(f"{ASSIGNMENTS}/{assignment.id}/copy")
    assert 'value="Week 2 (2)"' in eva.html
    form = eva.form(title="Week 2 (2)")
    where = f"{ASSIGNMENTS}/{assignment.id}/copy"
    pages = [eva.post(where, form) for _ in range(2)]

    assert count(connection) == 2, "sent twice, it makes one copy"
    assert len({page.location for page in pages}) == 1
    eva.open(pages[0].location)
    assert "This is the copy." in eva.text
    copy = made(eva, uuid.UUID(pages[0].location.split("/")[4].split("?")[0]))
    assert (copy.title, copy.contents) == ("Week 2 (2)", assignment.contents)


def test_a_copy_can_be_for_another_group_of_the_educator_and_no_other(app, eva, ben, connection):
    assignment = ask(eva, **QUIZ, title="Week 2")
    lead(app, ben, OTHER, "Another class")
    where = f"{ASSIGNMENTS}/{assignment.id}/copy"
    assert post(eva, where, group=OTHER.hex).status_code == 422
    assert count(connection) == 1

    own = ClassOf(connection, eva.content.bank, "Her other class")
    own.lead(eva.account)
    page = post(eva, where, group=own.id.hex, title="Week 2")
    assert page.location.startswith(f"/groups/{own.id}/assignments/")


# deleting


def test_deleting_is_asked_once_and_keeps_the_answers(app, eva, ana, connection):
    assignment = ask(eva, **QUIZ, title="Week 2")
    join(app, ana)
    ana.take(f"assigned/{assignment.id}")
    answers = connection.scalar(select(func.count()).select_from(Item))
    eva.open(f"{ASSIGNMENTS}/{assignment.id}")
    apart = eva.html.index("Delete this assignment")
    assert eva.html.index(f"{assignment.id}/delete") > apart > eva.html.index("Who’s finished")
    eva.open(f"{ASSIGNMENTS}/{assignment.id}/delete")
    assert "Delete “Week 2”?" in eva.text
    assert count(connection) == 1
    page = eva.post(f"{ASSIGNMENTS}/{assignment.id}/delete", eva.form())

    assert page.location == f"{ASSIGNMENTS}?done=deleted"
    eva.open(page.location)
    assert "It’s deleted." in eva.text
    assert count(connection) == 0
    assert connection.scalar(select(func.count()).select_from(Item)) == answers
    assert eva.open(f"{ASSIGNMENTS}/{assignment.id}").status_code == 404
    for where in ("", "/people", "/first-answers", "/questions", "/before-and-after"):
        assert eva.open(f"/groups/{GROUP}{where}").status_code == 200


def test_who_is_in_it_finishes_what_they_began_after_it_is_deleted(app, eva, ana):
    assignment = ask(eva, **QUIZ, title="Week 2")
    join(app, ana)
    ana.open(f"/quizzes/assigned/{assignment.id}")
    ana.answer_right()
    post(eva, f"{ASSIGNMENTS}/{assignment.id}/delete")
    ana.go_on()
    while 'name="question"' in ana.html:
        ana.answer_right()
        ana.go_on()

    assert "You’ve finished this quiz" in ana.text


@pytest.mark.parametrize("page", ["", "/preview", "/edit", "/copy", "/delete"])
def test_of_another_group_nothing_is_found(app, eva, ben, page):
    assignment = ask(eva, **QUIZ)
    lead(app, ben, OTHER, "Another class")
    for group in (GROUP, OTHER):
        assert ben.open(f"/groups/{group}/assignments/{assignment.id}{page}").status_code == 404
    if page in {"/edit", "/copy", "/delete"}:
        for group in (GROUP, OTHER):
            ben.open("/groups")
            where = f"/groups/{group}/assignments/{assignment.id}{page}"
            assert ben.post(where, ben.form(title="Mine")).status_code == 404
    assert made(eva, assignment.id).title == assignment.title


def test_a_preview_draws_pictures_with_the_questions_and_with_their_answers(eva):
    eva.open(f"{ASSIGNMENTS}/new")
    chosen = QUIZ | {"lesson": [], "objective": ["refractory"]}
    eva.post(ASSIGNMENTS, eva.form(**chosen, preview="1"))  # which finds an id that stands twice

    drawn = {
        word for word in ("-refractory-pictures", "-key-refractory-pictures") if word in eva.html
    }
    assert drawn == {"-refractory-pictures", "-key-refractory-pictures"}
