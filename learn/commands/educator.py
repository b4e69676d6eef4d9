"""`learn educator …`: invite educators, list them, remove one."""

from __future__ import annotations

import argparse
import secrets
import sys
import uuid
from datetime import UTC, datetime

from learn.commands.terminal import opened, printable
from learn.config import from_environment
from learn.educators import actions, queries
from learn.educators.queries import Listed

_LONGEST = 80


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `educator` to the commands of `learn`."""
    parser = commands.add_parser("educator", help="invite educators, list them, remove one")
    parts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    new = parts.add_parser("invite", help="a link that works once", description=invite.__doc__)
    new.add_argument("name", metavar="NAME", help="what the members of their groups will read")
    new.add_argument(
        "--site",
        default="http://127.0.0.1:8000",
        metavar="ADDRESS",
        help="the address of the site, for the link (%(default)s)",
    )
    new.set_defaults(run=invite)
    everybody = parts.add_parser("list", help="all educators", description=show.__doc__)
    everybody.set_defaults(run=show)
    out = parts.add_parser("remove", help="end somebody's role", description=remove.__doc__)
    out.add_argument("name", metavar="NAME", help="as “learn educator list” shows it, or the id")
    out.set_defaults(run=remove)


def invite(options: argparse.Namespace) -> int:
    """Print a link that makes whoever opens it an educator: once, within seven days."""
    name = printable(options.name).strip()
    if not name or len(name) > _LONGEST:
        print(f"A name has 1 to {_LONGEST} letters.", file=sys.stderr)
        return 1
    token = secrets.token_urlsafe(24)
    with opened(from_environment()) as database, database.writing() as session:
        ends_at = actions.invite(session, name, token, datetime.now(UTC))
    print(f"{options.site.rstrip('/')}/educators/invite/{token}")
    print(f"It works once, until {ends_at:%B %d, %Y, %H:%M} UTC. Give it to {name} alone.")
    return 0


def show(_options: argparse.Namespace) -> int:
    """List everybody who is or was an educator, and the invitations that are open."""
    with opened(from_environment()) as database, database.reading() as session:
        found = queries.educators(session)
        waiting = queries.open_invitations(session, datetime.now(UTC))
    for one in found:
        print(_line(one))
    for invited in waiting:
        print(f"{invited.name}: invited, until {invited.ends_at:%B %d, %Y}")
    if not found and not waiting:
        print("There are no educators yet. “learn educator invite NAME” invites one.")
    return 0


def remove(options: argparse.Namespace) -> int:
    """End somebody's role at once: they see no group any more. Groups and answers stay."""
    with opened(from_environment()) as database, database.writing() as session:
        active = [e for e in queries.educators(session) if e.removed_at is None]
        named = [e for e in active if options.name in (e.name, e.nickname, str(e.account))]
        if len(named) == 1:
            actions.remove(session, named[0].account, datetime.now(UTC))
    if not named:
        print(f"No educator is called {printable(options.name)}.", file=sys.stderr)
        return 1
    if len(named) > 1:
        print("Several have that name. Say which, by id:", file=sys.stderr)
        for one in named:
            print(_line(one), file=sys.stderr)
        return 1
    print(f"{named[0].name} is no educator any more.")
    return 0


def _line(one: Listed) -> str:
    groups = "1 group" if one.groups == 1 else f"{one.groups} groups"
    state = f"removed {one.removed_at:%B %d, %Y}" if one.removed_at else groups
    nickname = f" (signs in as {one.nickname})" if one.nickname else ""
    return f"{one.name}{nickname}: since {one.since:%B %d, %Y}, {state}, {_id(one.account)}"


def _id(account: uuid.UUID) -> str:
    return f"id {account}"
