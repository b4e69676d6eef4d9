"""The file of a backup: a zip with a description, the copy of the database, and maybe the key."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from learn.backups import manifest
from learn.backups.errors import BackupError
from learn.backups.manifest import Manifest

_MANIFEST = "manifest.json"
_KEY = "secret_key"
_COPY = {manifest.SQLITE: "learn.sqlite3", manifest.POSTGRESQL: "learn.dump"}
_CHUNK = 1 << 20
_MAX_SMALL = 1 << 20  # bytes
_COMPRESSION = {manifest.SQLITE: 1, manifest.POSTGRESQL: 0}  # a dump is compressed already
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@contextlib.contextmanager
def private_folder(target: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `target` that nobody else can look into.

    A file in it has a name that nobody can take first. Raises BackupError if it can't be made.
    """
    try:
        folder = tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error.strerror}.") from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create(path: Path) -> IO[bytes]:
    """Make a file that is private to its owner, to write and read. Raises OSError if it is there.

    What is written goes to that file, whatever bears its name by then.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, 0o600), "w+b")


@contextlib.contextmanager
def atomic_file(target: Path) -> Iterator[IO[bytes]]:
    """Yield a new file, private to its owner, that replaces `target` at the end.

    If the block fails, the new file is removed and `target` stays as it was.
    Raises BackupError if it can't be written.
    """
    with private_folder(target) as folder:
        temporary = folder / "whole"
        try:
            with create(temporary) as written:
                yield written
                written.flush()
                os.fsync(written.fileno())
            temporary.replace(target)
            sync(target.parent)
        except OSError as error:
            raise BackupError(f"{target} can't be written: {error.strerror}.") from error


def write(target: IO[bytes], about: Manifest, copy: IO[bytes], key: str | None) -> None:
    """Write a backup of the database's `copy`. Raises OSError."""
    with zipfile.ZipFile(target, "w") as archive:
        _add(archive, about, _MANIFEST, about.to_json().encode())
        if key is not None:
            _add(archive, about, _KEY, f"{key}\n".encode())
        entry = _entry(about, _COPY[about.kind])
        entry.file_size = about.size  # so that a file over 4 GB is written as one
        if level := _COMPRESSION[about.kind]:
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry._compresslevel = level  # type: ignore[attr-defined] # noqa: SLF001
        copy.seek(0)
        with archive.open(entry, "w") as written:
            while chunk := copy.read(_CHUNK):
                written.write(chunk)


def describe(file: Path) -> Manifest:
    """Return what the backup says about itself. Raises BackupError if it isn't one."""
    with _opened(file) as archive:
        if _MANIFEST not in archive.namelist():
            raise BackupError(f"{file} is no backup of Learn ALL.")
        return manifest.from_json(_small(archive, _MANIFEST))


def key_in(file: Path) -> str | None:
    """Return the secret key in the backup, if it is there."""
    with _opened(file) as archive:
        key = _small(archive, _KEY).decode().strip() if _KEY in archive.namelist() else None
    return key or None


def extract(file: Path, about: Manifest, target: Path) -> None:
    """Write the copy of the database to `target`. Raises BackupError if it isn't whole.

    Nothing is written if it has another size than its description says, or if there is no room.
    """
    if about.size > shutil.disk_usage(target.parent).free:
        raise BackupError(f"{target.parent} has no room for a database of {about.size} bytes.")
    with target.open("wb") as written:
        _read_copy(file, about, written)


def check(file: Path, about: Manifest) -> None:
    """Read the whole copy of the database. Raises BackupError if it isn't whole."""
    _read_copy(file, about, None)


def _read_copy(file: Path, about: Manifest, target: IO[bytes] | None) -> None:
    digest, size = hashlib.sha256(), 0
    with _opened(file) as archive, archive.open(_COPY[about.kind]) as source:
        if archive.getinfo(_COPY[about.kind]).file_size != about.size:  # no more than that is read
            raise BackupError(f"{file} is damaged: its content isn't what was written.")
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if target is not None:
                _write_chunk(target, chunk)
    if (digest.hexdigest(), size) != (about.digest, about.size):
        raise BackupError(f"{file} is damaged: its content isn't what was written.")


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return an entry that is small in any backup."""
    if archive.getinfo(name).file_size > _MAX_SMALL:
        raise zipfile.BadZipFile(f"{name} is too large")
    return archive.read(name)


def _write_chunk(target: IO[bytes], chunk: bytes) -> None:
    try:
        target.write(chunk)
    except OSError as error:  # not to be taken for an error of the file that is read
        raise BackupError(f"{target.name} can't be written: {error.strerror}.") from error


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with file.open("rb") as raw:
            if not zipfile.is_zipfile(raw):
                raise BackupError(_not_a_backup(file, raw))
            with zipfile.ZipFile(raw) as archive:
                yield archive
    except _DAMAGED as error:
        raise BackupError(f"{file} is damaged: {error or 'it ends too early'}.") from error
    except KeyError as error:
        raise BackupError(f"{file} is damaged: the copy of the database is missing.") from error
    except OSError as error:
        raise BackupError(f"{file} can't be read: {error.strerror}.") from error


def _not_a_backup(file: Path, raw: IO[bytes]) -> str:
    raw.seek(0)
    if raw.read(4) == b"PK\x03\x04":  # the file starts like a zip, but its end is missing
        return f"{file} is damaged: it ends too early."
    return f"{file} is no backup of Learn ALL."


def _add(archive: zipfile.ZipFile, about: Manifest, name: str, content: bytes) -> None:
    archive.writestr(_entry(about, name), content)


def _entry(about: Manifest, name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, about.created_at.timetuple()[:6])
    entry.external_attr = 0o600 << 16
    return entry


def sync(path: Path) -> None:
    """Wait until the file, or the folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 digest and the size of a file."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest(), file.tell()
