"""Two answers come in at the very same time: a real file or server, and real threads."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from learn import schema
from learn.app import create_app
from learn.config import Settings
from learn.database import Database
from learn.library.content import Content
from learn.models import Account, Base, Item, MemoryRow
from tests.learn.people import Person, StrictClient, right_answer, wrong_answer

QUIZ = "/quizzes/lesson/what-is-all"
TOGETHER = 6


@pytest.fixture
def app(request, tmp_path, content: Content):
    if request.config.getoption("--database") == "postgresql":
        whole = Database(request.getfixturevalue("postgres_server"))
        with whole.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("DROP DATABASE IF EXISTS together"))
            connection.execute(text("CREATE DATABASE together"))
        url = whole.url.set(database="together").render_as_string(hide_password=False)
        whole.dispose()
    else:
        url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
    found = create_app(
        Settings(url, ("k" * 16,), tmp_path),
        content=content,
        clock=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    )
    found.test_client_class = StrictClient
    yield found
    found.extensions["learn.database"].dispose()


def at_once(app: Flask, cookie: str, address: str, forms: list[dict]) -> list[int]:
    """Send all forms together, each from a tab of its own; the status of each."""
    start, statuses = threading.Barrier(len(forms)), []

    def send(data: dict) -> None:
        tab = app.test_client()
        tab.set_cookie("learn_all", cookie)
        start.wait()
        statuses.append(tab.post(address, data=data).status_code)

    threads = [threading.Thread(target=send, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def count(app: Flask, what, *where) -> int:
    with app.extensions["learn.database"].reading() as session:
        return session.scalar(select(func.count()).select_from(what).where(*where))


def test_the_first_answer_from_many_tabs_is_one_account_and_one_answer(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, QUIZ, forms) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert count(app, Item, Item.answered_at.is_not(None)) == 1
    assert count(app, MemoryRow) == 1


def test_a_later_answer_from_many_tabs_is_one_answer(app, content):
    ana = Person(app, content)
    ana.open(QUIZ)
    ana.answer_right()
    ana.go_on()
    cookie = ana.browser.get_cookie("learn_all").value
    form, question = ana.form(), ana.question
    forms = [form | (right_answer if i % 2 else wrong_answer)(question) for i in range(TOGETHER)]

    assert at_once(app, cookie, ana.address, forms) == [303] * TOGETHER
    assert count(app, Item, Item.answered_at.is_not(None)) == 2


@pytest.mark.parametrize("later", [True, False], ids=["a later answer", "the first answer"])
def test_answers_that_come_while_everything_is_deleted_leave_nothing(app, content, later):
    """Whatever comes first: no deadlock, no fault, and nothing comes back to life."""
    for _ in range(5):
        ana = Person(app, content)
        ana.take("lesson/what-is-all")
        ana.open("/quizzes/mixed")
        if later:
            ana.answer_right()
            ana.go_on()
        cookie = ana.browser.get_cookie("learn_all").value
        form, here = ana.form() | right_answer(ana.question), ana.address
        wish = form | {"objective": [*content.bank.objectives][:3]}
        ways = [(here, form)] * 3 + [("/my-data/delete", form)] * 2 + [("/care-team/add", wish)] * 2
        lessons = [f"/lessons/{name}" for name in [*content.lessons][:2]]
        start, statuses = threading.Barrier(len(ways) + len(lessons)), []

        def send(
            address: str,
            data: dict | None,
            cookie: str = cookie,
            start: threading.Barrier = start,
            statuses: list[int] = statuses,
        ) -> None:
            tab = app.test_client()
            tab.set_cookie("learn_all", cookie)
            start.wait()
            page = tab.post(address, data=data) if data else tab.get(address)
            statuses.append(page.status_code)

        threads = [
            threading.Thread(target=send, args=way)
            for way in [*ways, *((address, None) for address in lessons)]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {*statuses} <= {200, 303, 400, 404}, statuses
        assert len(statuses) == len(threads)
    assert [count(app, t) for t in Base.metadata.sorted_tables] == [0] * len(Base.metadata.tables)


def test_many_people_at_once_all_keep_their_answers(app, content):
    people = [Person(app, content) for _ in range(TOGETHER)]
    threads = [threading.Thread(target=p.take, args=("lesson/what-is-all",)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all("You have finished this quiz" in p.text for p in people)
    asked = count(app, Item)
    assert asked == count(app, Item, Item.score == 1) > 0
    assert count(app, Account) == TOGETHER
