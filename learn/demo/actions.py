"""Write the made-up group, and remove it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from learn.demo import group, queries, rows
from learn.library.content import Content
from learn.models import Account, Group, GroupEducator, Item, SignIn
from learn.models.base import table_of
from learn.review import queries as review


def fill(session: Session, content: Content, passphrase: str, recovery: str, now: datetime) -> int:
    """Write the made-up group, whose six weeks end at `now`; returns how many answers it gave.

    `passphrase` and `recovery` are hashes, of its educator's way in.
    """
    taken = frozenset(c for c in session.scalars(select(Group.code)) if c)
    asked = review.without(content, review.withheld(session))
    plan = group.planned(asked, taken, now)
    for model, values in rows.rows(plan, asked, passphrase, recovery).items():
        session.execute(insert(table_of(model)), [*values])
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
    session.execute(delete(Group).where(Group.id.in_({*groups, group.GROUP})))
    session.execute(delete(Account).where(Account.id.in_(accounts)))
    return len(accounts)


def renew(session: Session, passphrase: str) -> str:
    """Give the educator another passphrase, which is a hash.

    Returns their nickname, or nothing if they are gone.
    """
    return (
        session.scalar(
            update(SignIn)
            .where(SignIn.account_id == group.EDUCATOR)
            .values(passphrase=passphrase)
            .returning(SignIn.nickname)
        )
        or ""
    )
