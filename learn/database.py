"""The database: one engine, sessions for reading, and write transactions.

On SQLite, a write transaction first takes a lock on a file beside the database, so that writers
queue. SQLite's own waiting polls, and starves some writers (docs/decisions/storage-and-speed.md).

Statement parameters are never logged, since they may be private text.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

_WRITES = "learn_writes"
_CHECKPOINT_TIMEOUT = 2.0  # seconds; a backup process may hold the WAL

Insert = sqlite.Insert | postgresql.Insert

DIALECT_INSERTS: Mapping[str, Callable[[Table], Insert]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)
"""The INSERT statement of each database, by dialect name; both offer the same ON CONFLICT."""


def dialect_insert(session: Session, table: Table) -> Insert:
    """Return an INSERT into `table` with the ON CONFLICT of the session's database."""
    return DIALECT_INSERTS[session.get_bind().dialect.name](table)


class Database:
    """An engine, with sessions for reading and transactions for writing."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        self._writer_lock = (
            _WriterLock(_lock_file(self.url)) if self.is_sqlite else contextlib.nullcontext()
        )
        self._test_connection: Connection | None = None

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on PostgreSQL and in memory."""
        return _file_of(self.url) if self.is_sqlite else None

    def read_session(self) -> Session:
        """Return a session for reading; the caller closes it."""
        return self._session(self.engine)

    @contextlib.contextmanager
    def transaction(self, reader: Session | None = None) -> Iterator[Session]:
        """Yield a session that commits at the end of the block, or rolls back on an exception.

        `reader` is a read session that is no longer needed: it is closed first. On PostgreSQL its
        transaction is continued instead, which saves the round trips of a new one.
        """
        if reader is not None and not self.is_sqlite:
            with reader as session:
                session.expunge_all()
                yield session
                session.commit()
            return
        if reader is not None:
            reader.close()
        with self._writer_lock, self._session(self._writer) as session, session.begin():
            yield session

    def hold_writers(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which no other process writes; on PostgreSQL, it does nothing."""
        return self._writer_lock

    def use_connection(self, connection: Connection | None) -> None:
        """Run every session on `connection`, inside its transaction (for tests); None undoes it."""
        self._test_connection = connection

    def shut_down(self) -> None:
        """Close all connections when the server exits.

        On SQLite, checkpoint the WAL, so that the database file alone is complete. If another
        process still uses the database, the WAL stays.
        """
        self.dispose()
        if self.file is None or not self.file.exists():
            return
        with contextlib.suppress(sqlite3.Error):
            last = sqlite3.connect(self.file, timeout=_CHECKPOINT_TIMEOUT)
            try:
                last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                last.close()

    def dispose(self) -> None:
        """Close all pooled connections, as before a fork."""
        self.engine.dispose()

    def _session(self, engine: Engine) -> Session:
        if self._test_connection is not None:
            return Session(
                self._test_connection,
                expire_on_commit=False,
                join_transaction_mode="create_savepoint",
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
    def _restrict_permissions(*_: Any) -> None:
        if file is not None:
            restrict_to_owner(file)

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = None  # _begin, below, starts transactions
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


def restrict_to_owner(file: Path) -> None:
    """Restrict a SQLite file, its WAL, and its shared memory to the owner; create a missing file.

    OS errors are ignored: opening the database reports them. An existing file is never opened
    here, since closing it would release the locks that SQLite holds in this process.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    for path in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
        with contextlib.suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)


def _file_of(url: URL) -> Path | None:
    return Path(url.database) if url.database and url.database != ":memory:" else None


def _lock_file(url: URL) -> Path | None:
    file = _file_of(url)
    return file.with_suffix(".gate") if file else None


class _WriterLock:
    """A reentrant lock for one writer at a time, across threads and processes."""

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
