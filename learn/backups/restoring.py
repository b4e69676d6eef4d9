"""Restore a backup."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from learn import deletions, schema, sign_in_sessions
from learn.backups import (
    archive,
    embedded,
    embedded_restore,
    making,
    manifest,
    server,
    server_restore,
    source,
)
from learn.backups.errors import BackupError
from learn.backups.source import Source
from learn.config import Settings
from learn.database import Database
from learn.deletions import Deletions
from learn.schema import State

_KEY = "secret_key"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `aside` is the copy of the database before, if it had anything."""

    created_at: datetime
    accounts: int
    answers: int
    deleted_again: int
    aside: Path | None
    has_key: bool = False


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the person who restores has allowed: to replace a database, and to use an old copy."""

    replace: bool = False
    old: bool = False


def restore(settings: Settings, file: Path, now: datetime, allowed: Permissions) -> Restored:
    """Restore a backup in place of the database, whole or not at all.

    Accounts that were deleted since are deleted again, by the lists in the database before, in the
    data folder, and in the backup. Raises BackupError, learn.schema.SchemaError, or
    learn.deletions.DeletionListError.
    """
    database = Database(settings.database_url)
    try:
        server.refuse_pooler(database)
        deletions.in_file(settings.data)  # before anything is made, in case it is damaged
        backup = source.open_source(file)
        if (backup.kind == manifest.SQLITE) != database.is_sqlite:
            raise BackupError(_other_kind(backup, database))
        if not allowed.old:
            source.refuse_old(backup, now)
        apply = _restore_embedded if database.is_sqlite else _restore_on_server
        return apply(database, settings, backup, now, allowed)
    except (DBAPIError, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        raise BackupError(f"The backup can't be restored: {reason}.") from error
    finally:
        database.dispose()


def _other_kind(backup: Source, database: Database) -> str:
    own = manifest.KINDS[manifest.SQLITE if database.is_sqlite else manifest.POSTGRESQL]
    return (
        f"{backup.file} is a backup of a database on {manifest.KINDS[backup.kind]}, and "
        f"DATABASE_URL names one on {own}."
    )


def _restore_embedded(
    database: Database, settings: Settings, backup: Source, now: datetime, allowed: Permissions
) -> Restored:
    with embedded_restore.prepared(database, backup) as restored:
        is_occupied = embedded_restore.is_occupied(database)
        _refuse_to_replace(database, allowed, is_occupied=is_occupied)
        _remember_deletions(database, settings.data, now)
        done = _finish(restored, settings, backup, now)
        aside = embedded_restore.aside_name(database, now) if is_occupied else None
        has_key = _restore_key(settings, backup, keep_old=is_occupied)
        embedded_restore.take_place(restored, database, aside)
    return replace(done, aside=aside, has_key=has_key)


def _restore_on_server(
    database: Database, settings: Settings, backup: Source, now: datetime, allowed: Permissions
) -> Restored:
    tables = server_restore.existing_tables(database)
    server_restore.refuse_other_tables(database, tables)
    is_occupied = server_restore.is_occupied(database, tables)
    _refuse_to_replace(database, allowed, is_occupied=is_occupied)
    aside = None
    if is_occupied:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = schema.copy_name(settings.data / "learn.zip", "restore", now)
        making.write(database, aside, now)
        database.dispose()
    _remember_deletions(database, settings.data, now)
    database.dispose()
    with _dump_of(backup) as dump:
        deleted = deletions.in_file(settings.data)
        again = server_restore.replace(database, dump, tables, deleted)
    has_key = _restore_key(settings, backup, keep_old=is_occupied)
    if schema.state(database) is not State.CURRENT:
        schema.upgrade(database)
    done = _finish(database, settings, backup, now)
    return replace(done, deleted_again=again, aside=aside, has_key=has_key)


@contextmanager
def _dump_of(backup: Source) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="learn-restore-") as folder:
        dump = Path(folder) / "learn.dump"
        if backup.about:
            archive.extract(backup.file, backup.about, dump)
        yield dump


def _refuse_to_replace(database: Database, allowed: Permissions, *, is_occupied: bool) -> None:
    if is_occupied and not allowed.replace:
        raise BackupError(
            f"The database {database.address} is in use: people have rows in it. "
            "To replace it, add --replace; it is kept aside."
        )


def _remember_deletions(database: Database, folder: Path, now: datetime) -> None:
    """Add the list of the database before to the file, as far as it can be read."""
    if database.file is not None:
        without_log = embedded_restore.has_foreign_log(database)
        deleted = embedded.deletions_in(database.file, without_log=without_log)
        deletions.add_to_file(folder, deleted, now)
        return
    try:
        with database.read_session() as session:
            listed: Deletions = deletions.in_database(session)
    except DBAPIError:  # an older schema, or none
        return
    deletions.add_to_file(folder, listed, now)


def _finish(restored: Database, settings: Settings, backup: Source, now: datetime) -> Restored:
    """Delete again what was deleted, end all sign-in sessions, and count what there is.

    Some of the sessions have ended since the backup, and nothing says which.
    """
    again = deletions.reconcile(restored, settings.data, now)
    with restored.transaction() as session:
        sign_in_sessions.end_every_session(session)
    with restored.read_session() as session:
        accounts, answers = deletions.count_rows(session)
    return Restored(backup.created_at, accounts, answers, again, None)


def _restore_key(settings: Settings, backup: Source, *, keep_old: bool) -> bool:
    """Write the keys of the backup to the data folder; return whether there are any.

    Keys of a database with accounts stay accepted, so that no cookie of theirs becomes invalid.
    """
    keys = backup.key()
    if keys is None:
        return False
    wanted = [*keys.split(), *(settings.secret_keys if keep_old else ())]
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.atomic_file(settings.data / _KEY) as written:
        written.write("".join(f"{key}\n" for key in dict.fromkeys(wanted)).encode("ascii"))
    return True
