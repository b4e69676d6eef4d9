"""The data folder and the secret key: made if they are missing, and closed to other users."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from learn.config.errors import ConfigError

BESIDE_OURS = ("alembic_version", "sqlite_", "_litestream")
"""How the names of tables begin that may be there before ours are."""

_MAGIC = b"SQLite format 3\x00"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_log = logging.getLogger("learn")


def make_folder(path: Path) -> None:
    """Make the data folder. Raises ConfigError if that fails, or if everybody may write there.

    Others may see the names in it: each of the files is closed to them.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        refuse_open_folder(path, "LEARN_DATA")
    except OSError as error:
        raise ConfigError(f"The data folder {path} can't be made: {error.strerror}.") from error


def refuse_open_folder(path: Path, setting: str) -> None:
    """Raise ConfigError if everybody may write to the folder, and so replace the files in it."""
    if path.stat().st_mode & stat.S_IWOTH:
        raise ConfigError(
            f"Everybody on this machine can write to the data folder {path}: chmod o-w it, "
            f"or name another one in {setting}."
        )
    above = next((f for f in path.resolve().parents if _lets_others_rename(f)), None)
    if above is not None:
        _log.warning(
            "Everybody on this machine can put another folder in the place of the data folder %s: "
            "chmod o-w %s, or chmod +t it.",
            path,
            above,
        )


def _lets_others_rename(folder: Path) -> bool:
    """Return whether everybody may rename what is in the folder: without the sticky bit of /tmp."""
    return folder.stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH


def secret_key(path: Path) -> str:
    """Return the key in `path`; it is generated once, and readable by its owner alone."""
    try:
        if not path.exists():
            _make_key(path)
        close_to_others(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it has characters that are not ASCII"
        raise ConfigError(f"The secret key {path} can't be used: {reason}.") from error


def _make_key(path: Path) -> None:
    """Make the key, unless another process does at this moment. Raises OSError.

    It is written under another name first, so that two simultaneous starts get the same key.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(handle)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def close_to_others(path: Path) -> None:
    """Let nobody but its owner read a file, if it exists. Raises ConfigError if that fails."""
    with contextlib.suppress(OSError):
        if not path.stat().st_mode & _OTHERS:
            return
        with contextlib.suppress(OSError):
            path.chmod(0o600)
        if path.stat().st_mode & _OTHERS:
            raise ConfigError(
                f"Others can read {path}, and its mode can't be changed: "
                "move it to a place where it can be 0600."
            )
        _log.warning("Others could read %s until now; its mode is 0600 again.", path)


def is_database(path: Path) -> bool:
    """Return whether the file is a SQLite database that can be read; change nothing in it.

    Raises ConfigError if it is another program's, or no database at all.
    """
    if path.exists() and not _begins_as_sqlite(path):
        raise ConfigError(
            f"{path} is no SQLite database: name another file in DATABASE_URL, or move it away."
        )
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as raw:
            tables = [*raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except sqlite3.Error:
        return False
    names = {name for (name,) in tables if not name.startswith(BESIDE_OURS)}
    if names and "account" not in names:
        raise ConfigError(f"The database {path} is another program's. Name one of its own.")
    return True


def _begins_as_sqlite(path: Path) -> bool:
    """Return whether a file is empty or begins as SQLite's do, or can't be read."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MAGIC))
    except OSError:
        return True  # opening the database says why
    return beginning in {b"", _MAGIC}
