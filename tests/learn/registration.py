"""Register, sign in and out, and recover, through the pages."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from learn.models import SignIn
from learn.models.base import table_of
from tests.learn.people import Person

PASSPHRASE = "four calm small words"
ANOTHER = "another set of plain words"
QUIZ = "lesson/what-is-all"
SIGN_IN = table_of(SignIn)


def register(
    person: Person, nickname: str = "Ana", passphrase: str = PASSPHRASE, **more: Any
) -> str:
    """Register the person's account; return the recovery code."""
    person.open("/keep")
    page = person.post("/keep", person.form(nickname=nickname, passphrase=passphrase, **more))
    assert page.status_code == 200, person.text
    return code_on(person)


def code_on(person: Person) -> str:
    """Return the recovery code on the page."""
    match = re.search(r"<code[^>]*>([0-9A-Z-]{29})</code>", person.html)
    assert match, person.text
    return match.group(1)


def sign_in(
    person: Person, nickname: str = "Ana", passphrase: str = PASSPHRASE, **more: Any
) -> TestResponse:
    person.open("/sign-in")
    return person.post("/sign-in", person.form(nickname=nickname, passphrase=passphrase, **more))


def sign_out(person: Person) -> TestResponse:
    person.open("/sign-out")
    return person.post("/sign-out", person.form())


def recover(person: Person, code: str, passphrase: str = ANOTHER, **more: Any) -> TestResponse:
    person.open("/recover")
    return person.post("/recover", person.form(code=code, passphrase=passphrase, **more))


def sign_ins(connection: Connection) -> list[Any]:
    """Return the credentials of all accounts, as rows."""
    return [*connection.execute(select(SIGN_IN))]


def try_to_keep(person: Person, nickname: str, passphrase: str = PASSPHRASE) -> TestResponse:
    """Send the form to register, which may be refused."""
    person.open("/keep")
    return person.post("/keep", person.form(nickname=nickname, passphrase=passphrase))
