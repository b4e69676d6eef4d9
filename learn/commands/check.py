"""`learn check`: check lessons and questions."""

from __future__ import annotations

import re

import click

from learn.authoring import report
from learn.commands.errors import CommandError
from learn.commands.terminal import printable
from learn.config import content_folder, texts


@click.command
@click.option("--json", is_flag=True, help="the report for machines")
@click.option(
    "--language",
    envvar="LEARN_LANGUAGE",
    default="en",
    metavar="CODE",
    help="compare the files in this language, such as “es”, with the English ones",
)
@click.pass_context
def check(ctx: click.Context, language: str, *, json: bool) -> None:
    """Check all lessons and questions; each error is named with its file and line."""
    if not re.fullmatch(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?", language):
        raise CommandError(f"“{printable(language)}” is not the code of a language, such as “es”.")
    if language == "en":
        result = report.check(texts(), content_folder())
    else:
        result = report.check_language(texts(), content_folder(), language)
    click.echo(result.to_json() if json else result.to_text())
    ctx.exit(1 if result.errors else 0)
