"""The database that is moved: nothing changes it meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from learn import database_lock, schema, start_check
from learn.backups import server_restore
from learn.database import Database
from learn.moving import pooler
from learn.moving.errors import MoveError
from learn.moving.rows import StoredTable
from learn.schema import State

_LIMITS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL lock_timeout = '10s'",
)


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Hold the database alone, and check that it can be moved. Raises MoveError or SchemaError."""
    if pooler.is_before(database):
        raise MoveError(f"DATABASE_URL {pooler.WHY}, with LEARN_POOLER=no.")
    if database.file is None:
        if not server_restore.existing_tables(database):
            raise MoveError(f"There is nothing to move: {database.address} is empty.")
        _refuse_other_schemas(database)
        yield
        return
    if not database.file.exists() or not database.file.stat().st_size:
        raise MoveError(f"There is nothing to move: {database.file} doesn't exist or is empty.")
    with database_lock.try_exclusive(database) as is_alone:
        if not is_alone:
            raise MoveError("The site is running, or another command. Stop it first.")
        start_check.check(database, database_lock.recorded_marks(database))
        _refuse_other_schemas(database)
        yield


@contextmanager
def reading(database: Database, tables: list[StoredTable]) -> Iterator[Connection]:
    """Yield a connection that reads the database at one moment; nobody writes to it meanwhile."""
    if database.is_sqlite:
        with database.transaction() as session:
            yield session.connection()
        return
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        quote = connection.dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table in tables)
        for statement in (*_LIMITS, f"LOCK TABLE {names} IN SHARE MODE"):
            connection.execute(text(statement))
        yield connection


def _refuse_other_schemas(database: Database) -> None:
    match schema.state(database):
        case State.CURRENT:
            return
        case State.EMPTY:
            raise MoveError(f"There is nothing to move: {database.address} is empty.")
        case State.OLDER:
            raise MoveError("The database is on an older schema. Run “learn migrate” first.")
        case State.NEWER | State.AHEAD:
            raise MoveError(
                "The database was made by a newer version of Learn ALL. Use that version."
            )
        case State.UNFINISHED:
            raise MoveError(
                "A move into the database of DATABASE_URL isn't finished, so it can't be moved on."
            )
