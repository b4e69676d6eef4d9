"""`learn check`: check lessons and questions, or print questions for people to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click

from learn.authoring import blind_test, item_sheets, report
from learn.commands.errors import CommandError
from learn.commands.paths import PATH
from learn.commands.terminal import printable
from learn.config import content_folder, texts
from learn.library.content import Content
from learn.library.read_content import load_content
from questions.guessing import Guesses
from questions.reading import ContentError


@click.command
@click.option("--json", is_flag=True, help="the report for machines")
@click.option(
    "--all", "in_full", is_flag=True, help="every error of a content folder, not the next ones"
)
@click.option(
    "--language",
    envvar="LEARN_LANGUAGE",
    default="en",
    metavar="CODE",
    help="compare the files in this language, such as “es”, with the English ones",
)
@click.option("--items", is_flag=True, help="print a page for each objective, to review")
@click.option(
    "--blind",
    type=(str, click.IntRange(min=1)),
    metavar="SEED N",
    help="print N questions without their keys, drawn and shuffled by the seed",
)
@click.option(
    "--masked", is_flag=True, help="with --blind: made-up words for all but everyday ones"
)
@click.option(
    "--answers",
    type=PATH,
    metavar="FILE",
    help="with the same --blind: grade the answers in a file, beside chance",
)
@click.pass_context
def check(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    language: str,
    blind: tuple[str, int] | None,
    answers: Path | None,
    *,
    json: bool,
    in_full: bool,
    items: bool,
    masked: bool,
) -> None:
    """Check all lessons and questions; each error is named with its file and line.

    With --content, what to do next comes first, and what comes later is counted.
    """
    if not re.fullmatch(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?", language):
        raise CommandError(f"“{printable(language)}” is not the code of a language, such as “es”.")
    if blind is None and (masked or answers):
        raise CommandError("Say which questions: --blind SEED N.")
    if blind and (items or json):
        raise CommandError("--blind prints questions alone: leave out --items and --json.")
    if blind and answers and masked:
        raise CommandError("The answers are graded the same way without --masked: leave it out.")
    if items or blind:
        content = load_content(texts(), content_folder(), language)
        _echo(
            _blind(content, blind, answers, masked=masked)
            if blind
            else item_sheets.item_sheets(content)
        )
        return
    if language == "en":
        result = report.check(texts(), content_folder())
    else:
        result = report.check_language(texts(), content_folder(), language)
    click.echo(result.to_json() if json else result.to_text(in_full=in_full))
    ctx.exit(1 if result.errors else 0)


def _blind(
    content: Content, blind: tuple[str, int], answers: Path | None, *, masked: bool
) -> Iterable[str]:
    seed, count = blind
    drawn = blind_test.draw(content.bank, seed, count)
    if len(drawn) < count:
        raise CommandError(f"There are {len(drawn)} such questions: ask for at most that many.")
    if answers is None:
        return blind_test.sheet(drawn, seed, masked=masked)
    result, errors = blind_test.grade_answers(drawn, answers)
    if errors or result is None:
        raise CommandError("\n".join(_lines(errors)))
    return [_graded(result)]


def _lines(errors: Iterable[ContentError]) -> Iterable[str]:
    return [printable(str(error)) for error in errors]


def _graded(result: Guesses) -> str:
    verdict = "above chance" if result.beat_chance else "not above chance"
    return (
        f"{result.share:.1%} right of {result.n} questions"
        f" (95% interval {result.low:.1%} to {result.high:.1%}), {result.chance:.1%} by chance:"
        f" {verdict}."
    )


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        start = "\f" if line.startswith("\f") else ""
        click.echo(start + printable(line.removeprefix("\f")))
