"""A copy of the cookie after its session ended, on every route."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from werkzeug.test import TestResponse

from learn.models import Account, Base, Notice, Passkey
from tests.learn.leading import Room, join_named, make_group
from tests.learn.people import Person
from tests.learn.registration import (
    QUIZ,
    register,
    sign_out,
)
from tests.learn.sessions import WORDS, cookie, everything
from tests.learn.signing_in import LONG_AGO

NICKNAME = "Zuleika"


NOT_THERE = {"room_id": uuid.UUID(int=1), "sitting_id": uuid.UUID(int=1), "paper_number": 1}
"""What addresses need that aren't about what this person has."""


@dataclass
class Scene:
    """Somebody with something on every page; what stands in addresses; what only they may see."""

    person: Person
    given: dict[str, Any]
    own: set[str] = field(default_factory=set)

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Every endpoint with its methods and its address."""
        app = self.person.browser.application
        for rule in app.url_map.iter_rules():
            if app.view_functions[rule.endpoint].guard == "anyone":  # type: ignore[attr-defined]
                continue
            given = NOT_THERE | self.given
            values = {k: given[k] for k in rule.arguments if k in given}
            if rule.endpoint.startswith("membership."):
                values = {
                    k: self.given[f"my_{k}"] if k == "group_id" else v for k, v in values.items()
                }
            if rule.endpoint == "lessons.path":
                values["path_id"] = "this-week"
            if "step" in rule.arguments:
                values["step"] = "renew"
            if rule.endpoint.startswith("mistakes."):
                values |= {"kind": "lesson", "name": "what-is-all"}
            elif "name" in rule.arguments - (rule.defaults or {}).keys():
                values["name"] = "what-is-all"  # of a lesson and of a topic
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **(rule.defaults or {}), **values)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, address

    def told_by(self, page: TestResponse, address: str) -> set[str]:
        """What the response tells of its owner that its address does not."""
        body = page.get_data()
        if body.startswith(b"PK"):
            files = zipfile.ZipFile(io.BytesIO(body))
            body = b"".join(files.read(name) for name in files.namelist())
        said = body.decode() + str(page.headers)
        return {mark for mark in self.own if mark in said and mark not in address}


@pytest.fixture
def scene(ana: Person, room: Room, connection: Connection) -> Scene:
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    attempt = ana.address.split("/")[2]
    ana.take("lesson/what-causes-all")
    ana.open("/own-words/lesson/what-is-all")
    text_id = ana.post("/own-words/lesson/what-is-all", ana.form(text=WORDS)).location.split("/")[2]
    ana.open("/care-team")
    line = ana.post("/care-team/write", ana.form(text=WORDS)).location.partition("#line-")[2]
    return Scene(
        ana,
        {
            "attempt_id": attempt,
            "position": 2,
            "text_id": text_id,
            "line": line,
            "my_group_id": room.id,
            "group_id": uuid.uuid4(),
            "code": room.code,
            "token": "no-such-token",
            "lesson_id": "what-is-all",
            **dict.fromkeys(
                ("assignment_id", "membership_id", "question_id", "session_id"), uuid.uuid4()
            ),
            **dict.fromkeys(("passkey_id", "notice_id"), uuid.uuid5(uuid.NAMESPACE_DNS, "own")),
        },
        {WORDS, WORDS.replace("?", "%3F"), attempt, text_id, line},
    )


@pytest.fixture
def registered(scene: Scene, room: Room, connection: Connection) -> Scene:
    """They keep their progress, join a group, lead another, and have a passkey and a notice."""
    ana, given = scene.person, scene.given
    register(ana, NICKNAME)
    own = {"account_id": ana.account, "id": given["passkey_id"]}
    key = {"credential": b"x", "public_key": b"y", "sign_count": 0, "added_at": LONG_AGO}
    connection.execute(insert(Passkey).values(**own, **key, name=WORDS))
    question = ana.content.bank.of_lesson("what-is-all")[0].questions[0].id
    told = {"kind": "regraded", "question_id": question, "created_at": LONG_AGO}
    connection.execute(insert(Notice).values(**own, **told))
    join_named(ana, room.code, NICKNAME)
    educator = {"account_id": ana.account, "name": NICKNAME, "since": LONG_AGO}
    connection.execute(insert(Base.metadata.tables["educator"]).values(**educator))
    given["group_id"] = make_group(ana, WORDS)
    scene.own |= {NICKNAME, ana.account.hex, str(ana.account), str(given["group_id"])}
    return scene


@dataclass(frozen=True)
class Walk:
    """Asks for every route with a cookie, and looks at what that tells and changes."""

    scene: Scene
    connection: Connection
    statements: list[str]

    def on(self, value: str, token: str) -> list[tuple[str, str, set[str], set[str]]]:
        """Each endpoint and method, what it told of the owner, and which tables it changed."""
        before = everything(self.connection)
        return [self._ask(cell, value, token, before) for cell in self.scene.cells()]

    def _ask(
        self, cell: tuple[str, str, str], value: str, token: str, before: dict[str, list[Any]]
    ) -> tuple[str, str, set[str], set[str]]:
        endpoint, method, address = cell
        tab = self.scene.person.browser.application.test_client()
        tab.set_cookie("learn_all", value)
        savepoint = self.connection.begin_nested()
        self.statements.clear()
        form = {"csrf_token": token, "text": "New.", "name": "New", "nickname": "New"}
        page = tab.get(address) if method == "GET" else tab.post(address, data=form)
        assert page.status_code < 500, (endpoint, page.status_code)
        changed = set()
        if any(s.startswith(("INSERT", "UPDATE", "DELETE")) for s in self.statements):
            now = everything(self.connection)
            changed = {table for table in now if now[table] != before[table]}
        savepoint.rollback()
        return endpoint, method, self.scene.told_by(page, address), changed


@pytest.fixture
def walk(scene: Scene, connection: Connection, statements: list[str]) -> Walk:
    return Walk(scene, connection, statements)


def test_a_copied_cookie_opens_no_route_after_signing_out(registered, walk):
    ana = registered.person
    value, token = cookie(ana), ana.open("/care-team") and ana.hidden("csrf_token")
    while_in = walk.on(value, token)
    sign_out(ana)
    after = walk.on(value, token)

    assert len(after) > 120
    assert [cell for cell in after if cell[2] or cell[3]] == []
    assert len([cell for cell in while_in if cell[2]]) > 40, "else this test finds nothing"
    assert len([cell for cell in while_in if cell[3]]) >= 20


def test_a_copied_guest_cookie_opens_nothing_after_registration(scene, walk, request):
    ana = scene.person
    value, token = cookie(ana), ana.open("/care-team") and ana.hidden("csrf_token")
    request.getfixturevalue("registered")
    after = walk.on(value, token)

    assert [cell for cell in after if cell[2]] == []
    theirs = {"item", "membership", "notice", "passkey", "sign_in", "sign_in_session"}
    assert [cell for cell in after if cell[3] & theirs] == []


def test_an_early_copy_of_a_guest_cookie_restores_no_merged_guest(ana, connection):
    ana.open("/care-team")
    early, guest = ana.browser.get_cookie("learn_all"), ana.account
    register(ana)
    ana.browser.set_cookie("learn_all", early.value)
    ana.open("/care-team")
    page = ana.post("/care-team/write", ana.form(text="Why?"))

    assert page.status_code == 400
    assert "Why?" in ana.html
    assert guest not in {*connection.scalars(select(Account.id))}
    assert ana.post("/care-team/write", ana.form(text="Why?")).status_code == 303
