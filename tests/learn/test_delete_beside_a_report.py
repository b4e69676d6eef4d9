"""A member deletes everything, signs in, or leaves while a group's totals are being disclosed.

An educator who opens a report writes about the members' answers, and a foreign key waits for them.
So a member who takes answers away waits for the report first, and holds none of them meanwhile.
"""

from __future__ import annotations

import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.account_merge.actions import merge_guest
from learn.membership.actions import SharingChoice, change, leave
from learn.models import Account, DisclosedAnswer, Membership
from learn.my_data.actions import delete_everything
from learn.results.actions import disclose
from tests.learn.groups import BEGUN, RIGHT, ClassOf
from tests.learn.signing_in import add_credentials

WAIT = 0.5
"""Seconds in which the member gets as far as they can."""

OWN = uuid.UUID(int=0xACC)


def signs_in(session: Session, member: uuid.UUID, _group: uuid.UUID) -> None:
    merge_guest(session, member, OWN, BEGUN)


def deletes(session: Session, member: uuid.UUID, _group: uuid.UUID) -> None:
    delete_everything(session, member, BEGUN)


def leaves(session: Session, member: uuid.UUID, group: uuid.UUID) -> None:
    leave(session, member, group, BEGUN)


def changes(session: Session, member: uuid.UUID, group: uuid.UUID) -> None:
    change(session, member, group, SharingChoice(uuid.UUID(int=1), "Ann"), BEGUN)


@pytest.mark.parametrize("goes", [deletes, signs_in, leaves, changes])
def test_a_member_waits_for_the_report_and_neither_gives_up(pooled_app, content, goes):
    database = pooled_app.extensions["learn.database"]
    add_credentials(pooled_app, OWN)
    with database.transaction() as session:
        group = ClassOf(session.connection(), content.bank)
        members = [group.join("totals") for _ in range(12)]
        for member in members:
            group.answer(member, dict.fromkeys([*content.bank.questions][:3], RIGHT))
    begun = Event()
    gone: list[Future[None]] = []

    def take_away() -> None:
        with database.transaction() as session:
            begun.set()
            goes(session, members[5], group.id)

    with ThreadPoolExecutor(1) as pool:

        def new_id() -> uuid.UUID:
            """Called between reading the answers and writing about them."""
            if not gone:
                gone.append(pool.submit(take_away))
                begun.wait(WAIT)  # on SQLite, its transaction can't begin before this one has ended
                with pytest.raises(TimeoutError):
                    gone[0].result(WAIT)
            return uuid.uuid4()

        with database.transaction() as session:
            assert disclose(session, group.id, new_id, BEGUN) == 3
        gone[0].result()

    with database.read_session() as session:
        assert len(session.execute(select(DisclosedAnswer)).all()) >= 11 * 3
        left = session.scalar(select(Account.id).where(Account.id == members[5]))
        assert (left is None) is (goes in {deletes, signs_in})
        current = select(Membership.sharing).where(
            Membership.until.is_(None), Membership.account_id.in_((members[5], OWN))
        )
        expected = {deletes: [], signs_in: ["totals"], leaves: [], changes: ["named"]}
        assert [*session.scalars(current)] == expected[goes]
