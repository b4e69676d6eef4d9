"""`learn analyse`: analyze a table of scores from anywhere."""

from __future__ import annotations

from pathlib import Path

import click

from learn.authoring import item_analysis
from learn.authoring.score_tables import TableError
from learn.authoring.source_text import DocumentError
from learn.commands.errors import CommandError
from learn.commands.paths import PATH
from learn.commands.terminal import as_json, printable


@click.command
@click.argument("scores", type=PATH, metavar="FILE", help="scores from 0 to 1: a line a learner")
@click.option("--options", type=PATH, metavar="FILE", help="the same table, of the options chosen")
@click.option(
    "--key", type=PATH, metavar="FILE", help="the right options, in the columns item and key"
)
@click.option("--pre", type=PATH, metavar="FILE", help="the same table, of an earlier sitting")
def analyse(scores: Path, options: Path | None, key: Path | None, pre: Path | None) -> None:
    """Analyze a test from a CSV file, and print the figures as JSON in full precision.

    The file's first line names the columns. The first column is the learner, and each other column
    an item. A blank cell is no answer and counts 0. What can't be computed is null.
    """
    try:
        report = item_analysis.report(scores, options, key, pre)
    except (TableError, DocumentError) as error:
        lines = str(error).split("\n")
        raise CommandError("\n".join(map(printable, lines))) from error
    for note in report.notes:
        click.echo(printable(note), err=True)
    click.echo(as_json(report.figures))
