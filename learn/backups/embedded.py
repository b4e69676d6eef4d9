"""Copy and inspect SQLite database files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote

from learn.deletions import parse_entry
from learn.engines import restrict_to_owner

_PAGES = 2000  # copied at a time
_TIMEOUT_SECONDS = 15.0
_MOMENT = 0.2  # seconds, during which writes wait

SYSTEM_TABLES = frozenset(
    {
        "alembic_version",
        "question_version",
        "rate_limit",
        "deletion",
        "_litestream_seq",
        "_litestream_lock",
    }
)
"""Tables that have rows before anybody has used the site."""


def copy_database(source: Path, target: Path) -> None:
    """Copy the database as it is at this moment, while others read and write it.

    The read transaction keeps that moment for all steps. Raises sqlite3.Error.
    """
    restrict_to_owner(target)
    with (
        closing(sqlite3.connect(source, timeout=_TIMEOUT_SECONDS)) as reader,
        _opened(target) as writer,
    ):
        reader.isolation_level = None
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        writer.execute("PRAGMA synchronous = OFF")  # the caller syncs what becomes of it
        reader.backup(writer, pages=_PAGES)
        writer.execute("PRAGMA journal_mode = DELETE")
        writer.execute(
            "PRAGMA user_version = 0"
        )  # it names the source's write-ahead log, which isn't copied


def empty_log(file: Path) -> None:
    """Write the write-ahead log into the database, unless it is in use.

    Deleted rows stay readable in the log until then.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(file, timeout=_MOMENT)) as here:
        here.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def revision_of(file: Path) -> str:
    """Return the migration that a database is at; empty if it isn't ours. Raises sqlite3.Error."""
    with _opened(file) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        if not {"alembic_version", "account", "item"} <= tables:
            return ""
        row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""


def row_counts(file: Path) -> dict[str, int]:
    """Return the number of rows of each table of a copy. Raises sqlite3.Error."""
    with _opened(file) as copy:
        names = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in sorted(names)
        }


def answer_count(file: Path) -> int:
    """Return the number of answers in a copy. Raises sqlite3.Error."""
    with _opened(file) as copy:
        cursor = copy.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        return int(cursor.fetchone()[0])


def find_corruption(file: Path) -> str:
    """Return what is wrong with a database, by SQLite's full check; empty if nothing is."""
    try:
        with _opened(file) as copy:
            (result,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    if result != "ok":
        return " ".join(result.split())
    return f"a row of {orphan[0]} has a dangling foreign key" if orphan else ""


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(file, timeout=_TIMEOUT_SECONDS, isolation_level=None)
    ) as connection:
        yield connection


def is_empty(file: Path) -> bool:
    """Return whether a database has no user data; one that can't be read isn't empty."""
    try:
        return not any(
            count for name, count in row_counts(file).items() if name not in SYSTEM_TABLES
        )
    except sqlite3.Error:
        return False


def deletions_in(file: Path, *, without_log: bool) -> dict[str, date]:
    """Return the list of deleted accounts in a database, as far as it can be read."""
    if not file.exists():
        return {}
    found: dict[str, date] = {}
    address = f"file:{quote(str(file))}?mode=ro{'&immutable=1' if without_log else ''}"
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(address, timeout=_TIMEOUT_SECONDS, uri=True)) as before,
    ):
        for key, day in before.execute("SELECT digest, deleted_on FROM deletion"):
            with suppress(ValueError):
                digest, deleted_on = parse_entry(f"{day} {key}".encode(errors="replace"))
                found[digest] = deleted_on
    return found
