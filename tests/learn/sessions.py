"""Sessions of an account: copies of a cookie, and ways to end one elsewhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from learn.models import Base, RateLimit, SignInSession
from learn.models.base import table_of
from tests.learn.people import Person
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
)

SESSIONS = table_of(SignInSession)
WORDS = "Quokkas ask: why me?"
SIGNED_OUT = "You’ve been signed out on this device"


def cookie(person: Person) -> str:
    return person.browser.get_cookie("learn_all").value


def copy_of(person: Person) -> Person:
    """Somebody with a copy of the person's cookie, as it is now."""
    found = Person(person.browser.application, person.content)
    found.browser.set_cookie("learn_all", cookie(person))
    return found


def sessions(connection: Connection) -> list[Any]:
    return [*connection.execute(select(SESSIONS).order_by(SESSIONS.c.created_at))]


def everything(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every table, but of the limits, which count whatever anybody tries."""
    return {
        table.name: sorted(map(str, connection.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table is not table_of(RateLimit)
    }


def is_in(person: Person) -> bool:
    return person.browser.get("/account").status_code == 200


def sign_out_everywhere_but(person: Person) -> None:
    person.open("/account/passphrase")
    person.post("/account/passphrase", person.form(current=PASSPHRASE, passphrase=ANOTHER))
