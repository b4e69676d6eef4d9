"""`learn backup`: back up the database, and check a backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from learn import deletions, schema
from learn.backups import checking, making, manifest
from learn.backups.manifest import Manifest
from learn.breaker import DatabaseAwayError
from learn.commands.paths import PATH
from learn.config import from_environment
from learn.database import Database
from learn.database_lock import DatabaseLock
from learn.deletions import DeletionListError
from learn.moving.note import refuse_moved
from learn.schema import SchemaError, State


@click.command
@click.argument("file", type=PATH, metavar="FILE", help="the backup")
@click.option("--check", "checks", is_flag=True, help="only check a backup that is there already")
@click.option("--with-key", is_flag=True, help="put the secret key in, too")
@click.option("--replace", is_flag=True, help="replace a file that is there already")
def backup(file: Path, *, checks: bool, with_key: bool, replace: bool) -> None:
    """Back up the database to one file, which only its owner can read. The site may run meanwhile.

    With --check, nothing of the site is read or changed: it is checked that the backup is whole,
    and shown what is in it.
    """
    if checks:
        checked = checking.check(file)
        click.echo("\n".join(_description(file, checked.about, checked.state)))
        return
    settings = from_environment()
    refuse_moved(settings)
    database = Database(settings.database_url)
    is_there = database.file is None or database.file.exists()
    held = DatabaseLock(database) if is_there else None
    try:
        now = datetime.now(UTC)
        if is_there:
            _reconcile_deletions(database, settings.data, now)
        key = "\n".join(settings.secret_keys) if with_key else None
        about = making.back_up(database, file, now, key=key, replace=replace)
    finally:
        database.dispose()
        if held:
            held.release()
    click.echo(f"{file} has {contents(about)}.")
    if not with_key:
        click.echo(
            "The secret key isn't in it: keep that, too, once, or add --with-key. Without it, "
            "guests lose their place."
        )


def _reconcile_deletions(database: Database, folder: Path, now: datetime) -> None:
    """Make the lists of deleted accounts the same; a backup is worth more, if that fails."""
    try:
        with suppress(OSError, DBAPIError, DatabaseAwayError, SchemaError):
            if schema.state(database) in {State.CURRENT, State.AHEAD}:
                deletions.reconcile(database, folder, now)
    except DeletionListError as error:
        click.echo(error, err=True)


def contents(about: Manifest) -> str:
    """Return the numbers of a backup in words."""
    accounts = "1 account" if about.accounts == 1 else f"{about.accounts:,} accounts"
    answers = "1 answer" if about.answers == 1 else f"{about.answers:,} answers"
    return f"{accounts} and {answers}"


def moment(about: Manifest) -> str:
    """Return when a backup was made."""
    return f"{about.created_at:%B %-d, %Y, %H:%M} UTC"


def _description(file: Path, about: Manifest, state: State) -> Iterator[str]:
    kind = manifest.KINDS[about.kind]
    yield f"{file} is a whole backup of Learn ALL {about.product}, made on {moment(about)}."
    yield f"It has {contents(about)}, {'with' if about.has_key else 'without'} the secret key."
    if about.kind == manifest.POSTGRESQL:
        yield f"The server was PostgreSQL {about.server}. What is in the dump shows at a restore."
    match state:
        case State.NEWER | State.AHEAD:
            yield f"It is from a newer version: restore it with that version, to {kind}."
        case State.OLDER:
            yield f"It can be restored to {kind}; its schema ({about.schema}) is upgraded then."
        case _:
            yield f"It can be restored to {kind}."
