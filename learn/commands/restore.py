"""`learn restore`: restore a backup."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from learn.backups import restoring
from learn.backups.restoring import Permissions, Restored
from learn.commands.paths import PATH
from learn.config import from_environment
from learn.engines import with_driver
from learn.moving import note


@click.command
@click.argument("file", type=PATH, metavar="FILE", help="the backup")
@click.option("--replace", is_flag=True, help="replace a database with people in it; it is kept")
@click.option("--old", is_flag=True, help="restore a copy from which deleted people may come back")
def restore(file: Path, *, replace: bool, old: bool) -> None:
    """Restore a backup, whole or not at all. Stop the site first.

    Accounts that were deleted after the backup was made are deleted again. An older schema is
    upgraded. A copy that an upgrade made can be restored, too.
    """
    settings = from_environment()
    allowed = Permissions(replace=replace, old=old)
    done = restoring.restore(settings, file, datetime.now(UTC), allowed)
    note.forget(settings.data, with_driver(settings.database_url))
    click.echo("\n".join(_lines(done)))


def _lines(done: Restored) -> list[str]:
    key = ", and the secret key" if done.has_key else ""
    again = "1 account was" if done.deleted_again == 1 else f"{done.deleted_again} accounts were"
    counts = f"accounts {done.accounts:,}, answers {done.answers:,}{key}"
    aside = f"The database before is kept for 30 days: {done.aside}"
    lines = [
        f"Restored: {counts}, as of {done.created_at:%B %-d, %Y, %H:%M} UTC.",
        f"{again} deleted again, after their owners had deleted their data.",
        aside if done.aside else "There was nothing to keep of the database before.",
    ]
    if done.has_key and os.environ.get("SECRET_KEY"):
        lines.append("SECRET_KEY is set, so the secret key in the data folder isn't used.")
    return lines
