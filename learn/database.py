"""The database: one engine, sessions for reading, and one door for writing.

On SQLite a write passes a gate first: a lock on a file beside the database, which hands writers
through one by one. SQLite's own waiting polls, and lets some writers starve
(see docs/decisions/storage-and-speed.md).

What a statement is sent with never stands in the log: it may be what somebody wrote for themselves.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

_WRITES = "learn_writes"
_PATIENCE_AT_THE_END = 2.0  # seconds; a copying process may hold the log


class Database:
    """An engine, and how a request reads and writes with it."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._gate = _Gate(_gate_file(self.url)) if self.is_sqlite else contextlib.nullcontext()
        self._borrowed: Connection | None = None

    @property
    def file(self) -> Path | None:
        """The file of an embedded database."""
        return _file_of(self.url) if self.is_sqlite else None

    def reading(self) -> Session:
        """A session to read with; whoever asked closes it."""
        return self._session(self.engine)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """A session to write with: commits once at the end, or rolls back when something raises."""
        with self._gate, self._session(self._writer) as session, session.begin():
            yield session

    def borrow(self, connection: Connection | None) -> None:
        """Do everything on `connection`, inside its transaction (for tests); None ends that."""
        self._borrowed = connection

    def close_for_good(self) -> None:
        """Close all connections at the end of a process that serves.

        An embedded database takes what is still in its log (the WAL) into its file, so that the
        file alone is everything. Where others still use it, the log stays theirs.
        """
        self.dispose()
        if self.file is None or not self.file.exists():
            return
        with contextlib.suppress(sqlite3.Error):
            last = sqlite3.connect(self.file, timeout=_PATIENCE_AT_THE_END)
            try:
                last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                last.close()

    def dispose(self) -> None:
        """Close all connections, as before a fork."""
        self.engine.dispose()

    def _session(self, engine: Engine) -> Session:
        if self._borrowed is not None:
            return Session(
                self._borrowed, expire_on_commit=False, join_transaction_mode="create_savepoint"
            )
        return Session(engine, expire_on_commit=False)


def _with_driver(url: str) -> URL:
    found = make_url(url.replace("postgres://", "postgresql://", 1))
    if found.drivername == "postgresql":
        return found.set(drivername="postgresql+psycopg")
    return found


def _postgres_engine(url: URL) -> Engine:
    return create_engine(url, pool_size=4, max_overflow=4, pool_pre_ping=True, hide_parameters=True)


def _sqlite_engine(url: URL) -> Engine:
    arguments = {"check_same_thread": False, "timeout": 15}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True)

    file = _file_of(url)

    @event.listens_for(engine, "do_connect")
    def _keep_it_private(*_: Any) -> None:
        if file is not None:
            keep_private(file)

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = None  # we begin transactions ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an answer that was acknowledged survives a power cut
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def keep_private(file: Path) -> None:
    """Make sure that only the owner may read a database's file and its log; make it if need be.

    What can't be changed stays as it is: whoever opens it next says what is wrong. A file that is
    there is never opened here: to close it would end the locks that SQLite holds in this process.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for path in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        with contextlib.suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)


def _file_of(url: URL) -> Path | None:
    return Path(url.database) if url.database and url.database != ":memory:" else None


def _gate_file(url: URL) -> Path | None:
    file = _file_of(url)
    return file.with_suffix(".gate") if file else None


class _Gate:
    """One writer at a time: among the threads of this process, and among processes."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._handle: int | None = None
        self._owner = 0
        self._depth = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1
        if self._file is not None and self._depth == 1:
            if self._handle is None or self._owner != os.getpid():
                # A handle inherited through a fork would share its lock with the parent.
                self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
                self._owner = os.getpid()
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._handle is not None and self._depth == 0:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        self._lock.release()
