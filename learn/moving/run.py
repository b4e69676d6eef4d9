"""Move a site: copy every row, compare both databases, and only then let the new one be served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from learn import database_lock, schema
from learn.backups import embedded_restore
from learn.breaker import DatabaseAwayError
from learn.config import Settings
from learn.database import Database
from learn.moving import note, progress, rows, source, target
from learn.moving.errors import MoveError, TargetRefusedError, reason_of
from learn.moving.note import MoveNote
from learn.moving.progress import Copied
from learn.moving.rows import Row, StoredTable, Sum
from learn.schema import State

_AGAIN = "Run the same command again: it goes on where it was."


class Watcher(Protocol):
    """The one that is told how far a move is."""

    def begin(self, phase: str, rows: int) -> None:
        """Hear that a phase begins, in which so many rows are read."""

    def advance(self, table: str, rows: int) -> None:
        """Hear that more rows of a table were read."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether to begin `again` where a move stopped, and how many rows to move at a time."""

    again: bool = False
    batch: int = rows.BATCH


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `aside` is the embedded database before, which is kept for a while.

    `cleaned` is the number of rows with characters that PostgreSQL can't store.
    """

    address: str
    aside: Path | None
    rows: int = 0
    accounts: int = 0
    cleaned: int = 0
    was_resumed: bool = False
    was_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Move:
    """The two databases, and the tables."""

    source: Database
    target: Database
    tables: list[StoredTable]
    watcher: Watcher

    def storable(self, table: StoredTable, read: Sequence[Sequence[Any]]) -> list[Row]:
        """Return rows of the source as the target can store them."""
        if self.target.is_sqlite:
            return [tuple(row) for row in read]
        return [table.storable(row) for row in read]


def move(
    settings: Settings,
    url: str,
    now: datetime,
    watcher: Watcher,
    manner: Manner = Manner(),
) -> Moved:
    """Move everything from the database of the settings to the one at `url`.

    Raises MoveError, learn.schema.SchemaError, or learn.backups.errors.BackupError.
    """
    to = target.at(url)
    database = Database(settings.database_url)
    work = _Move(database, to, rows.all_tables(manner.batch), watcher)
    about = MoveNote(note.identity(database.url), note.identity(to.url), to.address)
    with ExitStack() as stack:
        stack.callback(database.dispose)
        stack.callback(to.dispose)
        stack.enter_context(_calm_errors())
        if note.read(settings.data) == about and _was_finished(to):
            return Moved(to.address, _set_aside(database, now), was_whole=True)
        if about.source == about.target:
            raise TargetRefusedError("--to names the database that DATABASE_URL names.")
        stack.enter_context(source.alone(database))
        stack.enter_context(target.alone(to))
        done = _carry_out(work, settings.data, about, again=manner.again)
        database.dispose()
        return Moved(to.address, _set_aside(database, now), *done)


@contextmanager
def _calm_errors() -> Iterator[None]:
    """Turn what databases and disks say into one line; say how to go on, if that is possible."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, DatabaseAwayError, psycopg.Error, OSError) as error:
        raise MoveError(f"The move stopped: {reason_of(error)}. {_AGAIN}") from error
    except KeyboardInterrupt:
        raise MoveError(f"Stopped. {_AGAIN}") from None


def _was_finished(to: Database) -> bool:
    return schema.state(to) is State.CURRENT


def _carry_out(
    work: _Move, folder: Path, about: MoveNote, *, again: bool
) -> tuple[int, int, int, bool]:
    """Copy, compare, and let the target be served; return what there is to say."""
    with source.reading(work.source, work.tables) as connection:
        was_begun = target.prepare(work.target, about.source, work.tables, again=again)
        _copy(work, connection)
        cleaned = _compare(work, connection)
        accounts = next(t.count(connection) for t in work.tables if t.name == "account")
        total = sum(copied.sum.rows for copied in _progress(work).values())
        note.write(folder, about)  # before the target can be served: never both of them
        target.finish(work.target)
    return total, accounts, cleaned, was_begun


def _progress(work: _Move) -> dict[str, Copied]:
    with work.target.engine.connect() as connection:
        return progress.read(connection)


def _copy(work: _Move, connection: Connection) -> None:
    done = _progress(work)
    work.watcher.begin("Copying", sum(table.count(connection) for table in work.tables))
    for table in work.tables:
        before = done[table.name]
        if before.sum.rows:
            work.watcher.advance(table.name, before.sum.rows)
        for read in table.read(connection, before.key):
            batch = work.storable(table, read)
            total = before.sum.plus(map(table.comparable, batch))
            after = Copied(table.key_of(read[-1]), total)
            with work.target.transaction() as session:
                target.write(session.connection(), table, batch)
                progress.advance(session.connection(), table.name, before, after)
            before = after
            work.watcher.advance(table.name, len(read))


def _compare(work: _Move, connection: Connection) -> int:
    """Read both databases again and compare them; return how many rows had to be cleaned.

    Raises MoveError if they aren't the same.
    """
    done = _progress(work)
    cleaned = 0
    work.watcher.begin("Checking", 2 * sum(copied.sum.rows for copied in done.values()))
    with target.reading(work.target) as there:
        for table in work.tables:
            here = Sum()
            for read in table.read_all(connection):
                batch = work.storable(table, read)
                cleaned += sum(new != tuple(row) for new, row in zip(batch, read, strict=True))
                here = here.plus(map(table.comparable, batch))
                work.watcher.advance(table.name, len(read))
            if here != done[table.name].sum:
                raise MoveError(
                    f"The database changed while it was moved, in {table.name}, so "
                    f"{work.target.address} can't be used. Begin again with --again."
                )
            arrived = Sum()
            for read in table.read_all(there):
                arrived = arrived.plus(map(table.comparable, read))
                work.watcher.advance(table.name, len(read))
            if arrived != here:
                raise MoveError(
                    f"{table.name} in {work.target.address} isn't what was written there, so it "
                    "can't be used. Begin again with --again."
                )
    return cleaned


def _set_aside(database: Database, now: datetime) -> Path | None:
    """Rename an embedded database that was moved; return its new name.

    It is deleted after 30 days, as each copy of what people can delete.
    """
    file = database.file
    if file is None or not file.exists():
        return None
    aside = schema.copy_name(file, "move", now)
    embedded_restore.close_log(file)
    file.rename(aside)
    database_lock.record_clean_close(database)
    return aside
