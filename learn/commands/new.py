"""`learn new`: begin lessons from another document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from learn.authoring import scaffold
from learn.authoring.source_text import DocumentError
from learn.commands.errors import CommandError
from learn.commands.paths import PATH, complete_folder


@click.command
@click.argument(
    "folder",
    type=PATH,
    metavar="FOLDER",
    shell_complete=complete_folder,
    help="a folder that is not there yet",
)
@click.argument("document", type=PATH, metavar="DOCUMENT", help="plain text or Markdown")
def new(folder: Path, document: Path) -> None:
    """Read a document with headings, and write a folder to make lessons and questions in."""
    try:
        counts = scaffold.scaffold(folder, document, datetime.now(UTC).date())
    except (scaffold.ScaffoldError, DocumentError) as error:
        raise CommandError(str(error)) from error
    click.echo(f"{counts.sections} sections and {counts.sentences} sentences, in {folder}")
    click.echo(f"Next: read {folder / 'README.md'}")
