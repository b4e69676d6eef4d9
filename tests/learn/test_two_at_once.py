"""Two answers come in at the very same time: a real file or server, and real threads."""

from __future__ import annotations

import re
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
from learn.models import Account, Base, CareLine, Item, MemoryRow
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
    return all_at_once(app, cookie, [(address, form) for form in forms])


def all_at_once(app: Flask, cookie: str, ways: list[tuple[str, dict | None]]) -> list[int]:
    """Send all forms together, or open a page where there is none; the status of each."""
    start, statuses = threading.Barrier(len(ways)), []

    def send(address: str, data: dict | None) -> None:
        tab = app.test_client()
        tab.set_cookie("learn_all", cookie)
        start.wait()
        page = tab.post(address, data=data) if data else tab.get(address)
        statuses.append(page.status_code)

    threads = [threading.Thread(target=send, args=way) for way in ways]
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
    assert [count(app, t) for t in Base.metadata.sorted_tables] == [0] * len(Base.metadata.tables)


def write(person: Person, *questions: str) -> list[str]:
    """Write questions on the sheet for the care team; the ids of all its lines."""
    for question in questions:
        person.open("/care-team")
        person.post("/care-team/write", person.form(text=question))
    person.open("/care-team")
    return re.findall(r'<li id="line-([^"]+)"', person.html)


def lines(app: Flask) -> list[CareLine]:
    with app.extensions["learn.database"].reading() as session:
        return [*session.scalars(select(CareLine).order_by(CareLine.place, CareLine.id))]


def test_a_question_of_somebody_new_from_many_tabs_is_one_account_and_one_line(app, content):
    ana = Person(app, content)
    ana.open("/care-team")
    cookie = ana.browser.get_cookie("learn_all").value
    form = ana.form(text="Why?")

    assert at_once(app, cookie, "/care-team/write", [form] * TOGETHER) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert [line.text for line in lines(app)] == ["Why?"]


def test_questions_from_many_tabs_are_all_there_in_places_of_their_own(app, content):
    ana = Person(app, content)
    write(ana, "First?")
    cookie = ana.browser.get_cookie("learn_all").value
    some = [*content.bank.objectives][:3]
    ways = [("/care-team/write", ana.form(text=f"{i}?")) for i in range(TOGETHER)]
    ways += [("/care-team/add", ana.form(objective=some[:2]))] * 2
    ways += [("/care-team/add", ana.form(objective=some[1:]))] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found if line.text) == sorted(
        ["First?", *(f"{i}?" for i in range(TOGETHER))]
    )
    assert sorted(line.objective_id for line in found if line.objective_id) == sorted(some)
    assert [line.place for line in found] == [*range(1, TOGETHER + 5)]


def test_moves_and_ticks_from_many_tabs_lose_and_double_nothing(app, content):
    ana = Person(app, content)
    ids = write(ana, *(f"{i}?" for i in range(TOGETHER)))
    cookie, form = ana.browser.get_cookie("learn_all").value, ana.form()
    ways = [(f"/care-team/lines/{i}/move", form | {"above": ids[0]}) for i in ids[1:]]
    ways += [(f"/care-team/lines/{i}/tick", form | {"asked": "yes"}) for i in ids]
    ways += [(f"/care-team/lines/{ids[1]}/remove", form)] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found) == [f"{i}?" for i in range(TOGETHER) if i != 1]
    assert all(line.ticked for line in found)
    assert len({line.place for line in found}) == len(found)
    assert found[-1].text == "0?"


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
