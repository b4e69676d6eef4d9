"""`learn educator …`: invite, list and remove educators, and withdraw invitations."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

import click

from learn.commands.database import opened
from learn.commands.errors import CommandError
from learn.commands.terminal import printable
from learn.config import from_environment, site_address
from learn.educators import actions, queries
from learn.educators.queries import EducatorView

_MAX_LENGTH = 80


@click.group
def educator() -> None:
    """Invite, list and remove educators; withdraw invitations."""


@educator.command(short_help="a link that works once")
@click.argument("name", metavar="NAME", help="what the members of their groups will read")
@click.option(
    "--site",
    default="",
    show_default="LEARN_PUBLIC_URL, or http://127.0.0.1:8000",
    metavar="ADDRESS",
    help="the address of the site, for the link",
)
def invite(name: str, site: str) -> None:
    """Print a link that makes an account an educator: once, within seven days."""
    name = printable(name).strip()
    if not name or len(name) > _MAX_LENGTH:
        raise CommandError(f"A name has 1 to {_MAX_LENGTH} letters.")
    token = secrets.token_urlsafe(24)
    settings = from_environment()
    with opened(settings) as database, database.transaction() as session:
        ends_at = actions.invite(session, name, token, datetime.now(UTC))
    click.echo(f"{site_address(settings, site)}/educators/invite/{token}")
    click.echo(f"It works once, until {ends_at:%B %d, %Y, %H:%M} UTC. Give it to {name} alone.")


@educator.command("list", short_help="all educators")
def show() -> None:
    """List everybody who is or was an educator, and the invitations that are open."""
    with opened(from_environment()) as database, database.read_session() as session:
        educators = queries.educators(session)
        waiting = queries.open_invitations(session, datetime.now(UTC))
    for listed in educators:
        click.echo(printable(_line(listed)))
    for invited in waiting:
        click.echo(printable(f"{invited.name}: invited, until {invited.ends_at:%B %d, %Y}"))
    if not educators and not waiting:
        click.echo("There are no educators yet. “learn educator invite NAME” invites one.")


@educator.command(short_help="make an invitation void")
@click.argument("name", metavar="NAME", help="as “learn educator list” shows it")
def withdraw(name: str) -> None:
    """Make the open invitations of that name void at once. Those who used one stay educators."""
    name = printable(name).strip()
    with opened(from_environment()) as database, database.transaction() as session:
        count = actions.withdraw(session, name, datetime.now(UTC))
    if not count:
        raise CommandError(f"No invitation is open for {name}. “learn educator list” shows all.")
    links = "The link no longer works" if count == 1 else f"{count} links no longer work"
    click.echo(f"{name} is no longer invited. {links}.")


@educator.command(short_help="end somebody's role")
@click.argument("name", metavar="NAME", help="as “learn educator list” shows it, or the id")
def remove(name: str) -> None:
    """End somebody's role at once: they see no group any more. Groups and answers stay."""
    with opened(from_environment()) as database, database.transaction() as session:
        active = [e for e in queries.educators(session) if e.removed_at is None]
        named = [e for e in active if name in (e.name, e.nickname, str(e.account))]
        if len(named) == 1:
            actions.remove(session, named[0].account, datetime.now(UTC))
    if not named:
        raise CommandError(f"No educator is called {printable(name)}.")
    if len(named) > 1:
        lines = ["Several have that name. Say which, by id:", *(printable(_line(e)) for e in named)]
        raise CommandError("\n".join(lines))
    click.echo(printable(f"{named[0].name} is no educator any more."))


def _line(listed: EducatorView) -> str:
    groups = "1 group" if listed.groups == 1 else f"{listed.groups} groups"
    state = f"removed {listed.removed_at:%B %d, %Y}" if listed.removed_at else groups
    nickname = f" (signs in as {listed.nickname})" if listed.nickname else ""
    return (
        f"{listed.name}{nickname}: since {listed.since:%B %d, %Y}, {state}, {_id(listed.account)}"
    )


def _id(account: uuid.UUID) -> str:
    return f"id {account}"
