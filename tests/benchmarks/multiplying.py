"""A database with as many answers as a health system has after years, built in minutes.

Some thousand answers are given by the actions of the site. What these learners have is then copied
in SQL, as often as needed, with other ids.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import Column, Connection, Table, func, select, text

from learn.database import Database
from learn.models import Base
from tests.benchmarks import size

FIRST = 10_000
"""Answers that the actions of the site give; there are at least so many."""

_PREFIX_BYTES = 6
"""The time in an id. Copies get other times, from then on, so that their keys come in order."""

_LATER = 0x019B_0000_0000


def fill(database: Database, answers: int, given: int = FIRST) -> int:
    """Fill an empty database of the current schema with at least so many answers.

    The first ones, at least as many as are `given`, come from the actions of the site. Return how
    many there are.
    """
    first = size.give_answers(database, min(answers, given))
    copies = -(-answers // first) - 1
    with database.read_session() as session:
        tables = [t for t in _tables() if session.scalar(select(func.count()).select_from(t))]
    if database.is_sqlite:
        _multiply_on_sqlite(database, tables, copies)
    else:
        _multiply_on_postgres(database, tables, copies)
    return first * (copies + 1)


def _tables() -> list[Table]:
    """Return the tables with rows of learners, those that others refer to first."""
    return [t for t in Base.metadata.sorted_tables if t.name == "account" or "account_id" in t.c]


def _multiply_on_sqlite(database: Database, tables: Sequence[Table], copies: int) -> None:
    """Copy without waiting for the disk: if it fails, the file is made again."""
    if database.file is None:
        raise AssertionError("an embedded database is a file")
    with closing(sqlite3.connect(database.file, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.create_function("shifted", 2, _shifted, deterministic=True)
        for table in tables:
            raw.execute(f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name}")  # noqa: S608
        for number in range(copies):
            raw.execute("BEGIN")
            for table in tables:
                columns = ", ".join(
                    f'shifted("{c.name}", :n)' if _is_own_id(c) else f'"{c.name}"' for c in table.c
                )
                names = ", ".join(f'"{c.name}"' for c in table.c)
                raw.execute(
                    f"INSERT INTO {table.name} ({names}) SELECT {columns} FROM first_{table.name}",  # noqa: S608
                    {"n": _LATER + number},
                )
            raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _shifted(held: bytes, time: int) -> bytes:
    return time.to_bytes(_PREFIX_BYTES, "big") + held[_PREFIX_BYTES:]


def _multiply_on_postgres(database: Database, tables: Sequence[Table], copies: int) -> None:
    with database.engine.connect() as connection:
        for table in tables:
            _run(connection, f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name}")  # noqa: S608
        # What is copied refers to what is copied with it: PostgreSQL need not look each row up.
        _run(connection, "SET session_replication_role = replica")
        connection.commit()
        for number in range(copies):
            for table in tables:
                columns = ", ".join(
                    _shifted_on_postgres(c) if _is_own_id(c) else f'"{c.name}"' for c in table.c
                )
                names = ", ".join(f'"{c.name}"' for c in table.c)
                _run(
                    connection,
                    f"INSERT INTO {table.name} ({names}) SELECT {columns} FROM first_{table.name}",  # noqa: S608
                    n=_LATER + number,
                )
            connection.commit()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _run(connection, "VACUUM ANALYZE")


def _shifted_on_postgres(column: Column[object]) -> str:
    end = f"substr(replace(\"{column.name}\"::text, '-', ''), {2 * _PREFIX_BYTES + 1})"
    return f"(lpad(to_hex(CAST(:n AS bigint)), {2 * _PREFIX_BYTES}, '0') || {end})::uuid"


def _run(connection: Connection, statement: str, **values: int) -> None:
    connection.execute(text(statement), values)


def _is_own_id(column: Column[object]) -> bool:
    """Return whether a column names an account or an attempt: learners have nothing else here."""
    return column.name in {"account_id", "attempt_id", "id"}
