"""`learn move`: move the site to another database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import click

from learn.commands.terminal import printable
from learn.config import from_environment
from learn.moving.run import Manner, Moved
from learn.moving.run import move as move_site

_BETWEEN_LINES = 10.0  # seconds


@click.command
@click.option("--to", required=True, metavar="URL", help="the empty database to move to")
@click.option("--again", is_flag=True, help="begin anew where a move stopped")
def move(to: str, *, again: bool) -> None:
    """Move everything from the database of DATABASE_URL to another one. Stop the site first.

    Both are read back and compared before the new one can be served. A move that stopped goes on
    where it was when the same command is run again. To keep the password out of the list of
    processes, put it in PGPASSWORD or ~/.pgpass.
    """
    began = monotonic()
    watcher = _Bar() if sys.stdout.isatty() else _Lines()
    try:
        done = move_site(from_environment(), to, datetime.now(UTC), watcher, Manner(again=again))
    finally:
        watcher.end()
    click.echo("\n".join(_lines(done, monotonic() - began, has_options="?" in to)))


def _lines(done: Moved, seconds: float, *, has_options: bool) -> Iterator[str]:
    if done.was_whole:
        yield f"Everything was moved to {printable(done.address)} before."
    else:
        took = f"{round(seconds):,} seconds" if seconds >= 1.5 else "a second"
        yield (
            f"Moved: {done.rows:,} rows, of {done.accounts:,} account"
            f"{'' if done.accounts == 1 else 's'}, in {took}. "
            "Counts and digests are the same in both."
        )
    if done.cleaned:
        yield (
            f"{done.cleaned} row{'' if done.cleaned == 1 else 's'} had characters that PostgreSQL "
            "can't store: those were left out."
        )
    more = ", with all that --to has after “?”," if has_options else ""
    yield f"Now set DATABASE_URL to {printable(done.address)}{more} and start the site."
    if done.aside:
        yield f"The database before is kept for 30 days: {done.aside}"
    elif not done.was_whole:
        yield "The database before is as it was: delete it within 30 days."


class _Lines:
    """Plain lines, for a file or a pipe: one for each phase, and one every few seconds."""

    def __init__(self) -> None:
        self._phase, self._rows, self._read, self._at = "", 0, 0, 0.0

    def begin(self, phase: str, rows: int) -> None:
        self._phase, self._rows, self._read, self._at = phase, rows, 0, monotonic()
        click.echo(f"{phase}: {rows:,} rows")

    def advance(self, table: str, rows: int) -> None:
        self._read += rows
        if monotonic() - self._at >= _BETWEEN_LINES:
            self._at = monotonic()
            click.echo(f"{self._phase}: {self._read:,} of {self._rows:,} rows, now in {table}")

    def end(self) -> None:
        """Do nothing: every line is whole."""


class _Bar:
    """A bar for each phase, on a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def begin(self, phase: str, rows: int) -> None:
        self.end()
        self._bar = click.progressbar(length=rows, label=phase, show_pos=True)
        self._bar.__enter__()

    def advance(self, _table: str, rows: int) -> None:
        self._bar.update(rows)

    def end(self) -> None:
        """End the line of the bar."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
