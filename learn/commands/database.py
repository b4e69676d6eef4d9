"""The database, for commands that need it."""

from __future__ import annotations

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
