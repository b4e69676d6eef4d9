"""Phones that answer in a room at the same time, on a real file or server."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from learn import schema
from learn.database import Database
from learn.models import RoomCount, RoomMark
from learn.room import actions, queries
from learn.room.actions import NewRoom, RoomQuestion
from learn.room.counting import counted
from questions.model import Question
from tests.learn.big_screen import Phone, fields_of, first_of, missed, right
from tests.learn.concurrency import count, together
from tests.learn.conftest import pooled_clock
from tests.learn.groups import ClassOf
from tests.learn.people import Person

CODE = "DAGOMELU"
ROOM = uuid.UUID(int=0x400)


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def question(app: Flask, content) -> Question:
    """Open a room, and return the question that it is asked."""
    found = first_of(content, "choice")
    with app.extensions["learn.database"].transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        actions.open_room(
            session,
            NewRoom(ROOM, group.id),
            RoomQuestion(found.id, found.version, "0"),
            [CODE],
            pooled_clock(),
        )
    return found


def phones(app: Flask, content, number: int) -> list[Phone]:
    found = [Phone(Person(app, content), CODE) for _ in range(number)]
    for phone in found:
        phone.open()
    return found


def sending(phone: Phone, fields: dict) -> Callable[[], object]:
    """A tab of the phone's that will send its form."""
    form = phone.person.form() | fields
    tab = phone.person.browser.application.test_client()
    name = f"learn_all_room_{CODE}"
    cookie = phone.person.browser.get_cookie(name)
    assert cookie
    tab.set_cookie(name, cookie.value)
    return lambda: tab.post(f"/room/{CODE}", data=form).location


def answers(app: Flask) -> int:
    with app.extensions["learn.database"].read_session() as session:
        every = select(func.coalesce(func.sum(RoomCount.n), 0)).where(RoomCount.kind == "outcome")
        found: int = session.scalar(every)
        return found


def test_answers_at_the_same_moment_are_all_counted(app, content, question):
    here = phones(app, content, 12)
    given = [(right if i % 3 else missed)(question) for i in range(12)]
    ways = [sending(p, fields_of(question, g)) for p, g in zip(here, given, strict=True)]

    assert together(ways) == ["/room/DAGO-MELU"] * 12
    assert answers(app) == 12
    with app.extensions["learn.database"].read_session() as session:
        outcomes = queries.counts(session, ROOM)[1].outcomes
    assert (outcomes["right"], outcomes["missed"]) == (8, 4)


def test_one_phone_that_sends_many_forms_at_the_same_moment_counts_once(app, content, question):
    (phone,) = phones(app, content, 1)
    ways = [
        sending(phone, fields_of(question, (right if i % 2 else missed)(question)))
        for i in range(8)
    ]

    assert together(ways) == ["/room/DAGO-MELU"] * 8
    assert answers(app) == 1
    assert count(app, RoomMark) == 1


def test_closing_while_answers_come_counts_those_that_were_told_so(app, content, question):
    """What came after says that it isn't counted, and no mark of a phone stays."""
    here = phones(app, content, 12)
    database = app.extensions["learn.database"]

    def close() -> str:
        with database.transaction() as session:
            actions.close(session, ROOM, 1)
        return ""

    ways = [sending(p, fields_of(question, right(question))) for p in here]
    came = together([*ways[:8], close, *ways[8:]])
    told = came.count("/room/DAGO-MELU")

    assert told + came.count("/room/DAGO-MELU?late=yes") == 12
    assert answers(app) == (told if told >= actions.MIN_ANSWERS else 0)
    assert count(app, RoomMark) == 0


def test_an_answer_that_waits_for_the_close_is_not_counted(app, content, question):
    database = app.extensions["learn.database"]
    now = pooled_clock()
    with database.read_session() as session:
        room = queries.with_code(session, CODE, now)
    assert room
    with database.transaction() as session:
        actions.close(session, ROOM, 1)
    what = [*counted(question, right(question))]
    with database.transaction() as session:
        assert not actions.record(session, room, uuid.uuid4(), what, now)
    late = now + timedelta(hours=3)
    with database.transaction() as session:
        actions.ask_again(session, ROOM, 1, now)
        again = queries.with_code(session, CODE, now)
        assert again
        assert not actions.record(session, again, uuid.uuid4(), what, late)

    assert answers(app) == 0


def test_a_mark_is_gone_from_the_file_once_the_question_has_closed(tmp_path, content):
    """What was deleted is overwritten, and the log of changes is emptied at every stop."""
    database = Database(f"sqlite:///{tmp_path / 'learn.sqlite3'}")
    schema.upgrade(database)
    found, mark, now = first_of(content, "choice"), uuid.uuid4(), pooled_clock()
    with database.transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        room_question = RoomQuestion(found.id, found.version, "0")
        actions.open_room(session, NewRoom(ROOM, group.id), room_question, [CODE], now)
    with database.transaction(is_fleeting=True) as session:
        room = queries.with_code(session, CODE, now)
        assert room
        actions.record(session, room, mark, counted(found, right(found)), now)

    def is_there() -> bool:
        return any(mark.bytes in file.read_bytes() for file in tmp_path.iterdir())

    assert is_there()
    with database.transaction() as session:
        actions.close(session, ROOM, 1)
    database.shut_down()

    assert not is_there()
