"""The database that rows are moved to: empty, or one where a move from the same one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, delete, insert, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from learn import database_lock, schema
from learn.backups import server_restore
from learn.backups.errors import BackupError
from learn.config import ConfigError, files, values
from learn.database import Database, refresh_statistics
from learn.engines import restrict_to_owner
from learn.moving import pooler, progress
from learn.moving.errors import MoveError, TargetRefusedError, reason_of
from learn.moving.rows import Row, StoredTable
from learn.schema import State

_MADE_AGAIN = frozenset({"question_version", "rate_limit"})
"""Tables that have rows as soon as a site has started, before anybody has used it."""

_OF_A_ROW = (psycopg.DataError, psycopg.IntegrityError)
_NO_LIMIT = "SET LOCAL statement_timeout = 0"


def at(url: str) -> Database:
    """Return the database at an address. Raises TargetRefusedError if it is none of ours."""
    try:
        values.database_url(url, "--to")
        _refuse_misread_password(url)
        file = values.sqlite_file(url)
        if file is not None:
            if not file.parent.is_dir():
                raise TargetRefusedError(f"--to: the folder {file.parent} doesn't exist.")
            files.refuse_open_folder(file.parent, "--to")
            files.is_database(file)
        return Database(url)
    except ConfigError as error:
        raise TargetRefusedError(str(error).replace("DATABASE_URL", "--to")) from error
    except (ArgumentError, ValueError) as error:
        raise TargetRefusedError("--to is not the address of a database.") from error


def _refuse_misread_password(url: str) -> None:
    """Refuse an address in which a part of the password is taken for the host, and then shown."""
    if "@" in (make_url(url).host or ""):
        raise TargetRefusedError(
            "--to is not the address of a database: in a password, “@” is written “%40”."
        )


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Hold the target alone. Raises TargetRefusedError if it is used, or MoveError."""
    try:
        if database.file is not None:
            restrict_to_owner(database.file)
        with database.engine.connect():
            pass
    except (ArgumentError, ValueError) as error:
        raise TargetRefusedError("--to is not the address of a database.") from error
    except (DBAPIError, OSError) as error:
        raise MoveError(
            f"The database {database.address} can't be opened: {reason_of(error)}."
        ) from error
    if pooler.is_before(database):
        raise TargetRefusedError(f"--to {pooler.WHY}.")
    if database.file is None:
        _refuse_occupied_server(database)
    with database_lock.try_exclusive(database) if database.file else nullcontext(True) as is_alone:
        if not is_alone:
            raise TargetRefusedError(f"The database {database.address} is in use: name another.")
        yield


def _refuse_occupied_server(database: Database) -> None:
    try:
        server_restore.existing_tables(database)
    except BackupError as error:
        raise TargetRefusedError(f"{database.address} can't be moved to. {error}") from error


def prepare(database: Database, source: str, tables: list[StoredTable], *, again: bool) -> bool:
    """Make the target ready; return whether a move that stopped goes on there.

    With `again`, what such a move left is removed first. Raises TargetRefusedError.
    """
    state = schema.state(database)
    if state is State.UNFINISHED and again:
        _empty(database)
        state = schema.state(database)
    if state is State.UNFINISHED:
        _refuse_other_source(database, source)
        return True
    _refuse_rows(database, state, tables)
    with database.transaction() as session:
        connection = session.connection()
        schema.upgrade_within(connection)
        for table in tables:
            if table.name in _MADE_AGAIN:
                connection.execute(delete(table.table))
        progress.begin(connection, source, [table.name for table in tables])
    return False


def _refuse_other_source(database: Database, source: str) -> None:
    with database.engine.connect() as connection:
        before, head = progress.source_of(connection)
    if before != source:
        raise TargetRefusedError(
            f"A move from another database stopped in {database.address}. "
            "To begin this one there, add --again."
        )
    if head != schema.head():
        raise TargetRefusedError(
            f"A move by another version of Learn ALL stopped in {database.address}. "
            "To begin it again, add --again."
        )


def _refuse_rows(database: Database, state: State, tables: list[StoredTable]) -> None:
    if state in {State.OLDER, State.NEWER, State.AHEAD}:
        raise TargetRefusedError(
            f"{database.address} isn't empty: it has the tables of another version. "
            "Name an empty database."
        )
    if state is State.EMPTY:
        return
    with database.engine.connect() as connection:
        for table in tables:
            if table.name not in _MADE_AGAIN and table.count(connection):
                raise TargetRefusedError(
                    f"{database.address} isn't empty: there are rows in {table.name}. "
                    "Name an empty database."
                )


def _empty(database: Database) -> None:
    """Drop all of our tables."""
    from learn.models import Base  # noqa: PLC0415

    with database.transaction() as session:
        connection = session.connection()
        progress.drop(connection)
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))


def write(connection: Connection, table: StoredTable, rows: list[Row]) -> None:
    """Write rows, in the way that is fastest on this database. Raises MoveError."""
    if connection.dialect.name == "sqlite":
        columns = table.columns
        connection.execute(
            insert(table.table), [dict(zip(columns, row, strict=True)) for row in rows]
        )
        return
    names = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(command) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        if raw.closed:
            connection.invalidate(error)
        if isinstance(error, _OF_A_ROW):
            raise MoveError(f"A row of {table.name} can't be moved: {reason_of(error)}.") from error
        raise


@contextmanager
def reading(database: Database) -> Iterator[Connection]:
    """Yield a connection that reads without a limit of time."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text(_NO_LIMIT))
        yield connection


def finish(database: Database) -> None:
    """Make the target one that can be served."""
    with database.transaction() as session:
        refresh_statistics(session)
        progress.finish(session.connection())
    database.shut_down()
