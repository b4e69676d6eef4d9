"""The data of a learner: make some in every table, copy it, delete it, and search for traces."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    MetaData,
    select,
)

from learn.my_data.queries import tables_with_account_id
from tests.learn.people import Person
from tests.learn.row_factory import add_row

QUIZ = "lesson/what-is-all"
MADE = datetime(2026, 11, 22, 2, tzinfo=UTC)


def use_everything(person: Person) -> None:
    """A quiz, two lessons, and a question for the care team; and a row in every other table."""
    person.take(QUIZ, right=False)
    objective = person.content.bank.of_lesson("what-is-all")[0]
    person.open("/care-team")
    person.post("/care-team/add", person.form(objective=[objective.id]))
    for lesson in [*person.content.lessons][:2]:
        person.read(lesson)
    with person.browser.application.extensions["learn.database"].transaction() as session:
        for table, owner in tables_with_account_id().items():
            if not session.execute(select(table).where(owner == person.account)).first():
                add_row(session, table, person.account)


def traces(connection: Connection, account: uuid.UUID) -> set[str]:
    """Return the tables that contain the account's id in any column."""
    forms: set[Any] = {account, account.bytes, account.hex, str(account)}
    schema = MetaData()
    schema.reflect(connection)
    return {
        table.name
        for table in schema.tables.values()
        for row in connection.execute(select(table))
        if any(isinstance(value, uuid.UUID | bytes | str) and value in forms for value in row)
    }


def tables(person: Person) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(person.open("/my-data/copy.json").get_data())["tables"]
    return data


def delete(person: Person) -> None:
    person.open("/my-data/delete")
    person.post("/my-data/delete", person.form())


def files(person: Person) -> dict[str, str]:
    raw = io.BytesIO(person.open("/my-data/copy.zip").get_data())
    with zipfile.ZipFile(raw) as opened:
        return {n: opened.read(n).decode("utf-8-sig") for n in opened.namelist()}
