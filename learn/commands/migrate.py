"""`learn migrate`: bring the database up to date."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from learn import schema
from learn.config import from_environment
from learn.database import Database


@click.command
def migrate() -> None:
    """Bring the database to this version's schema; an embedded one is copied first."""
    database = Database(from_environment().database_url)
    match schema.state(database):
        case schema.State.CURRENT:
            click.echo("The database is up to date.")
            return
        case schema.State.NEWER:
            schema.ensure_current(database, datetime.now(UTC))
        case schema.State.OLDER if copy := schema.back_up(database, datetime.now(UTC)):
            click.echo(f"A copy is at {copy}")
        case _:
            pass
    schema.upgrade(database)
    click.echo(f"The database is now at version {schema.head()}.")
