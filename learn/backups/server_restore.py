"""Put a dump in the place of a database on a PostgreSQL server, in one transaction."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from learn import schema
from learn.backups import embedded, server
from learn.backups.errors import BackupError
from learn.database import Database
from learn.deletions import Deletions
from learn.models import Base
from learn.schema import State

_CHUNK = 1 << 20
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_TRIES, _BETWEEN = 20, 0.1  # seconds
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout"
_DELETED = re.compile(r"^deleted (\d+)$", re.MULTILINE)


def existing_tables(database: Database) -> list[str]:
    """Return the tables that are there. Raises BackupError if another client is connected."""
    try:
        with database.engine.connect() as connection:
            if others := _others(connection):
                raise BackupError(
                    f"The site is running: {others} other connections to the database are open. "
                    "Stop it first, on every machine."
                )
            tables = [*connection.scalars(text(_TABLES))]
    except DBAPIError as error:
        reason = server.first_line(str(error.orig))
        raise BackupError(f"The database can't be opened: {reason}") from error
    finally:
        database.dispose()
    if tables and "alembic_version" not in tables:
        raise BackupError("The database belongs to another program: it has other tables.")
    return tables


def refuse_other_tables(database: Database, tables: list[str]) -> None:
    """Refuse a database that has tables of another program, too: a restore drops what is there.

    Which tables a newer version has isn't known. Raises BackupError.
    """
    others = {*tables} - {*Base.metadata.tables} - embedded.SYSTEM_TABLES
    if others and schema.state(database) in {State.EMPTY, State.CURRENT, State.OLDER}:
        raise BackupError(
            f"The database has tables of another program, such as {min(others)}, which a restore "
            "would delete. Give Learn ALL a database of its own."
        )
    database.dispose()


def _others(connection: Connection) -> int:
    """Return the number of other connections, after a moment for those that are closing."""
    for _ in range(_TRIES):
        count = int(connection.scalar(text(_OTHERS)) or 0)
        connection.rollback()
        if not count:
            break
        time.sleep(_BETWEEN)
    return count


def is_occupied(database: Database, tables: list[str]) -> bool:
    """Return whether there is anything of anybody in the tables."""
    quote = database.engine.dialect.identifier_preparer.quote
    with database.engine.connect() as connection:
        has_rows = any(
            connection.scalar(text(f"SELECT EXISTS (SELECT FROM {quote(name)})"))  # noqa: S608
            for name in tables
            if name not in embedded.SYSTEM_TABLES
        )
    database.dispose()
    return has_rows


def replace(database: Database, dump: Path, tables: list[str], deleted: Deletions) -> int:
    """Replace the tables by those of the dump, without the deleted accounts; return how many.

    If anything fails, or this process is killed, the database stays as it was. Raises BackupError.
    """
    with database.engine.connect() as connection:
        version = server.server_version(connection)
        schema = str(connection.scalar(text("SELECT current_schema()")))
    database.dispose()
    target, env = server.connection_for_tools(database)
    read = [server.find_tool("pg_restore", version), "--no-owner", "--no-privileges", "--file=-"]
    write = [server.find_tool("psql", version), "--no-psqlrc", "--quiet", "--tuples-only"]
    write += ["--no-align", "--set=ON_ERROR_STOP=1", f"--dbname={target}"]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        with (
            _start([*read, str(dump)], env, stdout=subprocess.PIPE, stderr=complaints) as reader,
            _start(write, env, stdin=subprocess.PIPE, stdout=output, stderr=complaints) as writer,
        ):
            try:
                _feed(reader, writer, _begin(database, tables), _end(schema, deleted))
            except BrokenPipeError:  # the writer has failed
                reader.kill()
        complaints.seek(0)
        output.seek(0)
        match = _DELETED.search(output.read().decode())
        if reader.returncode or writer.returncode or not match:
            reason = server.first_line(complaints.read().decode(errors="replace"))
            raise BackupError(f"The backup can't be restored: {reason} Nothing was changed.")
    return int(match[1])


def _start(command: list[str], env: dict[str, str], **files: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=env, **files)  # noqa: S603 - our own arguments


def _feed(
    reader: subprocess.Popen[bytes],
    writer: subprocess.Popen[bytes],
    begin: bytes,
    end: Iterable[bytes],
) -> None:
    """Copy the SQL script from reader to writer; only `end` commits it."""
    source, target = cast("IO[bytes]", reader.stdout), cast("IO[bytes]", writer.stdin)
    with target:
        target.write(begin)
        _copy(source, target)
        if reader.wait() == 0:
            target.writelines(end)


def _begin(database: Database, tables: list[str]) -> bytes:
    quote = database.engine.dialect.identifier_preparer.quote
    names = ", ".join(map(quote, tables))
    drop = f"DROP TABLE {names} CASCADE;\n" if tables else ""
    limits = "SET lock_timeout = '10s';\nSET statement_timeout = 0;\n"
    return f"BEGIN;\n{limits}{drop}".encode()


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy the script, without a setting of its head that servers before version 17 don't know."""
    for line in source:
        if not line.startswith(_UNKNOWN_BEFORE_17):
            target.write(line)
        if line.startswith(b"CREATE TABLE"):
            break
    while chunk := source.read(_CHUNK):
        target.write(chunk)


def _end(schema: str, deleted: Deletions) -> Iterator[bytes]:
    """Delete the accounts that were deleted since, end all sessions, and commit.

    Nothing is committed if another client has connected since.
    """
    yield f'SET search_path = "{schema}";\n'.encode()
    yield b"CREATE TEMPORARY TABLE deleted_since (digest text) ON COMMIT DROP;\n"
    for digest in deleted:
        yield f"INSERT INTO deleted_since VALUES ('{digest}');\n".encode()  # noqa: S608 - hex
    yield b"""
        WITH gone AS (
            DELETE FROM account WHERE encode(sha256(uuid_send(id)), 'hex')
            IN (SELECT digest FROM deleted_since) RETURNING 1
        ) SELECT 'deleted ' || count(*) FROM gone;
        DO $$ BEGIN IF to_regclass('sign_in_session') IS NOT NULL THEN
            DELETE FROM sign_in_session;
        END IF; END $$;
    """
    yield f"""
        DO $$ BEGIN IF ({_OTHERS}) > 0 THEN
            RAISE EXCEPTION 'somebody connected to the database meanwhile.';
        END IF; END $$;
        COMMIT;
    """.encode()
