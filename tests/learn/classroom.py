"""An educator with a group, and its members, as tests need them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from learn.models import (
    Account,
    Assignment,
    Educator,
    Group,
    GroupEducator,
    Membership,
    SharingTerms,
)
from learn.models.base import table_of
from tests.learn.conftest import DAWN
from tests.learn.people import Person
from tests.learn.signing_in import LONG_AGO, add_credentials, signed_in

GROUP = uuid.UUID(int=0x6409)
GROUP_PAGES = f"/groups/{GROUP}"
ASSIGNMENTS = f"{GROUP_PAGES}/assignments"


def lead(app: Flask, person: Person, group: uuid.UUID = GROUP, name: str = "Tuesday class") -> None:
    """Sign the person in as an educator who leads a group of that name."""
    account = person.account
    add_credentials(app, account, "Eva")
    with app.extensions["learn.database"].transaction() as session:
        held = signed_in(session, account, "Eva")
        session.execute(
            insert(table_of(Educator)).values(
                account_id=account, name="Eva", since=LONG_AGO, removed_at=None
            )
        )
        session.execute(
            insert(table_of(Group)).values(
                id=group, name=name, code=None, created_at=LONG_AGO, archived_at=None
            )
        )
        session.execute(
            insert(table_of(GroupEducator)).values(
                account_id=account, group_id=group, added_at=LONG_AGO
            )
        )
    with person.browser.session_transaction() as cookie:
        cookie.update(held)


def join(  # noqa: PLR0913, PLR0917 - a membership is all of that
    app: Flask,
    person: Person,
    sharing: str = "named",
    group: uuid.UUID = GROUP,
    since: datetime = DAWN - timedelta(days=1),
    terms: SharingTerms = SharingTerms.LATEST,
) -> None:
    """Make the person a member of the group who shares from `since` on."""
    with app.extensions["learn.database"].transaction() as session:
        if session.scalar(select(Account.id).where(Account.id == person.account)) is None:
            session.add(Account(id=person.account, created_at=LONG_AGO))
            session.flush()
        session.add(
            Membership(
                account_id=person.account,
                id=uuid.uuid4(),
                group_id=group,
                sharing=sharing,
                terms=terms,
                nickname="Ana" if sharing == "named" else "",
                shares_from=since,
                since=since,
                until=None,
            )
        )
    with person.browser.session_transaction() as held:
        held["known"] = held.get("known", 1)


def leave(app: Flask, person: Person, now: datetime) -> None:
    """End the person's membership in every group."""
    with app.extensions["learn.database"].transaction() as session:
        session.execute(
            update(Membership)
            .where(Membership.account_id == person.account, Membership.until.is_(None))
            .values(until=now)
        )


def ask(educator: Person, **chosen: Any) -> Assignment:
    """Post an assignment as the educator."""
    educator.open(f"{ASSIGNMENTS}/new")
    new_id = educator.hidden("new_id")
    page = educator.post(ASSIGNMENTS, educator.form(**chosen))
    assert page.status_code == 303, educator.text
    return made(educator, uuid.UUID(hex=new_id))


def made(educator: Person, assignment: uuid.UUID) -> Assignment:
    """What was asked, as it is kept."""
    with educator.browser.application.extensions["learn.database"].read_session() as session:
        return session.scalars(select(Assignment).where(Assignment.id == assignment)).one()
