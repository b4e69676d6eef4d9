"""The database: one engine, sessions for reading, and one door for writing.

On SQLite a write passes a gate first: a lock on a file beside the database, which hands writers
through one by one. SQLite's own waiting polls, and lets some writers starve (see CONTRIBUTING.md).

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
        name = self.url.database if self.is_sqlite else None
        return Path(name) if name and name != ":memory:" else None

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


def _gate_file(url: URL) -> Path | None:
    if not url.database or url.database == ":memory:":
        return None
    return Path(url.database).with_suffix(".gate")


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
