"""A machine that is lost: its accounts, and what a restore brings back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from learn import deletions
from learn.database import Database
from learn.models import Account
from learn.my_data.actions import delete_everything
from tests.learn.machine import Machine
from tests.learn.table_rows import read

NOW = datetime.now(UTC)
ON_SERVER = pytest.param("server_machine", marks=pytest.mark.every)
BOTH = pytest.mark.parametrize("which", ["machine", ON_SERVER])
ANA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)


def opened(machine: Machine) -> Database:
    return Database(machine.env["DATABASE_URL"] or f"sqlite:///{machine.file}")


def add(machine: Machine, *accounts: uuid.UUID) -> None:
    database = opened(machine)
    with database.transaction() as session:
        session.add_all(Account(id=one, created_at=NOW) for one in accounts)
    database.dispose()


def leave(machine: Machine, account: uuid.UUID) -> None:
    """Delete somebody, as the site does."""
    database = opened(machine)
    with database.transaction() as session:
        deleted = delete_everything(session, account, NOW)
    deletions.add_to_file(machine.folder / "data", deleted, NOW)
    database.dispose()


def everything(machine: Machine) -> dict[str, list[dict[str, object]]]:
    database = opened(machine)
    found = read(database)
    database.dispose()
    return found


def accounts(machine: Machine) -> set[uuid.UUID]:
    database = opened(machine)
    with database.read_session() as session:
        found = {*session.scalars(select(Account.id))}
    database.dispose()
    return found


def lose(machine: Machine) -> None:
    """Lose the database, and nothing else."""
    database = opened(machine)
    if database.file:
        for path in machine.file.parent.glob("learn.sqlite3*"):
            path.unlink()
    else:
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    database.dispose()
