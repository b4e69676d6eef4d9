"""Databases of any size are built from a few learners, whose copies are whole."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select, text

from learn import schema
from learn.database import Database
from learn.models import Account, Attempt, Item
from learn.models.memory import MemoryRow
from tests.benchmarks import multiplying


def counts(database: Database) -> list[int | None]:
    with database.read_session() as session:
        tables = (Account, Attempt, Item, MemoryRow)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def check_copies(database: Database) -> None:
    schema.upgrade(database)
    assert multiplying.fill(database, 250, given=50) == 250
    accounts, attempts, items, memories = counts(database)
    assert (accounts, attempts, items) == (5, 25, 250)
    assert memories
    assert memories % 5 == 0
    with database.read_session() as session:
        answers = session.scalars(
            select(func.count()).select_from(Item).group_by(Item.account_id)
        ).all()
        assert answers == [50] * 5
        orphans = select(Item.position).outerjoin(
            Attempt, (Attempt.account_id == Item.account_id) & (Attempt.id == Item.attempt_id)
        )
        assert session.scalars(orphans.where(Attempt.id.is_(None))).all() == []


def test_copies_on_sqlite_are_whole(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'learn.sqlite3'}")
    check_copies(database)
    with database.read_session() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    database.dispose()


def test_copies_on_postgresql_are_whole(empty_server: Database) -> None:
    check_copies(empty_server)
