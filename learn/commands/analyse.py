"""`learn analyse`: analyze a table of scores or answers from anywhere."""

from __future__ import annotations

from pathlib import Path

import click

from learn.authoring import item_analysis, item_page
from learn.authoring.item_analysis import Files
from learn.authoring.source_text import DocumentError
from learn.authoring.tables.errors import GuessesRefusedError, TableError
from learn.authoring.tables.table import ReadingOptions
from learn.commands.errors import CommandError
from learn.commands.paths import PATH
from learn.commands.terminal import as_json, printable


@click.command
@click.argument("scores", type=PATH, metavar="FILE", help="scores or answers: a line a learner")
@click.option("--options", type=PATH, metavar="FILE", help="the same table, of the options chosen")
@click.option(
    "--key", type=PATH, metavar="FILE", help="the right options, in the columns item and key"
)
@click.option("--pre", type=PATH, metavar="FILE", help="the same table, of an earlier sitting")
@click.option("--sheet", metavar="NAME", help="the sheet of a workbook to read")
@click.option("--missing", multiple=True, metavar="CODE", help="what stands for no answer")
@click.option(
    "--attempt", type=click.Choice(["first", "last"]), help="the row that counts of each learner"
)
@click.option("--html", type=PATH, metavar="FILE", help="also write a page that people can read")
@click.option("--strict", is_flag=True, help="refuse whatever would be a guess")
def analyse(  # noqa: PLR0913, PLR0917 - one an option
    scores: Path,
    options: Path | None,
    key: Path | None,
    pre: Path | None,
    sheet: str | None,
    missing: tuple[str, ...],
    attempt: str | None,
    html: Path | None,
    *,
    strict: bool,
) -> None:
    """Analyze a test from a table, and print the figures as JSON in full precision.

    The table is a CSV file or an Excel workbook. Its first line names the columns: the first is the
    learner, and each other column an item. Exports of quizzes from Moodle, Canvas, Google Forms,
    and Microsoft Forms are recognized. A blank cell is no answer and counts 0. What can't be
    computed is null. Whatever was guessed is said on standard error.
    """
    files = Files(scores, options, key, pre)
    reading_options = ReadingOptions(sheet=sheet, missing=frozenset(missing), attempt=attempt or "")
    try:
        report = item_analysis.report(files, reading_options, strict=strict)
    except (TableError, GuessesRefusedError, DocumentError) as error:
        lines = str(error).split("\n")
        raise CommandError("\n".join(map(printable, lines))) from error
    for note in report.notes:
        click.echo(printable(note), err=True)
    if html:
        _write(html, item_page.page(scores.name, report), inputs=files)
    click.echo(as_json(report.figures))


def _write(path: Path, page: str, inputs: Files) -> None:
    """Write the page, but never over one of the tables."""
    try:
        if any(path.exists() and path.samefile(table) for table in inputs.all):
            raise CommandError(f"{printable(str(path))} is a table that was read; name another.")
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(f"{printable(str(path))} can't be written: {reason}.") from error
