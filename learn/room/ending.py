"""Delete the rooms that have ended: nobody has to do it, and no request pays for it."""

from __future__ import annotations

from flask import Flask

from learn.database import Database
from learn.room import actions


def sweep(app: Flask) -> int:
    """Delete the rooms that have ended by the application's clock; return how many there were."""
    database: Database = app.extensions["learn.database"]
    with database.transaction() as session:
        return actions.delete_ended(session, app.extensions["learn.clock"]())
