"""Check a backup without touching the site."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from learn import schema
from learn.backups import archive, embedded, manifest
from learn.backups.errors import BackupError
from learn.backups.manifest import Manifest
from learn.schema import State


@dataclass(frozen=True, slots=True)
class CheckedBackup:
    """A backup that is whole, and how its schema compares to this version's."""

    about: Manifest
    state: State


def check(file: Path) -> CheckedBackup:
    """Check a backup: its digest, and the database in it as far as that is possible.

    A dump of a PostgreSQL database is checked by its digest alone. Raises BackupError.
    """
    about = archive.describe(file)
    if about.kind == manifest.SQLITE:
        with tempfile.TemporaryDirectory(prefix="learn-check-") as folder:
            copy = Path(folder) / "learn.sqlite3"
            try:
                archive.extract(file, about, copy)
            except OSError as error:
                raise BackupError(f"{folder} has no room for a copy: {error.strerror}.") from error
            verify_embedded(copy, about)
    else:
        archive.check(file, about)
    return CheckedBackup(about, schema.compare(about.schema))


def verify_embedded(copy: Path, about: Manifest) -> None:
    """Check an embedded database that was taken out of a backup. Raises BackupError."""
    if damage := embedded.find_corruption(copy):
        raise BackupError(f"The database in the backup is damaged: {damage}.")
    try:
        actual = embedded.revision_of(copy), embedded.row_counts(copy)
    except sqlite3.Error as error:
        raise BackupError(f"The database in the backup is damaged: {error}.") from error
    if actual != (about.schema, {**about.rows}):
        raise BackupError("The database in the backup isn't what its description says.")
