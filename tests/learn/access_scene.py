"""Somebody of each role, with rows of everything, and the routes that each role may open."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, bindparam, insert, update
from werkzeug.test import TestResponse

from learn.models import (
    CareLine,
    Educator,
    Explanation,
    Group,
    Item,
    Membership,
    Notice,
    PaperQuestion,
    PaperSheet,
    PaperSitting,
    Passkey,
    Room,
    SignIn,
    SignInSession,
)
from tests.learn.groups import RIGHT, ClassOf
from tests.learn.people import Person
from tests.learn.signing_in import signed_in

ROLES = (
    "guest",
    "learner",
    "member",
    "member in totals",
    "former member",
    "educator of the group",
    "other educator",
    "removed educator",
)


LEADS = {"educator of the group"}


EDUCATORS = {"educator of the group", "other educator"}


MEMBERS = {"member", "member in totals"}


CODE = "DAGOMELUZAPO"


ROOM_CODE = "DAGOMELU"


END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


OWN = {"attempt_id", "line", "text_id", "passkey_id", "notice_id", "session_id"}


"""What belongs to one person, in addresses; here: to somebody who has none of these roles."""


HARMLESS = {
    "account.sign_out_device",
    "care_team.move",
    "care_team.remove",
    "care_team.reword",
    "care_team.tick",
    "explanations.delete_text",
    "passkeys.submit_removal",
}


"""Nothing happens to what is not yours, and the answer is as if it were gone already."""


THEIRS = [
    model.__table__.select().where(model.account_id == bindparam("whose"))
    for model in (CareLine, Explanation, Passkey, Notice, Item, SignInSession)
]


@dataclass(frozen=True)
class Scene:
    """People by role, and the values that addresses contain."""

    people: dict[str, Person]
    given: dict[str, Any]
    somebody: uuid.UUID
    connection: Connection
    tokens: dict[Person, tuple[str, dict[str, Any]]] = field(default_factory=dict)


def sign_in(connection: Connection, person: Person, nickname: str) -> None:
    held = signed_in(connection, person.account, nickname)
    with person.browser.session_transaction() as session:
        session.update(held)


@pytest.fixture
def scene(app: Flask, content: Any, connection: Connection) -> Scene:
    group = ClassOf(connection, content.bank)
    connection.execute(update(Group).where(Group.id == group.id).values(code=CODE))
    accounts = {role: uuid.uuid5(uuid.NAMESPACE_URL, role) for role in ROLES}
    people = {"guest": Person(app, content)}
    question, later, *_rest = content.bank.questions
    for role, account in accounts.items():
        if role == "guest":
            continue
        people[role] = Person(app, content, account)
        group.answer(account, {question: RIGHT})
        if "educator" in role:
            way = {"nickname": role, "nickname_key": role, "passphrase": "x", "recovery": role}
            connection.execute(
                insert(SignIn).values(account_id=account, kept_since=group.now, **way)
            )
            sign_in(connection, people[role], role)
    group.lead(accounts["educator of the group"], "Kim")
    other = ClassOf(connection, content.bank, "Another class")
    other.lead(accounts["other educator"], "Lee")
    other.lead(accounts["removed educator"], "Max")
    group.lead(accounts["removed educator"])
    connection.execute(
        update(Educator)
        .where(Educator.account_id == accounts["removed educator"])
        .values(removed_at=group.now)
    )
    group.join("named", accounts["member"], "Mia")
    group.join("totals", accounts["member in totals"])
    group.join("named", accounts["former member"], "Finn")
    group.leave(accounts["former member"])
    membership = connection.scalar(
        Membership.__table__.select()
        .with_only_columns(Membership.id)
        .where(Membership.account_id == accounts["member"])
    )
    somebody = group.join("named", nickname="Somebody")
    own = {"account_id": somebody, "id": uuid.uuid5(uuid.NAMESPACE_URL, "own")}
    now = group.now
    for model, values in (
        (CareLine, {"text": "Why?", "position": 1, "ticked": False, "added_at": now}),
        (Explanation, {"lesson_id": "what-is-all", "text": "It is …", "written_at": now}),
        (
            Passkey,
            {"name": "Phone", "credential": b"x", "public_key": b"y", "sign_count": 0}
            | {"added_at": now},
        ),
        (Notice, {"kind": "regraded", "question_id": question, "created_at": now}),
        (
            SignInSession,
            {"created_at": now, "last_used_on": now.date(), "browser": "", "system": ""}
            | {"confirmed_by_passkey": False},
        ),
    ):
        connection.execute(insert(model), [own | values])
    room = {"id": uuid.uuid5(uuid.NAMESPACE_URL, "room"), "group_id": group.id, "code": ROOM_CODE}
    asked = {"question_id": question, "version": content.bank.questions[question].version}
    state = {"shown": "0", "turn": 1, "round": 1, "phase": "open", "ends_at": END_OF_TIME}
    connection.execute(insert(Room).values(**room, **asked, **state))
    sitting = {"id": uuid.uuid5(uuid.NAMESPACE_URL, "paper"), "group_id": group.id, "number": 4711}
    about = {"title": "Quiz", "left_out": 0, "last_paper": 1, "created_at": now}
    connection.execute(insert(PaperSitting).values(**sitting, **about))
    first = {"sitting_id": sitting["id"], "place": 1, "shown": "0"}
    connection.execute(insert(PaperQuestion).values(**first, **asked))
    paper = {"sitting_id": sitting["id"], "number": 1, "batch": group.id, "line": 1}
    connection.execute(insert(PaperSheet).values(**paper, answers={}, typed_at=now, revision=0))
    assignment = group.assign([question])
    quiz = f"assignment/{assignment.hex}"
    group.answer(accounts["member"], {question: RIGHT, later: RIGHT}, quiz)
    given = {
        "group_id": group.id,
        "room_id": room["id"],
        "room_code": ROOM_CODE,
        "sitting_id": sitting["id"],
        "paper_number": 1,
        "assignment_id": assignment,
        "membership_id": membership,
        "attempt_id": group.answer(somebody, {question: RIGHT}, finished=False),
        "position": 1,
        "question_id": question,
        "code": CODE,
        "token": "no-such-token",
        "lesson_id": "what-is-all",
        "step": "renew",
        "idea_id": next(iter(content.bank.misconceptions)),
        "path_id": "this-week",
        **dict.fromkeys(("line", "text_id", "passkey_id", "notice_id", "session_id"), own["id"]),
    }
    return Scene(people, given, somebody, connection)


def may(  # noqa: PLR0911 - a rule a line
    role: str, endpoint: str, guard: str, arguments: set[str], part: str
) -> bool:
    """Whether it is there for somebody in that role."""
    if guard == "group_educator":
        return role in LEADS
    if guard == "educator":
        return role in EDUCATORS
    if endpoint in {"quizzes.assigned", "quizzes.assigned_answer"}:
        # This one is a quiz, without a before and an after. Who left while its first question was
        # open may still answer it, for themselves.
        may_answer = endpoint == "quizzes.assigned_answer" and role == "former member"
        return (role in MEMBERS or may_answer) and not part
    if endpoint == "passkeys.creation_options":
        return "educator" in role  # they are signed in
    if endpoint.startswith("membership.") and "group_id" in arguments:
        if endpoint != "membership.change" and role == "former member":
            return True  # pressed twice: they have left, and the page says so
        return role in MEMBERS
    return not arguments & OWN or endpoint in HARMLESS


def cells(app: Flask) -> Iterator[tuple[str, str, str, set[str], dict[str, str]]]:
    """Endpoint, method, guard, arguments, and what else the address needs."""
    for rule in app.url_map.iter_rules():
        guard = app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]
        more: dict[str, str] = {}
        if rule.endpoint == "asset":
            continue  # files of the site: test_read_a_lesson looks at them
        if rule.endpoint.startswith("mistakes."):
            more = {"kind": "lesson", "name": "what-is-all"}
        elif "name" in rule.arguments or "kind" in (rule.defaults or {}):
            kind = (rule.defaults or {}).get("kind", "")
            more = {
                "kind": kind,
                "name": {
                    "lesson": "what-is-all",
                    "topic": "what-is-all",
                    "path": "this-week",
                }.get(kind, ""),
            }
        elif rule.defaults:
            more = {k: str(v) for k, v in rule.defaults.items()}
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield rule.endpoint, method, guard, {*rule.arguments}, more


def rows_of_somebody(scene: Scene) -> list[Any]:
    return [
        tuple(row)
        for rows in THEIRS
        for row in scene.connection.execute(rows, {"whose": scene.somebody})
    ]


def is_led_to_sign_in(role: str, guard: str, method: str) -> bool:
    """Whether nobody is signed in, and the page is one of educators: then it tells no more."""
    return "educator" in guard and "educator" not in role and method == "GET"


def token_of(person: Person, tokens: dict[Person, tuple[str, dict[str, Any]]]) -> str:
    """Return a token for the forms of a person; a page is opened for it only once."""
    if person not in tokens:
        page = person.open("/care-team").get_data(as_text=True)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        with person.browser.session_transaction() as session:
            tokens[person] = token, dict(session)
    token, held = tokens[person]
    with person.browser.session_transaction() as session:
        session.update(held)
    return token


def answer(app: Flask, scene: Scene, person: Person, cell: Any) -> TestResponse:
    endpoint, method, _guard, arguments, more = cell
    values = {k: v for k, v in scene.given.items() if k in arguments} | more
    with app.test_request_context():
        address = app.url_for(endpoint, **values)
    savepoint = scene.connection.begin_nested()
    try:
        if method == "GET":
            return person.browser.get(address)
        with person.browser.session_transaction() as session:
            before = dict(session)
        form = {"csrf_token": token_of(person, scene.tokens)}
        theirs = rows_of_somebody(scene)
        found = person.browser.post(address, data=form)
        assert rows_of_somebody(scene) == theirs, f"{endpoint} changed what is somebody else's"
        return found
    finally:
        savepoint.rollback()
        if method == "POST":
            with person.browser.session_transaction() as session:
                session.clear()
                session.update(before)
