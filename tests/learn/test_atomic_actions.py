"""What changes several tables does so in one transaction: cut off anywhere, nothing has changed.

Killing the site seldom hits the moment between two transactions. So here each statement is cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from learn.models import Base, Passkey
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, register
from tests.learn.row_factory import add_row

Act = tuple[Person, str, dict[str, Any]]
WRITES = ("INSERT", "UPDATE", "DELETE")
QUIZ = "lesson/what-is-all"


class CutOffError(Exception):
    """The statement was cut off."""


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["learn.database"].engine
    return found


@pytest.fixture
def ana(app: Flask, content: Any) -> Person:
    """Ana kept her answers, and has a passkey."""
    ana = Person(app, content)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.code = register(ana)
    with app.extensions["learn.database"].transaction() as session:
        add_row(session, Passkey.__table__, ana.account)
    return ana


@pytest.fixture
def guest(app: Flask, content: Any) -> Person:
    """Somebody who has answered a question on another device."""
    guest = Person(app, content)
    guest.open(f"/quizzes/{QUIZ}")
    guest.answer_right()
    return guest


def deleting(ana: Person, _guest: Person) -> Act:
    ana.open("/my-data/delete")
    return ana, "/my-data/delete", ana.form()


def new_passphrase(ana: Person, _guest: Person) -> Act:
    ana.open("/account/passphrase")
    return ana, "/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER)


def removing_a_passkey(ana: Person, _guest: Person) -> Act:
    with ana.browser.application.extensions["learn.database"].read_session() as session:
        address = f"/passkeys/{session.scalar(select(Passkey.id))}/remove"
    ana.open(address)
    return ana, address, ana.form(others="y")


def signing_in(_ana: Person, guest: Person) -> Act:
    """Sign in, and add the answers of this device."""
    guest.open("/sign-in")
    form = guest.form(nickname="Ana", passphrase=PASSPHRASE, mine="y")
    return guest, "/sign-in", form


def registering(_ana: Person, guest: Person) -> Act:
    guest.open("/keep")
    return guest, "/keep", guest.form(nickname="Bea", passphrase=PASSPHRASE)


def recovering(ana: Person, guest: Person) -> Act:
    guest.open("/recover")
    form = guest.form(code=ana.code, passphrase=ANOTHER, mine="y")
    return guest, "/recover", form


ACTS = {
    deleting: [{"deletion", "item", "account"}],
    new_passphrase: [{"sign_in", "sign_in_session"}],
    removing_a_passkey: [{"passkey", "sign_in_session"}],
    signing_in: [{"account", "joined", "item", "sign_in_session"}],
    registering: [{"account", "sign_in", "joined", "item", "sign_in_session"}],
    recovering: [
        {"sign_in", "sign_in_session", "passkey"},
        {"account", "joined", "item", "sign_in_session"},
    ],
}
"""Each act, and the tables that each of its transactions writes, at least."""

each_act = pytest.mark.parametrize("prepare", ACTS, ids=lambda prepare: prepare.__name__)
in_one = pytest.mark.parametrize(
    "prepare", [p for p, t in ACTS.items() if len(t) == 1], ids=lambda prepare: prepare.__name__
)


def table_of(statement: str) -> str:
    """Return the table that a statement writes; empty if it only reads, or counts for a limit."""
    words = statement.replace('"', "").split()
    if not words or words[0] not in WRITES:
        return ""
    table = words[1 if words[0] == "UPDATE" else 2].split("(")[0]
    return "" if table == "rate_limit" else table


@contextmanager
def listening(engine: Engine, name: str, note: Callable[..., None]) -> Iterator[None]:
    event.listen(engine, name, note)
    try:
        yield
    finally:
        event.remove(engine, name, note)


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Return everything that is kept, except counts of limits."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
            if table.name != "rate_limit"
        }


@each_act
def test_each_act_is_one_transaction(ana, guest, engine, prepare):
    person, address, form = prepare(ana, guest)
    written: list[set[str]] = [set()]

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if table := table_of(statement):
            written[-1].add(table)

    with (
        listening(engine, "before_cursor_execute", note),
        listening(engine, "commit", lambda _c: written.append(set())),
    ):
        assert person.post(address, form).status_code in {200, 303}
    transactions = [tables for tables in written if tables]

    assert len(transactions) == len(ACTS[prepare]), transactions
    for tables, least in zip(transactions, ACTS[prepare], strict=True):
        assert least <= tables


@in_one
def test_cut_off_at_any_statement_nothing_has_changed(ana, guest, engine, prepare):
    """The last turn reaches no statement any more, and the act is done."""
    person, address, form = prepare(ana, guest)
    before = rows(engine)
    for left in range(100):
        status = cut_off(engine, left, lambda: person.post(address, form).status_code)
        if status != 500:
            break
        assert rows(engine) == before, f"cut off at the write with number {left}"

    assert left, "it was cut off at least once"
    assert status in {200, 303}
    assert rows(engine) != before


def cut_off(engine: Engine, left: int, act: Callable[[], int]) -> int:
    """Act, with an exception after so many statements that write."""
    seen = 0

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal seen
        if table_of(statement):
            seen += 1
            if seen > left:
                raise CutOffError

    with listening(engine, "before_cursor_execute", note):
        return act()
