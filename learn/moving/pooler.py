"""Whether an address leads to a pooler. A move needs the server itself, and sessions of its own."""

from __future__ import annotations

import contextlib

import psycopg

from learn import postgres
from learn.database import Database

_PROBE = "learn.direct"  # a setting that only a session of the server's own has
_REFUSAL = "unsupported startup parameter"

WHY = (
    "leads to a pooler, which gives a move's sessions to others and ends them after seconds: name "
    "the server's own address"
)


def is_before(database: Database) -> bool:
    """Return whether a pooler is before the server; False if nobody answers."""
    if database.has_pooler:
        return True
    if database.is_sqlite:
        return False
    _, named = database.engine.dialect.create_connect_args(database.url)
    parameters = postgres.parameters(named, {})
    parameters["options"] = f"{parameters.get('options', '')} -c {_PROBE}=yes".strip()
    try:
        with contextlib.closing(psycopg.connect(**parameters)) as connection:
            row = connection.execute(f"SELECT current_setting('{_PROBE}', true)").fetchone()
            return row != ("yes",)
    except psycopg.Error as error:
        return _REFUSAL in str(error)
