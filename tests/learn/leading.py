"""Educators in tests, and the groups that they lead, made by the pages that lead there."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from werkzeug.test import TestResponse

from learn import join_codes
from learn.models import Educator, Group, Membership
from learn.models.base import table_of
from tests.learn.people import Person
from tests.learn.registration import register
from tests.learn.signing_in import LONG_AGO

GROUPS = table_of(Group)
MEMBERSHIPS = table_of(Membership)


@dataclass(frozen=True)
class Room:
    """A group, the educator who leads it, and the connection on which all of it happens."""

    kim: Person
    id: uuid.UUID
    connection: Connection

    @property
    def code(self) -> str:
        """Code by which people join now, as they read it."""
        code = self.connection.scalar(select(GROUPS.c.code).where(GROUPS.c.id == self.id))
        return join_codes.grouped(code or "")

    def memberships(self, person: Person) -> list[Any]:
        """Every membership of the person in any group, in the order of time."""
        return [
            *self.connection.execute(
                select(MEMBERSHIPS)
                .where(MEMBERSHIPS.c.account_id == person.account)
                .order_by(MEMBERSHIPS.c.since, MEMBERSHIPS.c.id)
            )
        ]

    def another(self, name: str = "Another class") -> Room:
        """Another group of the same educator."""
        return Room(self.kim, make_group(self.kim, name), self.connection)

    def press(self, page: str, button: str) -> None:
        """Press a button on one of the educator's pages."""
        asks_once = {"renew", "close", "archive"}
        at = f"sure/{button}" if button in asks_once else page
        self.kim.open(f"/groups/{self.id}/{at}")
        done = self.kim.post(f"/groups/{self.id}/{page}/{button}", self.kim.form())
        assert done.status_code == 303


def become_educator(connection: Connection, person: Person, name: str = "Nurse Kim") -> None:
    """Keep the person's progress, and note that they may have groups."""
    register(person, name)
    row = {"account_id": person.account, "name": name, "since": LONG_AGO, "removed_at": None}
    connection.execute(insert(Educator).values(row))


def make_group(person: Person, name: str = "Tuesday class") -> uuid.UUID:
    """Make a group by the page for it."""
    person.open("/groups")
    page = person.post("/groups", person.form(name=name))
    assert page.status_code == 303, person.text
    return uuid.UUID(page.location.split("/groups/")[1].split("/")[0])


def join(person: Person, code: str, sharing: str = "totals", **more: Any) -> TestResponse:
    """Open the group's page and send its form."""
    person.open(f"/join/{code}")
    return person.post(f"/join/{code}", person.form(sharing=sharing, **more))


def join_named(person: Person, code: str, nickname: str = "Ana", **more: Any) -> TestResponse:
    return join(person, code, "named", nickname=nickname, **more)


def chosen(person: Person) -> str:
    """Which way is chosen on the page; empty for none."""
    match = re.search(r'name="sharing" value="(\w+)"[^>]* checked', person.html)
    return match.group(1) if match else ""
