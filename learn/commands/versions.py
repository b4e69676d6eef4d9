"""`learn versions …`: keep every version of each question in files."""

from __future__ import annotations

import click

from learn.commands.errors import CommandError
from learn.config import content_folder
from learn.library.read_content import bank_folder
from questions.bank import load_bank
from questions.reading import languages_of
from questions.versions import write_archive


@click.group
def versions() -> None:
    """Keep every version of each question in files."""


@versions.command(short_help="the questions as they are now")
def keep() -> None:
    """Add each question as it is now to the archive beside the bank, in every language.

    Run it whenever questions were edited: old answers are shown with the version that they were
    given to. Versions that are no longer asked stay.
    """
    folder = bank_folder(content_folder())
    banks = [load_bank(folder, language) for language in languages_of(folder, "*/*.toml")]
    try:
        count = write_archive(folder, *banks)
    except OSError as error:
        raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
    click.echo(f"{count} new or changed." if count else "All are kept already.")
