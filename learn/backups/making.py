"""Make a backup."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from learn import schema
from learn.backups import archive, embedded, manifest, server
from learn.backups.errors import BackupError
from learn.backups.manifest import Manifest
from learn.database import Database
from learn.schema import State


def back_up(
    database: Database,
    target: Path,
    now: datetime,
    *,
    key: str | None = None,
    replace: bool = False,
) -> Manifest:
    """Back up the database to the file `target`, while the site runs; return what is in it.

    An existing file is replaced only if `replace` says so, and only by a whole backup. Secret
    keys are in it if they are given, a line each.
    Raises BackupError or learn.schema.SchemaError.
    """
    if target.exists() and not replace:
        raise BackupError(f"{target} is there already. To replace it, add --replace.")
    _refuse_unusable(database)
    about = write(database, target, now, key=key)
    if database.file is not None:
        embedded.empty_log(database.file)
    return about


def write(database: Database, target: Path, now: datetime, *, key: str | None = None) -> Manifest:
    """Write a backup of whatever the database is. Raises BackupError."""
    with archive.private_folder(target) as folder, archive.atomic_file(target) as written:
        path = folder / "copy"
        with archive.create(path) as copy:
            about = _copy(database, path, copy, now, has_key=key is not None)
            archive.write(written, about, copy, key)
    return about


def _refuse_unusable(database: Database) -> None:
    """Raise BackupError if the database isn't ours, before a file is made."""
    server.refuse_pooler(database)
    if database.file is not None and not database.file.exists():
        raise BackupError(f"There is nothing to back up: {database.file} doesn't exist.")
    match schema.state(database):
        case State.EMPTY:
            raise BackupError("There is nothing to back up: the database is empty.")
        case State.NEWER:
            raise BackupError(
                "The database was made by a newer version of Learn ALL. Use that version."
            )
        case State.UNFINISHED:
            raise BackupError("There is nothing to back up: a move into it isn't finished.")
        case _:
            pass


def _copy(
    database: Database, path: Path, copy: IO[bytes], now: datetime, *, has_key: bool
) -> Manifest:
    """Copy the database to the file `copy`, which is at `path`."""
    if database.file is None:
        dump = server.dump(database, copy)
        kind = manifest.POSTGRESQL
    else:
        dump = _copy_embedded(database.file, path)
        kind = manifest.SQLITE
    digest, size = archive.digest_of(copy)
    return Manifest(
        product=version("learn-all"),
        created_at=now,
        kind=kind,
        schema=dump.schema,
        digest=digest,
        size=size,
        answers=dump.answers,
        rows=dump.rows,
        has_key=has_key,
        server=dump.server,
    )


def _copy_embedded(file: Path, copy: Path) -> server.DumpInfo:
    try:
        embedded.copy_database(file, copy)
        if damage := embedded.find_corruption(copy):
            raise BackupError(
                f"The database {file} is damaged: {damage}. No backup was made; "
                "restore an earlier one with “learn restore”."
            )
        rows, answers = embedded.row_counts(copy), embedded.answer_count(copy)
        return server.DumpInfo("", embedded.revision_of(copy), rows, answers)
    except sqlite3.Error as error:
        raise BackupError(f"{file} can't be copied to {copy.parent}: {error}.") from error
