"""A lock on an embedded database that each process shares which uses it.

A restore needs it alone. It ends with the process, however that ends; forked workers share it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

from learn.database import Database
from learn.schema import SchemaError


class InUse:
    """A hold on the lock until `release`, or until nothing refers to it."""

    def __init__(self, database: Database) -> None:
        """Hold the lock with all others that use the database.

        Raises SchemaError if a restore is under way.
        """
        self._handle = _open(database)
        if self._handle is not None:
            self.release = weakref.finalize(self, os.close, self._handle)
            if not _lock(self._handle, fcntl.LOCK_SH):
                self.release()
                raise SchemaError("The database is being restored: try again in a moment.")


@contextlib.contextmanager
def alone(database: Database) -> Iterator[bool]:
    """Yield whether nobody else uses the database; then nobody can until the end of the block."""
    handle = _open(database)
    try:
        yield handle is None or _lock(handle, fcntl.LOCK_EX)
    finally:
        if handle is not None:
            os.close(handle)


def _file(database: Database) -> Path | None:
    return database.file.with_suffix(".in-use") if database.file else None


def _open(database: Database) -> int | None:
    """Open the file that is locked. Raises SchemaError."""
    file = _file(database)
    if file is None:
        return None
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SchemaError(f"The database can't be opened: {file}: {error.strerror}.") from error


def _lock(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
