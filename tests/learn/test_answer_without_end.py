"""Pages stay fast for an account that a script fills: they look at its newest rows."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from learn import rate_limits
from learn.learner import activity, queries
from learn.models import Item
from learn.people import queries as people
from learn.progress import queries as progress
from tests.every import examples
from tests.learn.groups import BEGUN, MISSED, RIGHT, UNSURE, ClassOf, sign_in_as_educator
from tests.learn.people import right_answer

QUIZ = "/quizzes/lesson/what-is-all"


@pytest.fixture
def new_class(connection, content):
    """Return a function that makes a group of that number, and ids of questions."""
    question_ids = [*content.bank.questions][:3]
    return lambda number: (ClassOf(connection, content.bank, f"Class {number}"), question_ids)


@pytest.fixture
def history(group, content):
    """Return an account, and its attempts from first to last: one answer each, the first missed."""
    account, question_id = group.join(), next(iter(content.bank.questions))
    attempts = [group.answer(account, {question_id: MISSED if n == 0 else RIGHT}) for n in range(6)]
    return account, attempts


@pytest.fixture
def session(app):
    with app.extensions["learn.database"].read_session() as session:
        yield session


def test_pages_add_up_the_newest_answers(history, session, monkeypatch):
    account, attempts = history
    assert [a.attempt for a in queries.answers(session, account)] == attempts

    monkeypatch.setattr(queries, "MAX_ANSWERS", 4)
    assert [a.attempt for a in queries.answers(session, account)] == attempts[2:]


def test_pages_look_at_the_newest_attempts(history, session, monkeypatch):
    account, attempts = history
    assert [a.id for a in activity.attempts(session, account)] == attempts

    monkeypatch.setattr(activity, "MAX_ATTEMPTS", 4)
    assert [a.id for a in activity.attempts(session, account)] == attempts[2:]


def test_an_educators_page_lists_the_newest_attempts(history, group, session, monkeypatch):
    account, _ = history
    begun = [a.started_at for a in people.attempts_of(session, group.id, account)]
    assert len(begun) == 6

    monkeypatch.setattr(activity, "MAX_ATTEMPTS", 4)
    assert [a.started_at for a in people.attempts_of(session, group.id, account)] == begun[:4]


def test_the_progress_page_lists_the_newest_attempts(history, session, monkeypatch):
    account, attempts = history
    assert [a.id for a in progress.history(session, account)] == attempts[::-1]

    monkeypatch.setattr(progress, "MAX_HISTORY", 4)
    assert [a.id for a in progress.history(session, account)] == attempts[:1:-1]


def test_quizzes_that_are_begun_by_a_script_meet_a_limit(ana):
    ana.open(QUIZ)
    form = ana.form(**right_answer(ana.question))
    for _ in range(rate_limits.ATTEMPT.maximum):
        assert ana.post(QUIZ, form).status_code == 303

    page = ana.post(QUIZ, form)
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0


@pytest.fixture
def steps(connection: Connection) -> Callable[[Callable[[], object]], int]:
    """Return a function that counts the steps of SQLite's machine, in hundreds."""
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts no steps")
    database: Any = connection.connection.driver_connection

    def count(act: Callable[[], object]) -> int:
        done = [0]

        def note() -> int:
            done[0] += 1
            return 0

        database.set_progress_handler(note, 100)
        try:
            act()
        finally:
            database.set_progress_handler(None, 0)
        return done[0]

    return count


@pytest.mark.parametrize("read", [activity.attempts, progress.history])
def test_ten_times_the_quizzes_take_ten_times_the_steps(read, steps, session, group, monkeypatch):
    monkeypatch.setattr(progress, "MAX_HISTORY", activity.MAX_ATTEMPTS)
    question_id = "any-question"
    some, more = group.join(), group.join()
    for account, number in ((some, 40), (more, 400)):
        for _ in range(number):
            group.answer(account, {question_id: RIGHT})

    few = steps(lambda: read(session, some))
    assert steps(lambda: read(session, more)) < 15 * few


def test_no_page_tries_every_row_with_every_other(ana, ben, connection, group, statements):
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by its statistics")
    question_ids = [*ana.content.bank.questions][:3]
    ana.open(QUIZ)
    ana.answer_right()
    group.join(account=ana.account)
    for person in (ana.account, group.join(), group.join("totals")):
        group.answer(person, dict.fromkeys(question_ids, RIGHT))
    quiz = group.assign(question_ids)
    group.answer(ana.account, dict.fromkeys(question_ids, RIGHT), f"assignment/{quiz.hex}")
    kim = sign_in_as_educator(ben, group)
    statements.clear()
    for page in ("/", "/progress", "/before-and-after", "/lessons", "/quizzes", QUIZ, "/my-data"):
        assert ana.open(page).status_code == 200
    for page in ("", "/people", "/before-and-after", "/assignments", f"/assignments/{quiz}"):
        assert kim.open(f"/groups/{group.id}{page}").status_code == 200

    read = {
        s
        for s in statements
        if re.search(r"^SELECT\b.*\b(FROM|JOIN) (item|attempt)\b", s, re.DOTALL)
    }
    assert len(read) > 9
    for statement in read:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
        ).all()
        lines = {line[3] for line in plan}
        assert not [line for line in lines if "AUTOMATIC" in line or "REUSE LIST" in line]
        assert not {"SCAN item", "SCAN attempt", "SCAN released"} & lines


def test_no_page_reads_a_whole_table(ana, ben, connection, group, statements):
    """Of none of the tables with rows of everybody: they may have millions."""
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables as a whole")
    question_ids = [*ana.content.bank.questions][:3]
    ana.open(QUIZ)
    ana.answer_right()
    group.join(account=ana.account)
    for person in (ana.account, group.join("totals")):
        group.answer(person, dict.fromkeys(question_ids, RIGHT))
    kim = sign_in_as_educator(ben, group)
    statements.clear()
    for page in ("/", "/progress", "/lessons", "/quizzes", QUIZ, "/my-data", "/care-team"):
        assert ana.open(page).status_code == 200
    here = (
        "",
        "?time=7",
        "/first-answers",
        "/questions",
        f"/questions/{question_ids[0]}",
        "/people",
    )
    for page in (*here, "/results.csv", "/scores.csv"):
        assert kim.browser.get(f"/groups/{group.id}{page}").status_code == 200

    large = "account|attempt|care_line|item|memory|membership|reading|released|sign_in"
    whole = re.compile(rf"SCAN (?:{large})(?:_\d+)?(?: USING .*)?")
    plans = {
        statement: connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
        ).all()
        for statement in {*statements}
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))
    }
    assert len(plans) > 20
    assert not {s for s, plan in plans.items() if any(whole.fullmatch(line[3]) for line in plan)}


_NUMBERS = itertools.count()
_ATTEMPTS = st.lists(
    st.tuples(
        st.integers(0, 3),  # the minute it was begun in: several are of the same moment
        st.booleans(),  # whether it is finished
        st.lists(st.sampled_from([RIGHT, MISSED, UNSURE, ""]), max_size=3),  # "": still open
    ),
    max_size=8,
)


@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(begun=_ATTEMPTS, limit=st.integers(1, 9))
def test_the_newest_are_found_whatever_was_begun(begun, limit, session, new_class):
    group, question_ids = new_class(next(_NUMBERS))
    account = group.join()
    made = []
    for number, (minute, finished, given_answers) in enumerate(begun):
        at = BEGUN + timedelta(minutes=minute)
        answers = {question_ids[n]: how or RIGHT for n, how in enumerate(given_answers)}
        attempt = group.answer(account, answers, at=at, finished=finished)
        for position, how in enumerate(given_answers, 1):
            if not how:
                _open_again(group.connection, attempt, position)
        made.append((at, attempt, number, [how for how in given_answers if how], given_answers))
    newest = [a for a in sorted(made, reverse=True)[:limit] if a[-1]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "MAX_ATTEMPTS", limit)
        patch.setattr(progress, "MAX_HISTORY", limit)
        found = activity.attempts(session, account)
        listed = progress.history(session, account)

    assert [(a.id, a.answered, a.total) for a in found] == [
        (attempt, len(answered), len(items))
        for _, attempt, _, answered, items in sorted(newest, key=lambda a: (a[0], a[2]))
    ]
    assert [(a.id, a.answered, a.right, a.missed, a.unsure, a.almost) for a in listed] == [
        (attempt, len(answered), *(answered.count(how) for how in (RIGHT, MISSED, UNSURE)), 0)
        for _, attempt, _, answered, _ in newest
    ]


def _open_again(connection: Connection, attempt: Any, position: int) -> None:
    """Take back an answer."""
    connection.execute(
        update(Item)
        .where(Item.attempt_id == attempt, Item.position == position)
        .values(response=None, score=None, answered_at=None)
    )
