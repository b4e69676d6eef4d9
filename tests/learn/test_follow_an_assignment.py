"""An educator sees who has finished an assignment, closes it, and reopens it."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete

from learn.models import Assignment, SharingTerms
from tests.learn.classroom import ASSIGNMENTS, ask, join, lead, leave, made
from tests.learn.conftest import DAWN
from tests.learn.people import Person

LESSON = "what-is-all"
QUIZ = {"kind": "quiz", "about": "some", "lesson": [LESSON], "length": "5"}


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


@pytest.fixture
def cleo(app, content):
    return Person(app, content, uuid.UUID(int=0xC1E0))


def test_the_list_counts_finished_members_who_share_by_name(app, eva, ana, ben, cleo):
    assignment = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    assert "Nobody in this group shares with a nickname yet." in eva.text

    join(app, ana)
    join(app, ben)
    join(app, cleo, sharing="totals")
    ana.take(f"assigned/{assignment.id}")
    cleo.take(f"assigned/{assignment.id}")
    ben.open(f"/quizzes/assigned/{assignment.id}")
    ben.answer_right()
    eva.open(ASSIGNMENTS)

    assert "1 of 2 people who share with a nickname has finished. 1 more has started." in eva.text


def test_a_member_who_has_not_agreed_is_counted_only_once_they_finish(app, eva, ana, ben):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    join(app, ben, terms=SharingTerms.FIRST)
    for person in (ana, ben):
        person.open(f"/quizzes/assigned/{assignment.id}")
        person.answer_right()
    eva.open(ASSIGNMENTS)
    assert "0 of 2 people who share with a nickname have finished. 1 more has started." in eva.text

    ben.take(f"assigned/{assignment.id}")
    eva.open(ASSIGNMENTS)
    assert "1 of 2 people who share with a nickname has finished. 1 more has started." in eva.text


def test_members_who_left_are_no_longer_counted(app, eva, ana, ben, clock):
    assignment = ask(eva, **QUIZ)
    join(app, ana)
    join(app, ben)
    ana.take(f"assigned/{assignment.id}")
    clock.forward(hours=1)
    leave(app, ana, clock.now)
    eva.open(ASSIGNMENTS)

    assert "0 of 1 people who share with a nickname have finished." in eva.text


def test_a_quiz_finished_before_sharing_by_name_is_not_counted(app, eva, ana, clock):
    assignment = ask(eva, **QUIZ)
    join(app, ana, sharing="totals")
    ana.take(f"assigned/{assignment.id}")
    clock.forward(hours=1)
    leave(app, ana, clock.now)
    join(app, ana, since=clock.now)
    eva.open(ASSIGNMENTS)

    assert "0 of 1 people who share with a nickname have finished." in eva.text


def test_a_before_and_after_assignment_is_finished_when_both_quizzes_are(app, eva, ana):
    assignment = ask(eva, kind="before-after", about="all")
    join(app, ana)
    ana.take(f"assigned/{assignment.id}/before")
    eva.open(ASSIGNMENTS)
    assert "0 of 1 people who share with a nickname have finished. 1 more has started." in eva.text

    ana.take(f"assigned/{assignment.id}/after")
    eva.open(ASSIGNMENTS)
    assert "1 of 1 people who share with a nickname has finished." in eva.text


def test_assigned_lessons_are_counted_by_their_quizzes_not_by_visits(app, eva, ana, ben):
    ask(eva, kind="lessons", lesson=[LESSON])
    join(app, ana)
    join(app, ben)
    ana.take(f"lesson/{LESSON}")
    ben.read(LESSON)
    eva.open(ASSIGNMENTS)

    assert "1 of 2 people who share with a nickname has taken the quiz for each lesson." in eva.text


def test_the_assignment_list_takes_three_statements(app, eva, ana, statements):
    """The first look of the day, which is logged, takes one more."""
    for _ in range(3):
        ask(eva, **QUIZ)
    join(app, ana)
    eva.open(ASSIGNMENTS)
    statements.clear()
    eva.open(ASSIGNMENTS)

    assert len(statements) == 3, statements


def test_an_assignment_can_be_closed_and_reopened(eva, connection):
    assignment = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    token = eva.hidden("csrf_token")
    for _ in range(2):
        answer = eva.post(f"{ASSIGNMENTS}/{assignment.id}/close", {"csrf_token": token})
        assert answer.status_code == 303
    assert made(eva, assignment.id).closed_at == DAWN
    eva.open(ASSIGNMENTS)
    assert "Nobody can start these now." in eva.text

    eva.post(f"{ASSIGNMENTS}/{assignment.id}/reopen", {"csrf_token": token})
    assert made(eva, assignment.id).closed_at is None


def test_a_group_of_another_educator_is_not_found(eva, ben, somebody_new, ana):
    app = eva.browser.application
    assignment = ask(eva, **QUIZ)
    lead(app, ben, uuid.UUID(int=0xB), "Another class")
    join(app, ana)
    here = f"{ASSIGNMENTS}/{assignment.id}"
    for page in (ASSIGNMENTS, f"{ASSIGNMENTS}/new", f"{here}/quiz", f"{here}/key"):
        assert ben.open(page).status_code == 404, page
        for guest in (ana, somebody_new):
            assert guest.is_led_to_sign_in(page), page
    by_his_own_group = f"/groups/{uuid.UUID(int=0xB)}/assignments"
    for what in ("quiz", "key"):
        assert ben.open(f"{by_his_own_group}/{assignment.id}/{what}").status_code == 404
    ben.open(by_his_own_group)
    ben.open(f"{by_his_own_group}/new")
    token = ben.hidden("csrf_token")
    for path in (ASSIGNMENTS, f"{here}/close", f"{by_his_own_group}/{assignment.id}/close"):
        assert ben.post(path, {"csrf_token": token}).status_code == 404, path
    assert made(eva, assignment.id).closed_at is None


def test_a_removed_assignment_is_not_found(eva, connection):
    assignment = ask(eva, **QUIZ)
    eva.open(ASSIGNMENTS)
    token = eva.hidden("csrf_token")
    connection.execute(delete(Assignment))
    for what in ("quiz", "key"):
        assert eva.open(f"{ASSIGNMENTS}/{assignment.id}/{what}").status_code == 404
    answer = eva.post(f"{ASSIGNMENTS}/{assignment.id}/close", {"csrf_token": token})
    assert answer.status_code == 404
