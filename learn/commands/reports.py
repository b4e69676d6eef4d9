"""`learn reports`: list the mistakes that readers reported."""

from __future__ import annotations

import click

from learn.commands.database import opened
from learn.commands.terminal import as_json, printable
from learn.config import from_environment
from learn.editorial import queries


@click.command
@click.option("--json", is_flag=True, help="for machines")
def reports(*, json: bool) -> None:
    """List what readers reported, the latest first."""
    with opened(from_environment()) as database, database.read_session() as session:
        mistakes = queries.reports(session)
    if json:
        rows = [
            {"page": r.page, "text": r.text, "reported_at": r.reported_at.isoformat()}
            for r in mistakes
        ]
        click.echo(as_json(rows))
        return
    for report in mistakes:
        day = f"{report.reported_at:%Y-%m-%d %H:%M}"
        click.echo(f"{day} · {report.page}\n{_indented(report.text)}\n")
    click.echo({0: "No reports.", 1: "1 report."}.get(len(mistakes), f"{len(mistakes)} reports."))


def _indented(text: str) -> str:
    return "\n".join(f"    {printable(line)}" for line in text.splitlines())
