"""What is restored: a backup, or a plain copy of an embedded database, such as an upgrade makes."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from learn import schema
from learn.backups import archive, checking, embedded, manifest
from learn.backups.errors import BackupError
from learn.backups.manifest import Manifest
from learn.deletions import LIFETIME
from learn.schema import State

_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to restore; `about` is None for a plain copy of an embedded database."""

    file: Path
    kind: str
    created_at: datetime
    about: Manifest | None

    def key(self) -> str | None:
        """Return the secret keys in the backup, if they are there."""
        return archive.key_in(self.file) if self.about and self.about.has_key else None


def open_source(file: Path) -> Source:
    """Return what the file is. Raises BackupError if it can't be restored."""
    try:
        with file.open("rb") as raw:
            begins = raw.read(len(_MAGIC))
    except OSError as error:
        raise BackupError(f"{file} can't be read: {error.strerror}.") from error
    if begins == _MAGIC:
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Source(file, manifest.SQLITE, changed, None)
    about = archive.describe(file)
    refuse_newer(about.schema)
    return Source(file, about.kind, about.created_at, about)


def refuse_old(source: Source, now: datetime) -> None:
    """Raise BackupError for a copy that is older than the list of deleted accounts reaches back."""
    if now - source.created_at > LIFETIME:
        raise BackupError(
            f"{source.file} is more than {LIFETIME.days} days old, so people who have deleted "
            "their data since could come back. To restore it all the same, add --old."
        )


def refuse_newer(revision: str) -> None:
    """Raise BackupError for a schema that this version doesn't know, or rows that aren't all."""
    if schema.compare(revision) is State.UNFINISHED:
        raise BackupError("The copy isn't whole: a move into its database wasn't finished.")
    if schema.compare(revision) in {State.NEWER, State.AHEAD}:
        raise BackupError(
            f"The backup was made by a newer version of Learn ALL (schema {revision}; this version "
            f"knows {schema.head()}). Install that version first."
        )


def extract_embedded(source: Source, target: Path) -> None:
    """Write the embedded database to `target`, and check it. Raises BackupError."""
    try:
        if source.about:
            archive.extract(source.file, source.about, target)
            checking.verify_embedded(target, source.about)
            return
        shutil.copyfile(source.file, target)
        log = source.file.with_name(f"{source.file.name}-wal")
        if log.exists():
            shutil.copyfile(log, target.with_name(f"{target.name}-wal"))
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error.strerror}.") from error
    try:
        if damage := embedded.find_corruption(target):
            raise BackupError(f"{source.file} is damaged: {damage}.")
        revision = embedded.revision_of(target)
    except sqlite3.Error as error:
        raise BackupError(f"{source.file} is damaged: {error}.") from error
    if not revision:
        raise BackupError(f"{source.file} is a database of another program.")
    refuse_newer(revision)
