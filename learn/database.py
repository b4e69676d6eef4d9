"""The database: sessions for reading, and write transactions.

On SQLite, a write transaction first takes a lock on a file beside the database, so that writers
queue. SQLite's own waiting polls, and starves some writers (docs/decisions/storage-and-speed.md).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Engine, ExceptionContext
from sqlalchemy.orm import Session

from learn import deadlines, engines, metrics, objective_ids
from learn.breaker import Breaker, DatabaseAwayError, OutageScope, outage_scope, reason_of
from learn.engines import COMMAND_LIMITS, FLEETING, WRITES, Limits, file_of
from learn.file_lock import FileLock

_SLOW_FOR = 1.0  # seconds in which pages that can do without the database don't wait again
_CHECKPOINT_TIMEOUT = 2.0  # seconds; a backup process may hold the WAL

_LOST_RACES = frozenset({"40P01", "40001"})  # deadlock, serialization failure

Insert = sqlite.Insert | postgresql.Insert

DIALECT_INSERTS: Mapping[str, Callable[[Table], Insert]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)
"""The INSERT statement of each database, by dialect name; both offer the same ON CONFLICT."""


def dialect_insert(session: Session, table: Table) -> Insert:
    """Return an INSERT into `table` with the ON CONFLICT of the session's database."""
    return DIALECT_INSERTS[session.get_bind().dialect.name](table)


def refresh_statistics(session: Session) -> None:
    """Let PostgreSQL plan for rows that were just added; it looks by itself a minute later."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


def has_lost_race(error: BaseException) -> bool:
    """Return whether PostgreSQL ended the transaction for another one: it can be done again."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _LOST_RACES


class Database:
    """An engine, with sessions for reading and transactions for writing.

    `limits` are its timeouts. With a breaker, which a site has, all uses of the database raise
    DatabaseAwayError immediately during an outage, and a SQLite file that is lost is never created
    again.

    `merged_objectives` are the current ids of merged objectives by old id (`learn.objective_ids`).
    """

    def __init__(
        self, url: str, limits: Limits = COMMAND_LIMITS, *, has_breaker: bool = False
    ) -> None:
        self.url, self.has_pooler = engines.split_pooler(engines.with_driver(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.breaker = Breaker(self._probe)
        self.merged_objectives: Mapping[str, str] = MappingProxyType({})
        self._limits = limits
        self._slow_until = 0.0
        self._test_connection: Connection | None = None
        self.engine = engines.make(
            self.url, limits, must_exist=has_breaker, has_pooler=self.has_pooler
        )
        if has_breaker:
            engines.on_error(self.engine, self._note_error)
        self._writer = self.engine.execution_options(**{WRITES: True})
        self._fleeting = self.engine.execution_options(**{WRITES: True, FLEETING: True})
        self._writer_lock = FileLock(_lock_file(self.url)) if self.is_sqlite else None

    @property
    def address(self) -> str:
        """Return the address for messages: without password and options, which may have secrets."""
        plain = self.url.set(drivername=self.url.get_backend_name(), query={})
        return plain.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """SQLite file; None on PostgreSQL and in memory."""
        return file_of(self.url) if self.is_sqlite else None

    def read_session(self) -> Session:
        """Return a session for reading; the caller closes it. May raise DatabaseAwayError."""
        self._check(OutageScope.ALL)
        return self._session(self.engine)

    @contextlib.contextmanager
    def transaction(
        self, reader: Session | None = None, *, is_fleeting: bool = False
    ) -> Iterator[Session]:
        """Yield a session that commits at the end of the block, or rolls back on an exception.

        `reader` is a read session that is no longer needed: it is closed first. On PostgreSQL its
        transaction is continued instead, which saves the round trips of a new one.

        What is fleeting survives a crash of the site, and on SQLite perhaps not a power cut: it
        doesn't wait for the disk. Nothing else is at risk.

        Raises DatabaseAwayError, also if the write lock isn't acquired in time.
        """
        self._check(OutageScope.WRITES)
        if reader is not None and not self.is_sqlite:
            with reader as session:
                session.expunge_all()
                yield session
                session.commit()
            return
        if reader is not None:
            reader.close()
        writer = self._fleeting if is_fleeting else self._writer
        with self._write_lock(), self._session(writer) as session, session.begin():
            yield session

    def hold_writers(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which no other process writes; on PostgreSQL, it does nothing."""
        return self._write_lock()

    def use_connection(self, connection: Connection | None) -> None:
        """Run every session on `connection`, inside its transaction (for tests); None undoes it."""
        self._test_connection = connection

    def shut_down(self) -> None:
        """Close all connections when the server exits.

        On SQLite, checkpoint the WAL, so that the database file alone is complete. If another
        process still uses the database, the WAL stays.
        """
        self.dispose()
        self.checkpoint()

    def checkpoint(self) -> None:
        """Write the WAL into the database file and empty it, unless somebody reads for too long.

        Without a WAL, as on PostgreSQL, do nothing.
        """
        if self.file is None or not self.file.exists():
            return
        with contextlib.suppress(sqlite3.Error):
            raw = sqlite3.connect(self.file, timeout=_CHECKPOINT_TIMEOUT)
            with contextlib.closing(raw):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def dispose(self) -> None:
        """Close all pooled connections, as before a fork; no probe opens another one."""
        self.breaker.stop()
        self.engine.dispose()

    def _check(self, scope: OutageScope) -> None:
        """Raise DatabaseAwayError if the database is away, or was too slow for such a page."""
        self.breaker.check(scope)
        if self._slow_until and deadlines.is_limited() and monotonic() < self._slow_until:
            raise DatabaseAwayError("it was too slow for this page a moment ago")

    def _note_short_wait(self) -> None:
        """Let pages that work without the database do so for a moment, and probe it."""
        self._slow_until = monotonic() + _SLOW_FOR
        self.breaker.suspect()

    @contextlib.contextmanager
    def _write_lock(self) -> Iterator[None]:
        """Hold the lock for writing to SQLite. Raises DatabaseAwayError if it takes too long."""
        if self._writer_lock is None:
            yield
            return
        wait = deadlines.remaining(self._limits.lock)
        try:
            is_ours = self._writer_lock.acquire(wait)
            reason = "another process has been writing for too long"
        except OSError as error:
            is_ours, reason = False, f"{error.strerror}: {error.filename}"
        if not is_ours:
            if wait < self._limits.lock:
                self._note_short_wait()
            else:
                self.breaker.open(OutageScope.WRITES, reason)
            raise DatabaseAwayError(reason)
        try:
            yield
        finally:
            self._writer_lock.release()

    def _note_error(self, context: ExceptionContext) -> None:
        """Open the breaker if an error means that the database is away."""
        error = context.sqlalchemy_exception or context.original_exception
        scope = outage_scope(error)
        if scope is None:
            return
        if meter := metrics.meter():
            meter.database_error(scope.name.lower())
        if isinstance(context.original_exception, deadlines.DeadlineError):
            context.is_disconnect = True
            self._note_short_wait()
            return
        if scope is not OutageScope.STATEMENT:
            context.is_disconnect = True  # open the file again, or look for the new primary
            if context.connection is None:
                scope = OutageScope.ALL
            elif self.is_sqlite:
                scope = OutageScope.WRITES if _writes(context.connection) else OutageScope.ALL
        self.breaker.open(scope, reason_of(error))

    def _probe(self, scope: OutageScope) -> None:
        """Raise an exception if the database can't be read, or can't be written."""
        if scope is OutageScope.ALL:
            with self._session(self.engine) as session:
                session.execute(text("SELECT version_num FROM alembic_version"))
        elif self.is_sqlite:
            with self._write_lock(), self._session(self._writer) as session, session.begin():
                version = session.scalar(text("PRAGMA user_version"))
                # Writes to the file, although the value stays the same.
                session.execute(text(f"PRAGMA user_version = {version}"))
        else:
            with self._session(self.engine) as session:
                if session.scalar(text("SHOW transaction_read_only")) == "on":
                    session.invalidate()  # another connection may find another server
                    raise DatabaseAwayError("it is read-only")

    def _session(self, engine: Engine) -> Session:
        info = {objective_ids.INFO: self.merged_objectives}
        if self._test_connection is not None:
            return Session(
                self._test_connection,
                expire_on_commit=False,
                join_transaction_mode="create_savepoint",
                info=info,
            )
        return Session(engine, expire_on_commit=False, info=info)


def _writes(connection: Connection | None) -> bool:
    return connection is not None and connection.get_execution_options().get(WRITES, False)


def _lock_file(url: URL) -> Path | None:
    file = file_of(url)
    return file.with_suffix(".gate") if file else None
