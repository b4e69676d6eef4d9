"""A note in the data folder: which database was moved, and to where.

If DATABASE_URL were forgotten after a move, the site would start on the database before, or on a
new, empty one, and answers would be in two places. With the note, it doesn't start there.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from learn import schema
from learn.config import Settings
from learn.engines import file_of, with_driver
from learn.schema import SchemaError

_FILE = "moved"
_HOSTS = ("host", "port")


@dataclass(frozen=True, slots=True)
class MoveNote:
    """The identities of both databases, and the address of the new one for people."""

    source: str
    target: str
    address: str


def identity(url: URL) -> str:
    """Return what tells a database from others: neither who signs in there nor how."""
    if url.get_backend_name() == "sqlite":
        file = file_of(url)
        return f"sqlite:///{file.resolve() if file else ''}"
    hosts = {name: url.query[name] for name in _HOSTS if name in url.query}
    plain = url.set(drivername="postgresql", username=None, password=None, query=hosts)
    return plain.render_as_string(hide_password=False)


def refuse_moved(settings: Settings) -> None:
    """Raise SchemaError if the database that is set was moved to another one."""
    note = read(settings.data)
    if note is not None and note.source == identity(with_driver(settings.database_url)):
        raise SchemaError(
            f"The database was moved to {note.address}: set DATABASE_URL to that one. "
            f"To use this one all the same, delete {settings.data / _FILE}."
        )


def delete_expired_copies(folder: Path, now: datetime) -> None:
    """Delete the embedded database before the move, after the time that the privacy page names."""
    note = read(folder)
    if note is not None and note.source.startswith("sqlite:///"):
        schema.delete_expired_copies(Path(note.source.removeprefix("sqlite:///")), now)


def read(folder: Path) -> MoveNote | None:
    """Return the note, if there is one. Raises SchemaError."""
    file = folder / _FILE
    try:
        return MoveNote(**json.loads(file.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise SchemaError(
            f"{file} can't be read. It says to which database this one was moved: set DATABASE_URL "
            "to that one, and delete the file."
        ) from error


def write(folder: Path, note: MoveNote) -> None:
    """Write the note, in place of one before. Raises OSError."""
    temporary = folder / f".{_FILE}"
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(note)) + "\n")
        file.flush()
        os.fsync(handle)
    temporary.replace(folder / _FILE)


def forget(folder: Path, source: URL) -> None:
    """Remove the note if it is about this database, which people use again."""
    note = read(folder)
    if note is not None and note.source == identity(source):
        (folder / _FILE).unlink(missing_ok=True)
