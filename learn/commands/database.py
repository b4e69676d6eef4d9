"""Open the database in commands that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from learn import database_lock, schema
from learn.config import Settings
from learn.database import Database
from learn.moving.note import refuse_moved


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Yield the database, made current. Raises learn.schema.SchemaError."""
    refuse_moved(settings)
    database = Database(settings.database_url)
    held = database_lock.DatabaseLock(database)
    try:
        schema.ensure_current(database, datetime.now(UTC))
        yield database
    finally:
        database.dispose()
        held.release()
