"""`learn new`: begin lessons from another document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from learn.authoring import scaffold
from learn.authoring.source_text import DocumentError
from learn.commands.errors import CommandError
from learn.commands.paths import PATH, complete_folder
from learn.commands.terminal import printable

_MOST_LISTED = 10


@click.command
@click.argument(
    "folder",
    type=PATH,
    metavar="FOLDER",
    shell_complete=complete_folder,
    help="a folder that is not there yet",
)
@click.argument(
    "document", type=PATH, metavar="DOCUMENT", help="Markdown, HTML, plain text, Word, or PDF"
)
@click.option(
    "--text",
    type=int,
    multiple=True,
    metavar="LINE",
    help="a line that is text, no heading (a paragraph in formats without lines)",
)
@click.option("--heading", type=int, multiple=True, metavar="LINE", help="one that is a heading")
def new(folder: Path, document: Path, text: tuple[int, ...], heading: tuple[int, ...]) -> None:
    """Read a document with headings, and write a folder to make lessons and questions in."""
    try:
        counts = scaffold.scaffold(folder, document, datetime.now(UTC).date(), text, heading)
    except (scaffold.ScaffoldError, DocumentError) as error:
        raise CommandError(str(error)) from error
    click.echo(
        f"{_counted(counts.sections, 'section')} and"
        f" {_counted(counts.sentences, 'sentence')}, in {folder}"
    )
    click.echo(f"Read: {_parts(counts.read.parts)}. Does the document have as many?")
    for note in counts.read.notes:
        click.echo(printable(f"Note: {note}"))
    place = counts.read.place
    for sentence in counts.doubtful[:_MOST_LISTED]:
        click.echo(
            printable(f"  {place} {sentence.line}, “{_short(sentence.text)}”: {sentence.doubt}")
        )
    if counts.doubtful:
        more = len(counts.doubtful) - _MOST_LISTED
        click.echo(
            (f"  and {more} more. " if more > 0 else "  ")
            + "Each is marked with “ask” in source.toml."
            + f" To decide, begin again with --text {place.upper()} or --heading {place.upper()}."
        )
    click.echo(f"Next: read {folder / 'README.md'}")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _parts(parts: Mapping[str, int]) -> str:
    """Name what was read, such as “2 headings, 1 paragraph, and 1 table with 3 rows”."""
    named = [_counted(n, name) for name, n in parts.items() if n and name != "row"]
    if parts["table"]:
        named[-1] += f" with {_counted(parts['row'], 'row')}"
    if len(named) > 2:
        named[-1] = f"and {named[-1]}"
    return ", ".join(named) if len(named) > 2 else " and ".join(named)
