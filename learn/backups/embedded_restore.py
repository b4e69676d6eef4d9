"""Put a copy in the place of an embedded database, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from learn import database_lock, schema, start_check
from learn.backups import embedded
from learn.backups.archive import sync
from learn.backups.errors import BackupError
from learn.backups.source import Source, extract_embedded
from learn.database import Database
from learn.engines import restrict_to_owner
from learn.schema import State

_WORK = ".restoring-"
_LOGS = ("-wal", "-shm")


@contextlib.contextmanager
def prepared(database: Database, source: Source) -> Iterator[Database]:
    """Yield the copy, checked and migrated, in a temporary folder beside the database.

    The site can't be started inside this context. Raises BackupError if the site runs.
    """
    file = _file_of(database)
    with database_lock.try_exclusive(database) as is_alone:
        if not is_alone:
            raise BackupError("The site is running, or another command. Stop it first.")
        for left in file.parent.glob(f"{_WORK}*"):  # by a restore that was killed
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=_WORK, dir=file.parent) as folder:
            copy = Path(folder) / file.name
            restrict_to_owner(copy)
            extract_embedded(source, copy)
            restored = Database(f"sqlite:///{copy}")
            try:
                if schema.state(restored) is not State.CURRENT:
                    schema.upgrade(restored)
                yield restored
            finally:
                restored.dispose()


def is_occupied(database: Database) -> bool:
    """Return whether there is a database with anything of anybody in it."""
    file = _file_of(database)
    if not file.exists() or not file.stat().st_size:
        return False
    return has_foreign_log(database) or not embedded.is_empty(file)


def has_foreign_log(database: Database) -> bool:
    """Return whether the log is another database's: to open the database would combine the two."""
    return start_check.is_foreign_log(database, database_lock.recorded_marks(database))


def take_place(restored: Database, database: Database, aside: Path | None) -> None:
    """Replace the database by the restored one; it is kept at `aside`, if that is given.

    At each moment, the one or the other is in place, and never one with the log of the other.
    Raises BackupError.
    """
    restored.shut_down()
    copy, file = _file_of(restored), _file_of(database)
    if _with_log(copy, "-wal").exists():
        raise BackupError("The copy could not be finished. Nothing was changed.")
    sync(copy)
    if not has_foreign_log(database):
        close_log(file)
    if aside is not None:
        for end in ("", *_LOGS):
            with contextlib.suppress(FileNotFoundError):
                os.link(_with_log(file, end), _with_log(aside, end))
    for end in _LOGS:
        _with_log(file, end).unlink(missing_ok=True)
    copy.replace(file)
    database_lock.record_clean_close(database)
    sync(file.parent)


def close_log(file: Path) -> None:
    """Write the log into a database that gives way to another, if it isn't damaged.

    Raises BackupError if another program uses the database.
    """
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as before:
            is_busy, *_ = before.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError as error:
        is_busy = "locked" in str(error)
    if is_busy:
        raise BackupError(
            "Another program uses the database, such as Litestream. Stop it first; "
            "nothing was changed."
        )


def aside_name(database: Database, now: datetime) -> Path:
    """Return where the database before is kept; it is deleted like a copy made by an upgrade."""
    return schema.copy_name(_file_of(database), "restore", now)


def _with_log(file: Path, end: str) -> Path:
    return file.with_name(f"{file.name}{end}")


def _file_of(database: Database) -> Path:
    if database.file is None:
        raise BackupError("A database in memory can't be restored.")
    return database.file
