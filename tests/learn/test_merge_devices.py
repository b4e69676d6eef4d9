"""What was done on several devices becomes one account's: all of it, once, in any order."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from learn.account_merge.merge_rules import MERGE_RULES
from learn.library.content import Content
from learn.models import Account, CareLine, MergedGuest, Reading
from learn.models.base import table_of
from learn.my_data.queries import tables_with_account_id
from tests.learn.conftest import DAWN
from tests.learn.device_history import (
    OWN,
    QUIZ,
    Life,
    acts,
    any_way,
    by_time,
    forward,
    is_whole,
    joined,
    numbered,
    orders,
    quick,
    remembered,
    replayed,
)
from tests.learn.row_factory import add_row
from tests.learn.signing_in import LONG_AGO, add_credentials, sign_in


@pytest.fixture
def a_life(app: Flask, content: Content, connection: Connection) -> Any:
    """Makes lives that leave nothing behind."""

    @contextlib.contextmanager
    def lived() -> Iterator[Life]:
        with connection.begin_nested() as step:
            add_credentials(app, OWN)
            with app.extensions["learn.database"].transaction() as session:
                yield Life(session, content)
            step.rollback()

    return lived


@quick
@given(
    history=st.lists(st.tuples(acts | joined, forward), min_size=8, max_size=30),
    order=orders,
    twice=st.booleans(),
)
def test_a_merge_keeps_every_answer_of_both_devices_once(a_life, history, order, twice):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        for number in [*order, *(order if twice else ())]:
            life.merge(number)
        is_whole(life)
        assert remembered(life.session) == replayed(life)
        assert numbered(life.session) == by_time(life.session)


@quick
@given(history=st.lists(st.tuples(acts | joined, any_way), min_size=8, max_size=30), order=orders)
def test_a_clock_that_goes_backward_loses_and_duplicates_nothing(a_life, history, order):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        for number in order:
            life.merge(number)
        is_whole(life)


@quick
@given(
    history=st.lists(st.tuples(acts, any_way), min_size=8, max_size=30),
    order=orders,
    another=orders,
)
def test_the_order_of_merges_does_not_matter(a_life, history, order, another):
    with a_life() as life:
        for act, minutes in history:
            life.do(act, minutes)
        outcomes = []
        for way in (order, another):
            with life.session.begin_nested() as step:
                for number in way:
                    life.merge(number)
                is_whole(life)
                outcomes.append(_outcome(life.session))
                step.rollback()
        assert outcomes[0] == outcomes[1]


def _outcome(session: Session) -> dict[str, Any]:
    """All that an account has, but for the order of its lines and when its devices were joined."""
    rows: dict[str, Any] = {
        table.name: sorted(map(repr, session.execute(select(table).where(owner == OWN))))
        for table, owner in tables_with_account_id().items()
        if table.name not in {"care_line", "joined"}
    }
    lines = session.execute(
        select(CareLine.objective_id, CareLine.text, CareLine.ticked, CareLine.added_at).where(
            CareLine.account_id == OWN
        )
    )
    rows["lines"] = {(o, (t or "").strip()): rest for o, t, *rest in lines}
    rows["joined"] = {*session.scalars(select(MergedGuest.guest_id))}
    return rows


@pytest.fixture
def account(app):
    """Ana's account, of which nothing is on this device yet."""
    return add_credentials(app, OWN)


def test_merged_lists_contain_each_line_once(ana, account, connection, clock):
    first, second = [*ana.content.bank.objectives][:2]
    ana.take("lesson/what-is-all")
    now = clock.now
    lines = [
        (account, first, None, 1, False, now),
        (account, None, "Can I swim?", 2, True, now),
        (ana.account, second, None, 1, False, now),
        (ana.account, None, " Can I swim?\n", 2, False, now - timedelta(days=3)),
        (ana.account, first, None, 3, True, now + timedelta(days=1)),
        (ana.account, None, "What is a port?", 4, False, now),
        (ana.account, None, "What is a port? ", 5, True, now),
    ]
    names = ("account_id", "objective_id", "text", "position", "ticked", "added_at")
    for line in lines:
        connection.execute(
            insert(CareLine.__table__).values(
                id=uuid.uuid4(), **dict(zip(names, line, strict=True))
            )
        )
    sign_in(ana, account)
    rows = connection.execute(
        select(*(CareLine.__table__.c[name] for name in names)).order_by(CareLine.position)
    ).all()

    assert rows == [
        (account, first, None, 1, True, now),
        (account, None, "Can I swim?", 2, True, now - timedelta(days=3)),
        (account, second, None, 3, False, now),
        (account, None, "What is a port?", 4, True, now),
    ]


def test_a_merged_lesson_keeps_the_earliest_reading(ana, ben, account, connection, clock):
    sign_in(ben, account)
    for person in (ben, ana):
        person.open(QUIZ)
        person.answer_right()
    first, second, third = [*ana.content.lessons][:3]
    began = clock.now
    for person, lesson in (
        (ben, first),
        (ben, second),
        (ana, second),
        (ana, third),
        (ben, third),
    ):
        clock.forward(days=-1)  # each earlier than the one before
        person.read(lesson)
    sign_in(ana, account)
    rows = connection.execute(
        select(Reading.lesson_id, Reading.first_read_at).where(Reading.account_id == account)
    ).all()

    days = {first: 1, second: 3, third: 5}
    assert dict(map(tuple, rows)) == {name: began - timedelta(days=n) for name, n in days.items()}


def test_a_merged_account_is_as_old_as_its_older_part(ana, ben, account, connection, clock):
    clock.now = LONG_AGO - timedelta(days=1)
    ana.take("lesson/what-is-all")
    clock.now = DAWN
    ben.take("lesson/what-is-all")
    since = select(Account.created_at).where(Account.id == account)
    assert connection.scalar(since) == LONG_AGO
    sign_in(ben, account)
    assert connection.scalar(since) == LONG_AGO
    sign_in(ana, account)
    assert connection.scalar(since) == LONG_AGO - timedelta(days=1)


def test_every_table_of_learners_has_a_merge_rule():
    """A table added later fails here, until somebody says how its rows are joined."""
    assert {*MERGE_RULES} == {*tables_with_account_id()}


def test_a_merge_leaves_no_row_of_the_guest(ana, account, connection, clock):
    ana.take("lesson/what-is-all")
    ana.read("where-all-stands")
    guest, now = ana.account, clock.now
    kept_apart = {"sign_in", "passkey", "joined", "educator", "group_educator", "demo"}
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for table, rows in _all(connection, guest).items():
            if not rows and table.name not in {*kept_apart, "care_line"}:
                add_row(session, table, guest)
        line = {"position": 1, "ticked": False, "added_at": now, "text": "Can I swim?"}
        session.execute(
            insert(table_of(CareLine)).values(account_id=guest, id=uuid.uuid4(), **line)
        )
        session.commit()
    before = {t.name: rows for t, rows in _all(connection, guest).items()}
    assert {name for name, rows in before.items() if not rows} == kept_apart
    sign_in(ana, account)

    assert not any(_all(connection, guest).values())
    after = {t.name: rows for t, rows in _all(connection, account).items()}
    assert {name: len(rows) for name, rows in after.items() if name not in kept_apart} == {
        name: len(rows) for name, rows in before.items() if name not in kept_apart
    }
    joined = connection.execute(
        select(MergedGuest.account_id, MergedGuest.guest_id, MergedGuest.joined_at)
    ).all()
    assert joined == [(account, guest, now)]


def _all(connection: Connection, account: uuid.UUID) -> dict[Any, list[Any]]:
    """Every row of the account, by table."""
    return {
        table: [*connection.execute(select(table).where(owner == account))]
        for table, owner in tables_with_account_id().items()
    }
