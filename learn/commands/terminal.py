"""What all commands share: the database, who is there, and what a terminal may be given."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from learn import schema
from learn.config import Settings
from learn.database import Database


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database, ready to use.

    Raises learn.schema.SchemaError where it can't be used as it is.
    """
    database = Database(settings.database_url)
    try:
        schema.ready(database, datetime.now(UTC))
        yield database
    finally:
        database.dispose()


def printable(line: str) -> str:
    """`line` without control characters, which would steer the terminal."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in line
    )


def as_json(value: object) -> str:
    """JSON for machines that is safe to look at on a terminal, too."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def login() -> str:
    """The login name, or nothing where this system knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
