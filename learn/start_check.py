"""Check the integrity of an embedded database before it is used, and that it can be written.

Each start writes a new mark to the database, as `PRAGMA user_version`. It reveals a WAL that
belongs to another file, as after a copy was put in its place: the mark isn't one of those recorded
when the WAL was written.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from learn.breaker import DatabaseAwayError
from learn.database import Database
from learn.schema import SchemaError

_MAX = 2**31 - 1


def check(database: Database, marks: Sequence[str]) -> None:
    """Check the database; `marks` are those recorded since it was last closed cleanly.

    Raises SchemaError if it is damaged, or its log is another database's.
    """
    file = database.file
    if file is None or not _size(file):
        return
    if is_foreign_log(database, marks):
        raise SchemaError(
            f"The database {file} was replaced, but the log of the one before is still beside it: "
            f"{log_of(file).name}. Restore a backup with “learn restore”, which removes it."
        )
    if damage := _damage(file):
        raise SchemaError(
            f"The database {file} is damaged: {damage}. Restore a backup with “learn restore”."
        )


def is_foreign_log(database: Database, marks: Sequence[str]) -> bool:
    """Return whether the log beside the database was written to another one."""
    return bool(marks) and has_log(database) and str(mark_of(database)) not in marks


def has_log(database: Database) -> bool:
    """Return whether there is a log with anything in it."""
    return database.file is not None and _size(log_of(database.file)) > 0


def log_of(file: Path) -> Path:
    """Return the name of the log of a SQLite file."""
    return file.with_name(f"{file.name}-wal")


def new_mark() -> int:
    """Return a mark that no database has."""
    return secrets.randbelow(_MAX) + 1


def mark_of(database: Database) -> int:
    """Return the mark in the file itself, whatever the log says; 0 if there is none."""
    if database.file is None or not _size(database.file):
        return 0
    address = f"file:{quote(str(database.file))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as raw:
            return int(raw.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:  # what is wrong shows when it is opened
        return 0


def try_to_write(database: Database, mark: int) -> None:
    """Write the mark to the database, and the log into it. Raises SchemaError if that fails."""
    try:
        with database.transaction() as session:
            session.execute(text(f"PRAGMA user_version = {mark}"))
    except (DBAPIError, DatabaseAwayError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        raise SchemaError(f"The database {database.file} can't be written: {reason}.") from error
    database.checkpoint()


def _damage(file: Path) -> str:
    try:
        with closing(sqlite3.connect(file, timeout=15)) as raw:
            result = str(raw.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        return "" if "locked" in str(error) else str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if result == "ok" else " ".join(result.split())


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
