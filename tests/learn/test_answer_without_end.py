"""Pages stay fast for an account that a script fills: they look at its newest rows."""

from __future__ import annotations

import pytest

from learn import rate_limits
from learn.learner import activity, queries
from learn.progress import queries as progress
from tests.learn.groups import MISSED, RIGHT, ClassOf
from tests.learn.people import right_answer

QUIZ = "/quizzes/lesson/what-is-all"


@pytest.fixture
def history(connection, content):
    """Return an account, and its attempts from first to last: one answer each, the first missed."""
    group = ClassOf(connection, content.bank)
    account, asked = group.join(), next(iter(content.bank.questions))
    attempts = [group.answer(account, {asked: MISSED if n == 0 else RIGHT}) for n in range(6)]
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
