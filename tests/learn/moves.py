"""Databases that a site is moved from and to, and rows that are easily spoiled on the way."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from learn.config import Settings
from learn.database import Database
from learn.models import Account, Attempt, Base, Item, MistakeReport, Passkey, Reading
from learn.moving.run import Manner, Moved, move
from tests.learn.machine import Machine
from tests.learn.restoring import opened

NOW = datetime.now(UTC)
KEYS = ("a key that only tests know",)
BATCH = 7
_ON_SERVERS = [
    pytest.param("machine", "empty_server", marks=pytest.mark.every),
    pytest.param("server_machine", "file_target", marks=pytest.mark.every),
    pytest.param("server_machine", "empty_server", marks=pytest.mark.every),
]
EACH_WAY = pytest.mark.parametrize(("which", "where"), [("machine", "file_target"), *_ON_SERVERS])
ODD = "\\N \\ \t \r\n ' \" \x7f é 漢 🩸 \u202e ʼ \u200b {} %s"


@dataclass
class Watcher:
    """Counts what it is told, and does something at one point of the move."""

    at: int = 0
    do: Callable[[], None] = lambda: None
    phases: list[tuple[str, int]] = field(default_factory=list)
    reports: list[tuple[str, int]] = field(default_factory=list)

    def begin(self, phase: str, rows: int) -> None:
        self.phases.append((phase, rows))

    def advance(self, table: str, rows: int) -> None:
        self.reports.append((table, rows))
        if len(self.reports) == self.at:
            self.do()


def interrupt() -> None:
    raise KeyboardInterrupt


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def settings_of(machine: Machine) -> Settings:
    url = machine.env["DATABASE_URL"] or f"sqlite:///{machine.file}"
    return Settings(url, KEYS, machine.folder / "data")


def moved(
    machine: Machine, to: Database, watcher: Watcher | None = None, *, again: bool = False
) -> Moved:
    """Move the site of a machine, in small batches."""
    manner = Manner(again, BATCH)
    return move(settings_of(machine), url_of(to), NOW, watcher or Watcher(), manner)


def fill_with_odd_rows(machine: Machine) -> None:
    """Add rows of every type, with values at their limits."""
    lot = random.Random(7)  # noqa: S311 - the same each time
    database = opened(machine)
    with database.transaction() as session:
        run = session.connection().execute
        accounts = [uuid.UUID(int=lot.getrandbits(128)) for _ in range(30)]
        when = [NOW - timedelta(microseconds=lot.randrange(10**15)) for _ in accounts]
        pairs = [*zip(accounts, when, strict=True)]
        run(insert(Account), [{"id": a, "created_at": at} for a, at in pairs])
        attempts = [(a, uuid.UUID(int=lot.getrandbits(128)), at) for a, at in pairs]
        run(
            insert(Attempt),
            [
                {"account_id": a, "id": i, "quiz": "lesson/é", "round": 32767}
                | {"started_at": at, "finished_at": at if n % 2 else None}
                for n, (a, i, at) in enumerate(attempts)
            ],
        )
        run(insert(Item), [_item(lot, *one, p) for one in attempts for p in (1, 2, 3)])
        run(
            insert(Reading),
            [
                {"account_id": a, "lesson_id": name, "first_read_at": at}
                for a, at in pairs
                for name in ("Z", "a", "é", "_", "a-b", "ab")  # each language sorts them its way
            ],
        )
        run(
            insert(MistakeReport),
            [
                {"id": a, "page": "lesson/x", "text": "".join(lot.choices(ODD, k=200))}
                | {"reported_at": at}
                for a, at in pairs
            ],
        )
        run(
            insert(Passkey),
            [
                {"account_id": a, "id": a, "name": ODD, "credential": lot.randbytes(200)}
                | {"public_key": b"\0\xff\\x" + a.bytes, "sign_count": 2**31 - 1}
                | {"added_at": at, "used_at": None}
                for a, at in pairs
            ],
        )
        run(text("UPDATE explanation SET ticked = 'null'"))  # another thing than NULL
    database.dispose()


def _item(
    lot: random.Random, account: uuid.UUID, attempt: uuid.UUID, at: datetime, position: int
) -> dict[str, Any]:
    answers = [None, {"b": 1.0, "a": [True, 1, None, 0.1 + 0.2, 1e16]}, {ODD: {"": ODD}}]
    response = answers[position - 1]
    is_answered = response is not None
    return {
        "account_id": account,
        "attempt_id": attempt,
        "position": position,
        "question_id": "q",
        "objective_id": "o",
        "version": "v",
        "shown": "123",
        "response": response,
        "sure": lot.choice([True, False, None]),
        "score": lot.random() if is_answered else None,
        "answered_at": at if is_answered else None,
    }


def all_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as the site reads it, whatever the kind of the database."""
    with database.engine.connect() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
    database.dispose()
    assert all(rows.values()), "a table without rows tells nothing"
    return rows


def tables_of(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return {*database.engine.dialect.get_table_names(connection)}


def run_on(machine: Machine, database: Database, *arguments: str) -> tuple[int, list[str]]:
    """Run a command of the machine on another database."""
    other = Machine(machine.folder, url_of(database))
    return other.run(*arguments)
