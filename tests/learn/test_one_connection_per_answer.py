"""An answer holds one connection at most, and its transaction only writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from learn.database import Database
from tests.learn.people import Person, right_answer

ROOT = Path(__file__).parents[2]
CACHES = ("learn.available_content", "learn.demo")
CONTENT = ("learn/library/", "learn/editorial/", "questions/bank.py", "questions/grading.py")
FORMS = ("learn/forms.py", "learn/quizzes/taking/forms.py", "learn/quizzes/taking/rendering.py")


class Watch:
    """What a request does with the connections of `database`, and which files run while it writes.

    A write transaction begins with its first statement that writes: on SQLite, `BEGIN IMMEDIATE`.
    """

    def __init__(self, database: Database) -> None:
        self.held = self.most_held = self.checkouts = 0
        self.writing = False
        self.statements: list[str] = []
        self.files: set[str] = set()
        self._engine = database.engine
        self._listeners = {
            "checkout": self._check_out,
            "checkin": self._check_in,
            "before_cursor_execute": self._execute,
            "commit": self._end,
            "rollback": self._end,
        }

    @contextmanager
    def on(self) -> Iterator[None]:
        for name, listener in self._listeners.items():
            event.listen(self._engine, name, listener)
        sys.setprofile(self._call)
        try:
            yield
        finally:
            sys.setprofile(None)
            for name, listener in self._listeners.items():
                event.remove(self._engine, name, listener)

    def _check_out(self, *_: Any) -> None:
        self.checkouts += 1
        self.held += 1
        self.most_held = max(self.held, self.most_held)

    def _check_in(self, *_: Any) -> None:
        self.held -= 1

    def _execute(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("BEGIN IMMEDIATE", "INSERT", "UPDATE")):
            self.writing = True
        if self.writing:
            self.statements.append(" ".join(statement.split()[:3]))

    def _end(self, *_: Any) -> None:
        self.writing = False

    def _call(self, frame: FrameType, what: str, _argument: Any) -> None:
        file = Path(frame.f_code.co_filename)
        if what == "call" and self.writing and file.is_relative_to(ROOT):
            self.files.add(file.relative_to(ROOT).as_posix())

    def ran(self, *names: str) -> set[str]:
        """Return the files of these names, or below these folders, that ran while it wrote."""
        return {file for file in self.files if file.startswith(names)}


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def watch(app: Flask) -> Watch:
    return Watch(app.extensions["learn.database"])


@pytest.fixture
def ana(app: Flask, content: Any) -> Person:
    person = Person(app, content)
    person.open("/quizzes/mixed")
    return person


def make_stale(app: Flask) -> None:
    for cache in CACHES:
        app.extensions.pop(cache, None)


def send(app: Flask, ana: Person, watch: Watch, form: dict[str, Any], *, stale: bool) -> int:
    """Send the form of the page that is open, watched; returns the status."""
    if stale:
        make_stale(app)
    data = ana.form() | form
    with watch.on():
        return ana.browser.post(ana.address, data=data).status_code


@pytest.mark.parametrize("stale", [False, True], ids=["fresh", "stale"])
@pytest.mark.parametrize("first", [True, False], ids=["the first answer", "a later answer"])
def test_an_answer_uses_one_connection_and_its_transaction_only_writes(
    app, ana, watch, first, stale
):
    if not first:
        ana.answer_right()
        ana.go_on()

    assert send(app, ana, watch, right_answer(ana.question), stale=stale) == 303
    assert watch.most_held == 1
    assert watch.held == 0
    assert watch.ran("learn/quizzes/taking/actions.py", "questions/memory.py")
    assert watch.ran(*CONTENT, *FORMS) == set()
    if not first:
        kinds = [s for s in watch.statements if not s.startswith("BEGIN")]
        assert kinds == ["UPDATE item SET", "INSERT INTO memory"]


TO_SEND_AGAIN = {
    "nothing": ({}, 422),
    "unknown": ({"answer": "no-such-part"}, 422),
    "changed": ({"version": "an older one"}, 422),
    "expired": ({"csrf_token": "x"}, 400),
}


@pytest.mark.parametrize("stale", [False, True], ids=["fresh", "stale"])
@pytest.mark.parametrize("what", TO_SEND_AGAIN)
def test_an_answer_that_must_be_sent_again_writes_nothing(app, ana, watch, what, stale):
    form, status = TO_SEND_AGAIN[what]
    ana.answer_right()
    ana.go_on()

    assert send(app, ana, watch, form, stale=stale) == status
    assert watch.most_held == 1
    assert watch.statements == []


@pytest.mark.parametrize("page", ["question", "feedback"])
def test_a_page_uses_one_connection(app, ana, watch, page):
    ana.answer_right()
    if page == "question":
        ana.go_on()
    make_stale(app)

    with watch.on():
        assert ana.browser.get(ana.address).status_code == 200
    assert watch.most_held == 1
    assert watch.statements == []
