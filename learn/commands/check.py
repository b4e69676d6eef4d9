"""`learn check`: check lessons and questions."""

from __future__ import annotations

import click

from learn.authoring import report
from learn.config import content_folder, texts


@click.command
@click.option("--json", is_flag=True, help="the report for machines")
@click.pass_context
def check(ctx: click.Context, *, json: bool) -> None:
    """Check all lessons and questions; each fault is named with its file and line."""
    found = report.check(texts(), content_folder())
    click.echo(found.to_json() if json else found.to_text())
    ctx.exit(1 if found.faults else 0)
