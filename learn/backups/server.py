"""Dumps of a database on a PostgreSQL server, by the server's own tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from learn.backups.errors import BackupError
from learn.database import Database

_NO_TIMEOUTS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@dataclass(frozen=True, slots=True)
class DumpInfo:
    """What a dump holds: the server's version, the migration, and the numbers of rows."""

    server: str
    schema: str
    rows: dict[str, int]
    answers: int


def dump(database: Database, target: IO[bytes]) -> DumpInfo:
    """Write a dump of the database as it is at this moment. Raises BackupError.

    The tool writes to the open file, so that it never opens a name where others put theirs.
    """
    try:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            for statement in _NO_TIMEOUTS:
                connection.execute(text(statement))
            tool = find_tool("pg_dump", server_version(connection))
            info = _describe(connection)
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            run_tool(
                database,
                [tool, "--format=custom", "--no-owner", "--no-privileges"],
                [f"--snapshot={snapshot}"],
                target,
            )
    except DBAPIError as error:
        raise BackupError(f"The database can't be read: {first_line(str(error.orig))}") from error
    return info


def find_tool(name: str, server: str) -> str:
    """Return the path of a PostgreSQL tool that is at least as new as the server.

    Raises BackupError if there is none.
    """
    wanted = int(server.split(".", maxsplit=1)[0])
    path = shutil.which(name)
    if path is None:
        raise BackupError(
            f"{name} is missing: install the client of PostgreSQL {wanted} (or later) first."
        )
    output = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"\) (\d+)", output.stdout)
    if number is None or int(number[1]) < wanted:
        version = f"version {number[1]}" if number else "of an unknown version"
        raise BackupError(
            f"{path} is {version}, and the server is PostgreSQL {server}: "
            f"install the client of PostgreSQL {wanted} (or later) first."
        )
    return path


def server_version(connection: Connection) -> str:
    """Return the server's version, such as `18.1`."""
    return str(connection.scalar(text("SHOW server_version"))).split()[0]


def run_tool(
    database: Database, command: list[str], arguments: list[str], output: IO[bytes]
) -> None:
    """Run a PostgreSQL tool on the database. Raises BackupError with what it says.

    The password goes through the environment, since arguments can be seen by every user. Files that
    the tool makes can be read by their owner alone, from their first byte.
    """
    target, env = connection_for_tools(database)
    ran = subprocess.run(  # noqa: S603 - our own arguments
        [*command, *arguments, f"--dbname={target}"],
        env=env,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        umask=0o077,
    )
    if ran.returncode:
        raise BackupError(f"{Path(command[0]).name} failed: {first_line(ran.stderr)}")


def refuse_pooler(database: Database) -> None:
    """Raise BackupError if there is a pooler before the server."""
    if database.has_pooler:
        raise BackupError(
            "The tools of PostgreSQL change their session, which a pooler then gives to the site: "
            "run this with LEARN_POOLER=no and the server's own address in DATABASE_URL."
        )


def connection_for_tools(database: Database) -> tuple[str, dict[str, str]]:
    """Return how a PostgreSQL tool reaches the database: a connection string, and environment.

    Raises BackupError for a secret that can't go through the environment.
    """
    _, parameters = database.engine.dialect.create_connect_args(database.url)
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    options = {name: value for name, value in parameters.items() if name in known}
    env = os.environ | {"LC_ALL": "C"}
    if "sslpassword" in options:
        raise BackupError(
            "DATABASE_URL has sslpassword, which every user of this machine could read while the "
            "tools of PostgreSQL run: use a key without one, in a file that is 0600."
        )
    if password := options.pop("password", None):
        env["PGPASSWORD"] = str(password)
    return make_conninfo(**options), env


def first_line(message: str) -> str:
    """Return the first line of a message that says something, without the name of the tool."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    line = next((one for one in lines if "error:" in one), lines[0] if lines else "no reason given")
    return re.sub(r"^(pg_\w+|psql)(:\S+)?: (error: )?", "", line).removesuffix(".") + "."


def _describe(connection: Connection) -> DumpInfo:
    names = connection.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    )
    tables = [*names]
    if not {"alembic_version", "account", "item"} <= {*tables}:
        raise BackupError("There is nothing to back up: the database has no tables of Learn ALL.")
    quote = connection.dialect.identifier_preparer.quote
    rows = {
        name: int(connection.scalar(text(f"SELECT count(*) FROM {quote(name)}")) or 0)  # noqa: S608
        for name in tables
    }
    answers = connection.scalar(text("SELECT count(*) FROM item WHERE answered_at IS NOT NULL"))
    schema = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return DumpInfo(server_version(connection), str(schema), rows, int(answers or 0))
