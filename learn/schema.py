"""Compare the database with this version's schema, and migrate it.

A version may run, and start again, on the schema of a later one if all migrations in between only
add. The id of such a migration says so: after `0014from0012`, whatever knows 0012 can run. After
0015, which says nothing, only versions that know it can.
"""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from learn.config.files import BESIDE_OURS
from learn.database import Database
from learn.engines import restrict_to_owner
from learn.paths import MIGRATIONS

_MAX_BACKUPS = 5
_BACKUP_LIFETIME = timedelta(days=30)  # “Your privacy” says so
_UNFINISHED = (".restoring-*", ".*.zip.*.copy", ".*.zip.*.part")
_STAMP = "%Y%m%dT%H%M%S%f"
_REVISION = re.compile(r"(\d{4})(?:from(\d{4}))?")
_AHEAD = (
    "The database is at schema %s, which a newer version of Learn ALL made; this one, with %s, can "
    "run on it."
)
_log = logging.getLogger("learn")

_WAIT_FOR_OTHERS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    "SELECT pg_advisory_xact_lock(7205759403792)",  # any number that is always the same
)


UNFINISHED_MOVE = "unfinished-move"
"""Recorded in place of a migration while a move is under way: no version serves the database."""


class SchemaError(Exception):
    """The database can't be used; the message is one line that says what to do."""


class State(Enum):
    """How the database compares to this version's schema."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    AHEAD = "ahead"
    """A newer version has only added to it: this version can run on it."""

    NEWER = "newer"
    UNFINISHED = "unfinished"


def head() -> str:
    """Return the newest migration of this version."""
    return (MIGRATIONS / ".current-alembic-head").read_text(encoding="ascii").strip()


def state(database: Database) -> State:
    """Return the state of the database. Raises SchemaError if it can't be opened, or isn't ours."""
    try:
        with database.engine.connect() as connection:
            names = {*inspect(connection).get_table_names()}
            if "alembic_version" in names:
                revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
                is_ours = "account" in names or revision is None or compare(revision) is State.NEWER
            else:
                revision, is_ours = None, all(name.startswith(BESIDE_OURS) for name in names)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SchemaError(f"The database {database.address} can't be opened: {reason}") from error
    if not is_ours:
        raise SchemaError(
            f"The database {database.address} belongs to another program: it has other tables. "
            "Name one of its own in DATABASE_URL."
        )
    return State.EMPTY if revision is None else compare(revision)


def compare(migration: str) -> State:
    """Return how a database at `migration` compares to this version's schema."""
    own = head()
    if migration == own:
        return State.CURRENT
    if migration == UNFINISHED_MOVE:
        return State.UNFINISHED
    known = {path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}
    if migration in known:
        return State.OLDER
    number, oldest = numbers(migration)
    return State.AHEAD if oldest <= numbers(own)[0] < number else State.NEWER


def numbers(migration: str) -> tuple[str, str]:
    """Return the number of a migration, and that of the oldest schema whose versions can run on it.

    Both are the highest there is for an id that isn't one of ours.
    """
    match = _REVISION.fullmatch(migration)
    if match is None:
        return "9999", "9999"
    return match.group(1), match.group(2) or match.group(1)


def revision_of(database: Database) -> str:
    """Return the id of the database's newest migration; "" if it has none."""
    with database.engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def upgrade(database: Database) -> None:
    """Migrate the database to the newest migration.

    Only one process does so at a time; the others wait, and then find nothing to do.
    """
    with database.transaction() as session:
        upgrade_within(session.connection())


def upgrade_within(connection: Connection) -> None:
    """Migrate the database in a transaction that the caller has begun."""
    from alembic import command  # noqa: PLC0415 - slow, and only needed when something changes
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name != "sqlite":  # on SQLite, the transaction holds the gate
        for statement in _WAIT_FOR_OTHERS:
            connection.execute(text(statement))
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    command.upgrade(config, "head")


def ensure_current(database: Database, now: datetime) -> None:
    """Make the database current: an embedded one is backed up and migrated.

    Raises SchemaError if it can't be opened, is newer than this version, or is on PostgreSQL and
    has to be migrated by command.
    """
    current = state(database)
    delete_expired_copies(database.file, now)
    match current:
        case State.CURRENT:
            return
        case State.AHEAD:
            _log.info(_AHEAD, revision_of(database), head())
            return
        case State.OLDER if not database.is_sqlite:
            raise SchemaError("The database is on an older schema. Run “learn migrate” first.")
        case State.EMPTY if not database.is_sqlite:
            raise SchemaError("The database is empty. Run “learn migrate” first.")
    migrate(database, now)


def migrate(database: Database, now: datetime) -> Path | None:
    """Migrate the database, whatever it is; return the backup of an embedded one that was older.

    Any number of processes may do this at once. Raises SchemaError.
    """
    copy = None
    with database.hold_writers():
        match state(database):
            case State.CURRENT | State.AHEAD:  # another process was faster
                return None
            case State.NEWER:
                raise SchemaError(
                    "The database was made by a newer version of Learn ALL. "
                    "Install that version, or restore the copy made before the upgrade."
                )
            case State.UNFINISHED:
                raise SchemaError(
                    f"A move into the database {database.address} isn't finished. Set DATABASE_URL "
                    "to the database that is moved, and run “learn move” again: it goes on where "
                    "it was."
                )
            case State.OLDER:
                copy = back_up(database, now)
        upgrade(database)
    return copy


def delete_expired_copies(file: Path | None, now: datetime) -> None:
    """Delete copies of `file` beside it that are older than the privacy page promises."""
    if file is None:
        return
    for why in ("upgrade", "restore", "move"):
        eldest = copy_name(file, why, now - _BACKUP_LIFETIME).name
        for copy in file.parent.glob(f"{file.stem}-before-{why}-*"):
            if copy.name < eldest:
                copy.unlink()
    for pattern in _UNFINISHED:  # by a command that was killed
        for left in file.parent.glob(pattern):
            if now.timestamp() - left.stat().st_mtime > _BACKUP_LIFETIME.total_seconds():
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def copy_name(file: Path, why: str, now: datetime) -> Path:
    """Return the name of a copy that is kept beside the database before it is changed or moved."""
    return file.with_name(f"{file.stem}-before-{why}-{now:{_STAMP}}{file.suffix}")


def back_up(database: Database, now: datetime) -> Path | None:
    """Back up an embedded database beside itself; return the file. Only the last few are kept.

    Raises SchemaError if there is no room for it; then no file is left.
    """
    file = database.file
    if file is None:
        return None
    copy = copy_name(file, "upgrade", now)
    temporary = copy.with_name(f".{copy.name}")
    try:
        restrict_to_owner(temporary)
        with (
            closing(sqlite3.connect(file)) as source,
            closing(sqlite3.connect(temporary)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA user_version = 0")  # no log of the source belongs to the copy
        temporary.replace(copy)
    except (sqlite3.Error, OSError) as error:
        raise SchemaError(f"{copy} can't be written: {error}. Nothing was upgraded.") from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):  # SQLite leaves them on a full disk
            temporary.with_name(f"{temporary.name}{end}").unlink(missing_ok=True)
    for old in sorted(file.parent.glob(f"{file.stem}-before-upgrade-*"))[:-_MAX_BACKUPS]:
        old.unlink()
    return copy
