"""A shared lock that each process takes while it uses an embedded database.

A restore or a move takes it exclusively. It is released when the process ends; forked workers share
it. The locked file also records whether the database was closed cleanly: while it is in use, the
file has the marks that the database may have, and after a clean end it is empty.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from learn import schema, start_check
from learn.database import Database
from learn.schema import SchemaError, State

_MAX_LENGTH = 100  # bytes
_TRIES, _BETWEEN = 20, 0.1  # seconds


class DatabaseLock:
    """The shared lock, held until `release`, or until nothing refers to it."""

    def __init__(self, database: Database) -> None:
        """Hold the lock with all others that use the database; the first one checks it.

        Raises SchemaError if it can't be used, or if a restore is under way.
        """
        self._database = database
        self._handle = _open(database)
        if self._handle is None:
            return
        self._close = weakref.finalize(self, os.close, self._handle)
        try:
            with database.hold_writers():  # one start at a time
                if _lock(self._handle, fcntl.LOCK_EX):
                    self._check(self._handle)
                _share(self._handle)
        except BaseException:
            self._close()
            raise

    def release(self) -> None:
        """Give it back; the last one notes that the database was closed as it should be."""
        if self._handle is None or not self._close.alive:
            return
        if _lock(self._handle, fcntl.LOCK_EX) and not start_check.has_log(self._database):
            os.ftruncate(self._handle, 0)
        self._close()

    def _check(self, handle: int) -> None:
        noted = os.pread(handle, _MAX_LENGTH, 0).decode("ascii", errors="replace").split()
        start_check.check(self._database, noted)
        if schema.state(self._database) in {State.NEWER, State.UNFINISHED}:  # it is left alone
            return
        new, before = start_check.new_mark(), start_check.mark_of(self._database)
        _note(handle, before, new)
        start_check.try_to_write(self._database, new)
        if start_check.mark_of(self._database) == new:  # it is in the file itself, not in its log
            _note(handle, new)


def _note(handle: int, *marks: int) -> None:
    """Write the marks that the database may bear from now on."""
    text = " ".join(map(str, marks)) + "\n"
    os.ftruncate(handle, os.pwrite(handle, text.encode(), 0))
    os.fsync(handle)


def _share(handle: int) -> None:
    """Share the lock. Who is just ending has it alone for a moment."""
    for _ in range(_TRIES):
        if _lock(handle, fcntl.LOCK_SH):
            return
        time.sleep(_BETWEEN)
    raise SchemaError("The database is being restored or moved: try again in a moment.")


@contextlib.contextmanager
def try_exclusive(database: Database) -> Iterator[bool]:
    """Yield whether the database is used by no other process, and lock it if so."""
    handle = _open(database)
    try:
        yield handle is None or _lock(handle, fcntl.LOCK_EX)
    finally:
        if handle is not None:
            os.close(handle)


def record_clean_close(database: Database) -> None:
    """Note that the database is another one now, which was closed as it should be."""
    with contextlib.suppress(OSError):
        handle = os.open(_file(database), os.O_WRONLY | os.O_NOFOLLOW)
        try:
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)


def recorded_marks(database: Database) -> list[str]:
    """Return what the file says."""
    try:
        return _file(database).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []


def _file(database: Database) -> Path:
    if database.file is None:
        raise AssertionError("not embedded")
    return database.file.with_suffix(".in-use")


def _open(database: Database) -> int | None:
    """Open the file that is locked; return None if there is none. Raises SchemaError."""
    if database.file is None:
        return None
    file = _file(database)
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise SchemaError(f"The database can't be opened: {file}: {error.strerror}.") from error


def _lock(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
