"""`learn demo`: create and remove a made-up group of learners."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime

import click

from learn.account import codes, passphrases
from learn.commands.database import opened
from learn.commands.errors import CommandError
from learn.commands.terminal import printable
from learn.config import from_environment, site_address
from learn.demo import actions, group, queries, rows
from learn.demo.queries import DemoAccounts
from learn.library.read_content import load_content

_PASSPHRASE = 16


@click.command
@click.option("--remove", is_flag=True, help="remove all of it")
@click.option(
    "--site",
    default="",
    show_default="LEARN_PUBLIC_URL, or http://127.0.0.1:8000",
    metavar="ADDRESS",
    help="the address of the site, for what is printed",
)
def demo(site: str, *, remove: bool) -> None:
    """Fill an empty database with a made-up group of 40 learners over six weeks.

    It prints how to sign in as their educator. Every page says that these people are made up. Run
    again, it gives a new passphrase. With --remove, all of it goes, and nothing else.
    """
    if remove:
        _remove()
    else:
        _fill(site)


def _fill(site: str) -> None:
    settings = from_environment()
    content = load_content(settings.texts, settings.content, settings.language)
    passphrase = "".join(secrets.choice(codes.ALPHABET) for _ in range(_PASSPHRASE)).lower()
    passphrase = codes.grouped(passphrase)
    passphrase_hash = passphrases.HASHER.hash(passphrase)
    recovery = hashlib.sha256(secrets.token_bytes(32)).hexdigest()  # matches no recovery code
    answers, nickname = 0, rows.NICKNAME
    with opened(settings) as database, database.transaction() as session:
        existing = queries.accounts(session)
        if existing.demo:
            nickname = actions.renew(session, passphrase_hash)
        elif not existing.real:
            answers = actions.fill(session, content, passphrase_hash, recovery, datetime.now(UTC))
    if existing.real and not existing.demo:
        raise CommandError(_refusal(existing))
    if not nickname:
        raise CommandError(
            "Demo data is there already, but its educator was deleted.\n"
            "For a new one: “learn demo --remove”, then “learn demo”."
        )
    if existing.demo:
        click.echo(
            "Demo data is there already. Here is a new passphrase; the last one is no good now."
        )
    else:
        click.echo(f"Made up: {group.LEARNERS} learners and {answers} answers in six weeks.")
    click.echo(_instructions(site_address(settings, site), printable(nickname), passphrase))


def _remove() -> None:
    with opened(from_environment()) as database, database.transaction() as session:
        accounts = actions.remove(session)
    if accounts:
        click.echo(f"{accounts} made-up accounts are gone, with their group and all that they did.")
        click.echo("Within half a minute the pages no longer say that there is demo data.")
    else:
        click.echo("There is no demo data here.")


def _refusal(existing: DemoAccounts) -> str:
    people = "an account" if existing.real == 1 else f"{existing.real} accounts"
    return (
        f"This database has {people} of real people. Made-up people are never put among them,\n"
        "so nothing was changed. To look around, use an empty database of its own:\n"
        "  LEARN_DATA=demo learn demo\n"
        "  LEARN_DATA=demo learn serve"
    )


def _instructions(site: str, nickname: str, passphrase: str) -> str:
    return (
        "To look around as their educator:\n"
        "1. Run “learn serve”, if it does not run yet.\n"
        f"2. Open {site}/sign-in\n"
        f"   Nickname    {nickname}\n"
        f"   Passphrase  {passphrase}\n"
        f"3. Open {site}/groups\n"
        "Every page says that these people are made up. “learn demo --remove” removes them all."
    )
