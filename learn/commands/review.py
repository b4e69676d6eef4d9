"""`learn review …`: documents for clinicians, their signatures, and score sheets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

from learn.authoring import signing
from learn.authoring.review_pack import PrintOptions, Tier, file_name, pack
from learn.authoring.score_sheets import SheetError, begin_sheet
from learn.authoring.signing import SigningError
from learn.commands.errors import CommandError
from learn.commands.paths import PATH
from learn.commands.terminal import as_json, printable
from learn.config import content_folder, texts
from learn.library import read_content as library
from learn.library.content import Content
from learn.library.read_content import load_content


@click.group
@click.option(
    "--language",
    envvar="LEARN_LANGUAGE",
    default="en",
    metavar="CODE",
    help="review the content in this language, such as “es”",
)
@click.pass_context
def review(ctx: click.Context, language: str) -> None:
    """Have lessons read by clinicians, and score how clear they are."""
    if not re.fullmatch(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?", language):
        raise CommandError(f"“{printable(language)}” is not the code of a language, such as “es”.")
    ctx.obj = language


@review.command("pack", short_help="write documents to print for a clinician")
@click.option(
    "--tier", type=click.Choice([tier.value for tier in Tier]), help="only this one (all three)"
)
@click.option("--output", type=PATH, required=True, metavar="FOLDER", help="where to write them")
@click.pass_obj
def write_pack(language: str, tier: str | None, output: Path) -> None:
    """Write documents to print, the most urgent first, with room to sign and to change.

    “safety” says when to call and what to do at home, “claims” has each added fact with its
    citation and where it is used, and “all” has all lessons and questions.
    """
    content, _ = _content(language)
    options = PrintOptions(texts(), datetime.now(UTC).date(), language)
    try:
        output.mkdir(parents=True, exist_ok=True)
        for one in Tier if tier is None else [Tier(tier)]:
            path = output / file_name(one)
            path.write_text(pack(content, one, options), encoding="utf-8")
            click.echo(printable(str(path)))
    except OSError as error:
        raise CommandError(f"{output} can't be written: {error.strerror}.") from error


@review.command("sign", short_help="record that a clinician has read a lesson, or Get help")
@click.argument(
    "lesson", metavar="LESSON", help="its id, such as when-to-call; “help” for Get help"
)
@click.option("--by", default="", metavar="NAME, ROLE", help="such as “Dr. Lee, hematology”")
@click.option("--on", default="", metavar="DATE", help="such as 2026-03-01 (today)")
@click.option("--sheet", default="", metavar="DIGEST", help="the digest on the sheet that was read")
@click.option("--questions", is_flag=True, help="the lesson's questions were read as well")
@click.pass_obj
def sign_lesson(  # noqa: PLR0913 - one for each option
    language: str, lesson: str, by: str, on: str, sheet: str, *, questions: bool
) -> None:
    """Record who read a lesson, in what role, and when, with the digest of what was read.

    The lesson's page shows the role and the day, until the lesson changes. The page Get help is
    signed in the same way, as “help”.
    """
    content, folder = _content(language)
    try:
        read = signing.find_readable(content, printable(lesson))
        who = signing.signer(printable(by))
        if sheet:
            read_as = printable(sheet).strip()
            signing.check_sheet(content, read, read_as, with_questions=questions)
        signature = signing.sign(content, read, who, _day(on), with_questions=questions)
    except SigningError as error:
        raise CommandError(str(error)) from error
    try:
        signing.add_signature(folder, signature)
    except OSError as error:
        raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
    what = " and its questions" if questions else ""
    click.echo(
        f"“{signature.lesson}”{what}, {signature.digest}: signed by {signature.name} "
        f"({signature.role}) on {signature.on}."
    )


@review.command("status", short_help="what is signed, stale, or open")
@click.option("--json", is_flag=True, help="for machines")
@click.pass_obj
def show_status(language: str, *, json: bool) -> None:
    """List which lessons are signed, changed since, or open, and whether Get help is."""
    content, _ = _content(language)
    if json:
        click.echo(as_json(signing.status_rows(content)))
        return
    for line in signing.status_lines(content):
        click.echo(printable(line))


@review.command("sheet", short_help="begin a score sheet for a lesson")
@click.argument("lesson", metavar="LESSON", help="its id, such as when-to-call")
@click.option("--reader", default="", metavar="NAME", help="who reads and scores it")
@click.pass_obj
def write_sheet(language: str, lesson: str, reader: str) -> None:
    """Add an empty score sheet for a reader, with each item of both checklists to fill in.

    Two readers who haven't written the lesson score it, each without seeing the other's sheet.
    """
    content, folder = _content(language)
    name = " ".join(printable(reader).split())
    today = datetime.now(UTC).date()
    try:
        found = signing.find_lesson(content, printable(lesson))
        path = begin_sheet(folder, content, found, name, today)
    except (SigningError, SheetError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
    click.echo(f"A sheet for {name}, to fill in: {printable(str(path))}")


def _day(text: str) -> date:
    today = datetime.now(UTC).date()
    if not text:
        return today
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise CommandError(
            f"“{printable(text)}” is not a day, such as {today}: year, month, and day."
        ) from None
    if (day - today).days > 1:  # it may be tomorrow already where it was signed
        raise CommandError(f"{day} is still to come: the day is when the lesson was read.")
    return day


def _content(language: str) -> tuple[Content, Path]:
    folder = content_folder()
    return load_content(texts(), folder, language), folder or library.FOLDER
