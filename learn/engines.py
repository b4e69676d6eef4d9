"""SQLAlchemy engines for SQLite and PostgreSQL, with limits on every wait.

Statement parameters are never logged, since they may be private text.
"""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from learn.breaker import DatabaseAwayError
from learn.config.values import POOLER

WRITES = "learn_writes"
"""Execution option of connections for write transactions."""

FLEETING = "learn_fleeting"
"""Execution option of connections for write transactions that don't wait for the disk."""

_KEPT = 2  # connections, of which a request uses one at a time, and a probe another
_MORE = 6  # in tests and commands, which have threads


@dataclass(frozen=True, slots=True)
class Limits:
    """Timeouts in seconds: to connect, for a lock, for a statement, and for any reply.

    The database itself ends a statement that is too slow; `reply` is for one that says nothing.
    A transaction in which nothing happens for `idle` seconds is ended. `request` is the limit of
    all waits of a request together.
    """

    connect: float = 10
    lock: float = math.inf
    statement: float = math.inf
    reply: float = math.inf
    idle: float = math.inf
    request: float = math.inf


COMMAND_LIMITS = Limits()
PAGE_LIMITS = Limits(connect=2.5, lock=1.5, statement=3.5, reply=3.6, idle=30, request=4)


def make(url: URL, limits: Limits, *, must_exist: bool, has_pooler: bool = False) -> Engine:
    """Return an engine. A lost SQLite file that `must_exist` is never created again.

    A pooler gives each transaction another session of the server: with `has_pooler`, nothing is
    left in one. There are no prepared statements, and the pooler has to set the limits.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    arguments: dict[str, Any] = {"hide_parameters": True}
    if file_of(url) is not None or not is_sqlite:
        arguments |= {
            "pool_size": _KEPT,
            "max_overflow": _MORE,
            "pool_timeout": min(limits.connect, 30),
        }
    if is_sqlite:
        return _sqlite(url, limits, arguments, must_exist=must_exist)
    return _postgres(url, limits, arguments, has_pooler=has_pooler)


def on_error(engine: Engine, note: Callable[[ExceptionContext], None]) -> None:
    """Call `note` with each error of the driver."""
    event.listen(engine, "handle_error", note)


def with_driver(url: str) -> URL:
    """Return the URL with our driver for PostgreSQL."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def split_pooler(url: URL) -> tuple[URL, bool]:
    """Return the URL without the mark that a pooler is before the server, and whether it had it."""
    return url.difference_update_query([POOLER]), POOLER in url.query


def file_of(url: URL) -> Path | None:
    """Return the SQLite file of a URL; None in memory."""
    return Path(url.database) if url.database and url.database != ":memory:" else None


def _postgres(url: URL, limits: Limits, arguments: dict[str, Any], *, has_pooler: bool) -> Engine:
    from learn import postgres  # noqa: PLC0415 - a tenth of a start, which SQLite does without

    engine = create_engine(url, **arguments)
    settings = {} if has_pooler else _settings(limits)

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        named |= postgres.parameters(named, settings)
        if has_pooler:
            named["prepare_threshold"] = None
        return postgres.connect(args, named, limits.connect, limits.reply)

    @event.listens_for(engine, "checkout")
    def _discard_if_ended(connection: postgres.PatientConnection, *_: Any) -> None:
        if connection.is_ended():
            raise DisconnectionError

    return engine


def _settings(limits: Limits) -> dict[str, float]:
    return {
        "lock_timeout": limits.lock,
        "statement_timeout": limits.statement,
        "idle_in_transaction_session_timeout": limits.idle,
    }


def _sqlite(url: URL, limits: Limits, arguments: dict[str, Any], *, must_exist: bool) -> Engine:
    wait = min(limits.lock / 3, 15)  # writers queue for the file lock before
    connect_args = {"check_same_thread": False, "timeout": wait}
    engine = create_engine(url, connect_args=connect_args, **arguments)
    file = file_of(url)
    if file is not None:
        _watch_file(engine, file, must_exist=must_exist)

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = None  # _begin, below, starts transactions
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an answer that was acknowledged survives a power cut
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "secure_delete=ON",  # deleted content is overwritten
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(WRITES, False):
            connection.exec_driver_sql("BEGIN")
            return
        info, is_fleeting = connection.connection.info, options.get(FLEETING, False)
        if info.get(FLEETING, False) is not is_fleeting:
            info[FLEETING] = is_fleeting
            level = "NORMAL" if is_fleeting else "FULL"
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _watch_file(engine: Engine, file: Path, *, must_exist: bool) -> None:
    """Detect that the file or its WAL was moved, deleted, or replaced while it is open.

    SQLite itself would continue to write to the old file, and those writes would be lost.
    """
    name, wal = str(file), f"{file}-wal"

    @event.listens_for(engine, "do_connect")
    def _restrict_permissions(*_: Any) -> None:
        if must_exist and not file.exists():
            raise sqlite3.OperationalError("the database file is gone")
        restrict_to_owner(file)

    @event.listens_for(engine, "connect")
    def _note(_raw: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(name)

    @event.listens_for(engine, "checkout")
    def _discard_if_moved(_raw: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if record.info["file"] != _identity(name):
            raise DisconnectionError

    @event.listens_for(engine, "commit")
    def _refuse_if_moved(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES, False):
            return
        info = connection.connection.info
        same_file = info["file"] == _identity(name)
        if not same_file or info.setdefault("wal", _identity(wal)) != _identity(wal):
            connection.invalidate()
            raise DatabaseAwayError("the database file was moved or replaced")


def _identity(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - faster, and this runs for each request
    except OSError:
        return None
    return status.st_dev, status.st_ino


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
