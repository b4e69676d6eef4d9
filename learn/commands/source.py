"""`learn source …`: compare the source document with the ledger."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from learn.authoring import (
    source_anchors,
    source_changes,
    source_check,
    source_facts,
    source_rebase,
    source_watch,
)
from learn.authoring.documents.read import NEWEST
from learn.authoring.source_text import DocumentError
from learn.commands.database import opened
from learn.commands.errors import CommandError, UnreadableError
from learn.commands.paths import PATH, complete_folder
from learn.commands.terminal import as_json, login, printable
from learn.config import content_folder, from_environment, texts
from learn.editorial import actions
from learn.library import read_content as library
from learn.library.content import Content
from learn.library.read_content import read_content


@click.group
def source() -> None:
    """Compare the source document with the ledger."""


@source.command("check", short_help="what changed in a copy of the document")
@click.argument("document", type=PATH, metavar="FILE", help="a copy of the document")
@click.option("--json", is_flag=True, help="for machines")
@click.option(
    "--hold",
    "--withhold",
    "hold",
    is_flag=True,
    help="ask no question that depends on a change until it is accepted",
)
@click.pass_context
def check_document(ctx: click.Context, document: Path, *, json: bool, hold: bool) -> None:
    """Report what changed in a copy of the source document, and what depends on it.

    Exit code 0 if nothing changed, 1 if something did, 2 if the document can't be read.
    """
    content, folder = _content()
    try:
        checked = source_changes.check_file(content, folder, document)
    except DocumentError as error:
        raise UnreadableError(str(error)) from error
    if json:
        report = source_check.to_json(checked.check, checked.affected, checked.headings)
        click.echo(as_json(report | {"notes": [*checked.read.notes]}))
    else:
        click.echo("\n".join(map(printable, source_changes.to_text(checked).split("\n"))))
        for note in checked.read.notes:
            click.echo(printable(f"Note: {note}"))
    if not checked.check.is_unchanged:
        with suppress(OSError):  # then “accept” asks for the file
            source_changes.save_last_document(from_environment().data, document)
    if hold:
        with opened(from_environment()) as database, database.transaction() as session:
            source_changes.hold_questions(session, content, checked.check, datetime.now(UTC))
        if checked.affected.questions and not json:
            click.echo("These questions are not asked until their facts were accepted.")
    ctx.exit(0 if checked.check.is_unchanged else 1)


@source.command("accept", short_help="facts that still hold")
@click.argument("facts", nargs=-1, metavar="[FACT]...", help="such as F12")
@click.option("--by", default="", metavar="NAME", help="who read it (your login name)")
@click.option("--from", "document", type=PATH, metavar="FILE", help="the document")
@click.option("--sentence", metavar="TEXT", help="where the one fact stands now")
@click.option("--rest", is_flag=True, help="and all that changed and carries no fact")
def accept_facts(
    facts: tuple[str, ...], by: str, document: Path | None, sentence: str | None, *, rest: bool
) -> None:
    """Record that an editor has read what changed, and that these facts still hold."""
    settings = from_environment()
    content, folder = _content()
    who = printable(by).strip() or login()
    if not who:
        raise CommandError("Who are you? Say so with --by NAME.")
    if not facts and not rest:
        raise CommandError("Which facts? Name them, such as F12, or give --rest.")
    try:
        document = document or source_changes.last_document(settings.data)
        checked = source_changes.check_file(content, folder, document)
        today = datetime.now(UTC).date()
        anchors = source_changes.accept(checked, facts, who, today, sentence)
        if rest:
            anchors = source_changes.accept_sentences_without_facts(checked, anchors)
    except (source_changes.AcceptError, DocumentError) as error:
        raise CommandError(str(error)) from error
    with opened(settings) as database, database.transaction() as session:
        try:
            source_anchors.write_anchors(folder, anchors, checked.reader)
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
        actions.release_questions(session, facts)
    click.echo(f"Accepted by {who}: {', '.join(facts) or 'what carries no fact'}.")


@source.command("rebase", short_help="bring the ledger to the newest reader")
@click.argument("document", type=PATH, metavar="FILE", help="the document, unchanged")
@click.option("--dry-run", is_flag=True, help="only show what it would do")
def rebase_ledger(document: Path, *, dry_run: bool) -> None:
    """Bring the ledger to the newest reader of documents, and show what reads otherwise."""
    content, folder = _content()
    headings = {s.id: s.heading for s in content.ledger.sections.values()}
    try:
        result = source_rebase.rebase(folder, document, headings)
        if not dry_run:
            source_anchors.write_anchors(folder, result.anchors, NEWEST)
    except (source_rebase.RebaseError, DocumentError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
    click.echo("\n".join(map(printable, source_rebase.to_text(result).split("\n"))))
    if dry_run:
        click.echo("Nothing was written.")


@source.command("facts", short_help="write or strike the facts, one by one")
@click.argument("document", type=PATH, metavar="FILE", help="the document")
@click.option("--all", "shows_all", is_flag=True, help="list those that are decided, too")
@click.option(
    "--strike",
    type=(str, str),
    multiple=True,
    metavar="SECTION REASON",
    help="strike a section, such as S3, with its facts and the stubs of its lesson",
)
def decide_facts(  # noqa: C901 - a decision each
    document: Path, strike: tuple[tuple[str, str], ...], *, shows_all: bool
) -> None:
    """Show each fact that nobody has decided on, with its sentence, and ask what to do with it.

    At a terminal, type what the fact says in your own words, “-” and a reason to strike it, “--”
    and a reason to strike its whole section, Enter to leave it for later, or “q” to stop.
    Elsewhere it only lists them.
    """
    content, folder = _content()
    for section, reason in strike:
        _strike(folder, section, reason)
    content, folder = _content()
    try:
        facts = [*source_facts.list_facts(content, folder, document)]
    except DocumentError as error:
        raise UnreadableError(str(error)) from error
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    section, struck = "", ""
    for fact in facts:
        if not (fact.is_open or (shows_all and not asks)) or fact.section_id == struck:
            continue
        if fact.section_id != section:
            section = fact.section_id
            click.echo(f"\n{printable(f'{section} · {fact.section}')}")
        click.echo(printable(f"  {fact.id}  {fact.sentence}"))
        for note in (fact.doubt, fact.says, fact.not_taught and f"struck: {fact.not_taught}"):
            if note:
                click.echo(printable(f"      {note}"))
        if not asks:
            continue
        typed = click.prompt("      says", default="", show_default=False).strip()
        if typed == "q":
            break
        if typed.startswith("--"):
            struck = section
        _decide(folder, fact, typed)
    content, folder = _content()
    click.echo("\n" + source_facts.progress([*source_facts.list_facts(content, folder, document)]))


def _decide(folder: Path, fact: source_facts.ListedFact, typed: str) -> None:
    """Write down what was decided about a fact."""
    reason = printable(typed.lstrip("-").strip()) or "not needed here"
    try:
        if typed.startswith("--"):
            _strike(folder, fact.section_id, reason)
        elif typed.startswith("-"):
            source_facts.decide(folder, fact.id, not_taught=reason)
        elif typed:
            source_facts.decide(folder, fact.id, says=printable(typed))
    except source_facts.FactError as error:
        raise CommandError(str(error)) from error


def _strike(folder: Path, section: str, reason: str) -> None:
    """Strike a section, and say what is gone."""
    try:
        struck, gone = source_facts.strike_section(folder, section, printable(reason))
    except source_facts.FactError as error:
        raise CommandError(str(error)) from error
    facts = "1 fact" if struck == 1 else f"{struck} facts"
    files = ", ".join(path.relative_to(folder).as_posix() for path in gone)
    click.echo(
        printable(f"{section} struck, with {facts}" + (f"; deleted {files}" if gone else ""))
    )


@source.command("watch", short_help="what changed in a folder of copies")
@click.argument(
    "folder", type=PATH, metavar="FOLDER", shell_complete=complete_folder, help="copies, ledgers"
)
@click.option("--json", is_flag=True, help="for machines")
@click.pass_context
def watch_copies(ctx: click.Context, folder: Path, *, json: bool) -> None:
    """Compare each saved copy in a folder with the ledger beside it, such as fever.html and fever/.

    Exit code 0 if nothing changed, 1 if something did, 2 if something can't be compared.
    """
    worst = source_watch.WatchState.UNCHANGED
    found = []
    try:
        for watched in source_watch.watch(folder):
            worst = max(worst, watched.state)
            found.append(watched.to_json())
            if not json:
                click.echo(printable(f"{watched.name}: {watched.says}"))
    except OSError as error:
        raise UnreadableError(f"{folder} can't be read: {error.strerror}.") from error
    if json:
        click.echo(as_json(found))
    elif not found:
        raise UnreadableError(f"{folder} has no ledgers: no folder that “learn new” made.")
    ctx.exit(int(worst) if found else 2)


def _content() -> tuple[Content, Path]:
    """Return the content, even with errors, and its folder."""
    folder = content_folder()
    content, _errors = read_content(texts(), folder)
    return content, folder or library.FOLDER
