"""`learn demo`: a made-up group to look around with, and its end."""

from __future__ import annotations

import argparse
import hashlib
import secrets
import sys
from datetime import UTC, datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from learn.account import codes, passphrases
from learn.commands.terminal import opened, printable
from learn.config import from_environment
from learn.demo import group as demo_group
from learn.demo import queries
from learn.demo import rows as demo_rows
from learn.demo.queries import State
from learn.library.content import Content, load_content
from learn.models import Account, Group, GroupEducator, Item, SignIn
from learn.models.base import table_of
from learn.review import offer
from learn.review import queries as review

_PASSPHRASE = 16


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo` to the commands of `learn`."""
    parser = commands.add_parser(
        "demo", help="a made-up group to look around with", description=show.__doc__
    )
    parser.add_argument("--remove", action="store_true", help="remove all of it")
    parser.add_argument(
        "--site",
        default="http://127.0.0.1:8000",
        metavar="ADDRESS",
        help="the address of the site, for what is printed (%(default)s)",
    )
    parser.set_defaults(run=show)


def show(options: argparse.Namespace) -> int:
    """Fill an empty database with a made-up group of 40 learners over six weeks.

    It prints how to sign in as their educator. Every page says that these people are made up. Run
    again, it gives a new passphrase. With --remove, all of it goes, and nothing else.
    """
    return _remove() if options.remove else _fill(options.site.rstrip("/"))


def fill(session: Session, content: Content, passphrase: str, recovery: str, now: datetime) -> int:
    """Write the made-up group, whose six weeks end at `now`; returns how many answers it gave.

    `passphrase` and `recovery` are hashes, of its educator's way in.
    """
    taken = frozenset(c for c in session.scalars(select(Group.code)) if c)
    asked = offer.without(content, review.withheld(session))
    plan = demo_group.planned(asked, taken, now)
    for model, rows in demo_rows.rows(plan, asked, passphrase, recovery).items():
        session.execute(insert(table_of(model)), [*rows])
    found = select(func.count()).select_from(Item).where(Item.answered_at.is_not(None))
    return session.scalar(found) or 0


def remove(session: Session) -> int:
    """Remove every made-up account, and the groups that only they lead; returns how many it was.

    What hangs on them goes along: answers, memberships, assignments.
    """
    accounts = queries.state(session).demo
    led = select(GroupEducator.group_id).where(GroupEducator.account_id.in_(accounts))
    by_others = exists().where(
        GroupEducator.group_id == Group.id, GroupEducator.account_id.not_in(accounts)
    )
    groups = session.scalars(select(Group.id).where(Group.id.in_(led), ~by_others))
    session.execute(delete(Group).where(Group.id.in_({*groups, demo_group.GROUP})))
    session.execute(delete(Account).where(Account.id.in_(accounts)))
    return len(accounts)


def _fill(site: str) -> int:
    settings = from_environment()
    content = load_content(settings.texts, settings.content, settings.language)
    passphrase = "".join(secrets.choice(codes.ALPHABET) for _ in range(_PASSPHRASE)).lower()
    passphrase = codes.grouped(passphrase)
    kept = passphrases.HASHER.hash(passphrase)
    recovery = hashlib.sha256(secrets.token_bytes(32)).hexdigest()  # of no code that anybody has
    answers, nickname = 0, demo_rows.NICKNAME
    with opened(settings) as database, database.writing() as session:
        there = queries.state(session)
        if there.demo:
            nickname = _renew(session, kept)
        elif not there.real:
            answers = fill(session, content, kept, recovery, datetime.now(UTC))
    if there.real and not there.demo:
        print(_refusal(there), file=sys.stderr)
        return 1
    if not nickname:
        print("Demo data is there already, but its educator was deleted.", file=sys.stderr)
        print("For a new one: “learn demo --remove”, then “learn demo”.", file=sys.stderr)
        return 1
    if there.demo:
        print("Demo data is there already. Here is a new passphrase; the last one is no good now.")
    else:
        print(f"Made up: {demo_group.LEARNERS} learners and {answers} answers in six weeks.")
    print(_way_in(site, printable(nickname), passphrase))
    return 0


def _renew(session: Session, kept: str) -> str:
    """Give the educator that passphrase; returns their nickname, or nothing if they are gone."""
    return (
        session.scalar(
            update(SignIn)
            .where(SignIn.account_id == demo_group.EDUCATOR)
            .values(passphrase=kept)
            .returning(SignIn.nickname)
        )
        or ""
    )


def _remove() -> int:
    with opened(from_environment()) as database, database.writing() as session:
        accounts = remove(session)
    if accounts:
        print(f"{accounts} made-up accounts are gone, with their group and all that they did.")
        print("Within half a minute the pages no longer say that there is demo data.")
    else:
        print("There is no demo data here.")
    return 0


def _refusal(there: State) -> str:
    people = "an account" if there.real == 1 else f"{there.real} accounts"
    return (
        f"This database has {people} of real people. Made-up people are never put among them,\n"
        "so nothing was changed. To look around, use an empty database of its own:\n"
        "  LEARN_DATA=demo learn demo\n"
        "  LEARN_DATA=demo learn serve"
    )


def _way_in(site: str, nickname: str, passphrase: str) -> str:
    return (
        "To look around as their educator:\n"
        "1. Run “learn serve”, if it does not run yet.\n"
        f"2. Open {site}/sign-in\n"
        f"   Nickname    {nickname}\n"
        f"   Passphrase  {passphrase}\n"
        f"3. Open {site}/groups\n"
        "Every page says that these people are made up. “learn demo --remove” removes them all."
    )
