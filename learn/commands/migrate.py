"""`learn migrate`: bring the database up to date."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from learn import schema
from learn.config import from_environment
from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.moving.note import refuse_moved


@click.command
def migrate() -> None:
    """Bring the database to this version's schema; an embedded one is copied first."""
    settings = from_environment()
    refuse_moved(settings)
    database = Database(settings.database_url)
    held = DatabaseLock(database)
    try:
        match schema.state(database):
            case schema.State.CURRENT:
                click.echo("The database is up to date.")
                return
            case schema.State.AHEAD:
                click.echo("A newer version has migrated the database; this one can run on it.")
                return
            case _:
                pass
        if copy := schema.migrate(database, datetime.now(UTC)):
            click.echo(f"A copy is at {copy}")
        click.echo(f"The database is now at version {schema.head()}.")
    finally:
        database.dispose()
        held.release()
