"""Answers and reviews that come in at the same time, on a real file or server."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.learner.quiz_refs import MIXED
from learn.models import (
    Account,
    Attempt,
    DisclosedAnswer,
    Item,
    MemoryRow,
)
from learn.quizzes import queries
from learn.quizzes.planning.attempt_plan import AttemptPlan
from learn.quizzes.taking import actions
from learn.quizzes.taking.scored_answer import score_answer
from questions.model import Response
from tests.learn.concurrency import (
    TOGETHER,
    all_at_once,
    at_once,
    count,
    is_all_there,
    left_over,
    write,
)
from tests.learn.groups import RIGHT, ClassOf, sign_in_as_educator
from tests.learn.people import Person, right_answer, text_of, wrong_answer
from tests.learn.signing_in import add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


def test_a_first_answer_from_many_tabs_creates_one_account_and_one_answer(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, QUIZ, forms) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert count(app, Item, Item.answered_at.is_not(None)) == 1
    assert count(app, MemoryRow) == 1


def test_a_later_answer_from_many_tabs_is_stored_once(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, ana.address, forms) == [303] * TOGETHER
    assert count(app, Item, Item.answered_at.is_not(None)) == 2


def test_a_review_started_in_many_tabs_is_one_review_and_one_answer(app, content):
    ana = Person(app, content)
    ana.take("lesson/what-is-all")
    with app.extensions["learn.database"].transaction() as session:
        session.execute(update(MemoryRow).values(due_at=MemoryRow.reviewed_at))
    ana.open("/quizzes/review")
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, "/quizzes/review", forms) == [303] * TOGETHER
    assert count(app, Attempt, Attempt.quiz == "review") == 1
    assert count(app, Item, Item.answered_at.is_not(None)) == 7
    reviewed = MemoryRow.objective_id == question.objective
    assert count(app, MemoryRow, reviewed, MemoryRow.reviews == 2) == 1
    assert count(app, MemoryRow, MemoryRow.reviews > 1) == 1


@pytest.mark.parametrize("later", [True, False], ids=["a later answer", "the first answer"])
def test_answers_sent_during_deletion_leave_no_rows(app, content, later):
    """Whatever comes first: no deadlock, no error, and nothing comes back to life."""
    for _ in range(5):
        ana = Person(app, content)
        ana.take("lesson/what-is-all")
        line = f"/care-team/lines/{write(ana, 'Where?')[0]}"
        ana.open("/quizzes/mixed")
        if later:
            ana.answer_right()
            ana.go_on()
        cookie = ana.browser.get_cookie("learn_all").value
        form, here = ana.form() | right_answer(ana.question), ana.address
        wish = form | {"objective": [*content.bank.objectives][:3]}
        own = form | {"text": "Why?", "top": "yes"}
        ways = [(here, form)] * 3 + [("/my-data/delete", form)] * 2 + [("/care-team/add", wish)] * 2
        ways += [("/care-team/write", own), (f"{line}/move", own), (f"{line}/tick", own)]
        ways += [(f"/lessons/{name}", None) for name in [*content.lessons][:2]]
        statuses = all_at_once(app, cookie, ways)
        assert {*statuses} <= {200, 303, 400, 404}, statuses
        assert len(statuses) == len(ways)
    assert left_over(app) == []


def test_two_simultaneous_answers_on_one_objective_both_count(app, content):
    """Both read the memory before either is stored."""
    ana, account = Person(app, content), add_credentials(app, uuid.uuid4())
    sign_in(ana, account)
    questions = next(o.questions for o in content.bank.objectives.values())[:2]
    database, now = app.extensions["learn.database"], datetime(2026, 11, 22, tzinfo=UTC)
    plan = AttemptPlan(account, uuid.uuid4(), MIXED, 1, questions, account)
    with database.transaction() as session:
        actions.start_attempt(session, plan, now, is_persisted=True)
    with database.read_session() as session:
        places = [queries.ItemPlace(account, plan.attempt, n) for n in (1, 2)]
        items = [queries.item_to_answer(session, place, content.bank) for place in places]
    for item, question in zip(items, questions, strict=True):
        shown = [part.id for part in question.parts]
        given = score_answer(question, shown, Response(unsure=True), None)
        with database.transaction() as session:
            assert actions.record_answer(session, item, given, now)

    is_all_there(app, account, 2)


def test_the_last_two_answers_at_the_same_moment_finish_the_quiz(app, content):
    """Neither transaction sees the answer of the other one, where both can be open."""
    ana, account = Person(app, content), add_credentials(app, uuid.uuid4())
    sign_in(ana, account)
    questions = [*content.bank.questions.values()][:3]
    database, now = app.extensions["learn.database"], datetime(2026, 11, 22, tzinfo=UTC)
    plan = AttemptPlan(account, uuid.uuid4(), MIXED, 1, questions, account)
    with database.transaction() as session:
        actions.start_attempt(session, plan, now, is_persisted=True)
    begun = threading.Event()

    def answer(position: int, session: Session) -> None:
        place = queries.ItemPlace(account, plan.attempt, position)
        item = queries.item_to_answer(session, place, content.bank)
        question = questions[position - 1]
        given = score_answer(question, [p.id for p in question.parts], Response(unsure=True), None)
        assert actions.record_answer(session, item, given, now)

    def answer_last() -> None:
        with database.transaction() as session:
            answer(3, session)
            begun.set()

    with database.transaction() as session:
        answer(1, session)
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            answer(2, session)
            other = pool.submit(answer_last)
            begun.wait(1)  # on SQLite it waits for this transaction; on PostgreSQL, for its lock
        other.result()

    assert count(app, Attempt, Attempt.finished_at.is_not(None)) == 1


def test_simultaneous_answers_of_many_people_are_all_stored(app, content):
    people = [Person(app, content) for _ in range(TOGETHER)]
    threads = [threading.Thread(target=p.take, args=("lesson/what-is-all",)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all("You’ve finished this quiz" in p.text for p in people)
    asked = count(app, Item)
    assert asked == count(app, Item, Item.score == 1) > 0
    assert count(app, Account) == TOGETHER


def test_simultaneous_views_of_a_group_create_one_block(app, content):
    kim = Person(app, content, uuid.UUID(int=0xBE7))
    with app.extensions["learn.database"].transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        sign_in_as_educator(kim, group)
        for _ in range(11):
            group.answer(group.join("totals"), {"how-all-begins-start": RIGHT})
    cookie = kim.browser.get_cookie("learn_all").value

    looks = [(f"/groups/{group.id}", None)] * TOGETHER
    assert all_at_once(app, cookie, looks) == [200] * TOGETHER
    assert count(app, DisclosedAnswer) == 11
    with app.extensions["learn.database"].read_session() as session:
        assert len({*session.scalars(select(DisclosedAnswer.block))}) == 1
    assert "Right 11 of 11" in text_of(
        kim.open(f"/groups/{group.id}/questions/how-all-begins-start")
    )
