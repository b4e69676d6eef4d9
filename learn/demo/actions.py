"""Create and remove the demo data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from learn import accounts, sign_in_sessions
from learn.database import refresh_statistics
from learn.demo import group, queries, rows
from learn.editorial import queries as holds
from learn.library.content import Content
from learn.models import Account, Group, GroupEducator, Item, SignIn
from learn.models.base import table_of


def fill(session: Session, content: Content, passphrase: str, recovery: str, now: datetime) -> int:
    """Create the made-up group, whose six weeks end at `now`; return the number of answers.

    `passphrase` and `recovery` are hashes, for its educator to sign in.
    """
    taken = frozenset(c for c in session.scalars(select(Group.code)) if c)
    available = holds.without_questions(content, holds.held_questions(session))
    plan = group.make_plan(available, taken, now)
    return insert_rows(session, rows.rows(plan, available, passphrase, recovery))


def insert_rows(session: Session, made: rows.Rows) -> int:
    """Insert all rows of the made-up group; return the number of answers."""
    for model, values in made.items():
        session.execute(insert(table_of(model)), [*values])
    refresh_statistics(session)
    answered = select(func.count()).select_from(Item).where(Item.answered_at.is_not(None))
    return session.scalar(answered) or 0


def remove(session: Session) -> int:
    """Delete every demo account, and the groups that only they lead; return how many accounts.

    Answers, memberships and assignments are deleted by cascade.
    """
    demo = queries.accounts(session).demo
    led = select(GroupEducator.group_id).where(GroupEducator.account_id.in_(demo))
    by_others = exists().where(
        GroupEducator.group_id == Group.id, GroupEducator.account_id.not_in(demo)
    )
    groups = session.scalars(select(Group.id).where(Group.id.in_(led), ~by_others))
    session.execute(delete(Group).where(Group.id.in_({*groups, group.GROUP})))
    session.execute(delete(Account).where(Account.id.in_(demo)))
    return len(demo)


def renew(session: Session, passphrase: str) -> str:
    """Replace the demo educator's passphrase hash, and sign them out everywhere.

    Returns their nickname; empty if they are gone.
    """
    accounts.lock(session, group.EDUCATOR)
    sign_in_sessions.end_all(session, group.EDUCATOR)
    return (
        session.scalar(
            update(SignIn)
            .where(SignIn.account_id == group.EDUCATOR)
            .values(passphrase=passphrase)
            .returning(SignIn.nickname)
        )
        or ""
    )
