"""Concurrent requests to join, change, and leave a group."""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from learn.groups import actions as groups
from learn.groups.actions import AddResult
from learn.membership import actions as membership
from learn.membership.actions import LeadsGroupError, SharingChoice
from learn.models import Account, Educator, Group, GroupEducator, Membership
from learn.models.base import table_of
from tests.learn.concurrency import TOGETHER, all_at_once, at_once, count, together
from tests.learn.people import Person
from tests.learn.signing_in import LONG_AGO

CODE = "DAGO-MELU-ZAPO"
QUIZ = "/quizzes/lesson/what-is-all"


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def group(app: Flask) -> uuid.UUID:
    """A group that somebody leads."""
    kim, own = uuid.uuid4(), uuid.uuid4()
    with app.extensions["learn.database"].transaction() as session:
        session.add(Account(id=kim, created_at=LONG_AGO))
        code = CODE.replace("-", "")
        session.add(Group(id=own, name="Class", code=code, created_at=LONG_AGO, archived_at=None))
        session.flush()
        session.add(Educator(account_id=kim, name="Kim", since=LONG_AGO, removed_at=None))
        session.add(GroupEducator(account_id=kim, group_id=own, added_at=LONG_AGO))
    return own


def memberships(app: Flask) -> list:
    with app.extensions["learn.database"].read_session() as session:
        return [*session.execute(select(table_of(Membership)))]


def test_joining_in_many_tabs_of_a_new_visitor_joins_once(app, content, group):
    ana = Person(app, content)
    ana.open(f"/join/{CODE}")
    cookie = ana.browser.get_cookie("learn_all").value
    forms = [
        ana.form(sharing="totals" if i % 2 else "named", nickname="Ana") for i in range(TOGETHER)
    ]

    assert at_once(app, cookie, f"/join/{CODE}", forms) == [303] * TOGETHER
    assert len(memberships(app)) == 1
    assert count(app, Account) == 2


def test_simultaneous_changes_are_applied_one_after_the_other(app, content, group):
    ana = Person(app, content)
    ana.open(f"/join/{CODE}")
    ana.post(f"/join/{CODE}", ana.form(sharing="named", nickname="Ana"))
    address = f"/my-groups/{group}/change"
    ana.open(address)
    cookie = ana.browser.get_cookie("learn_all").value

    assert (
        at_once(app, cookie, address, [ana.form(sharing="totals")] * TOGETHER) == [303] * TOGETHER
    )
    assert Counter((s.sharing, s.until is None) for s in memberships(app)) == {
        ("named", False): 1,
        ("totals", True): 1,
    }


def test_nobody_becomes_educator_and_member_of_a_group_at_the_same_moment(app, group):
    """The page to join was opened before."""
    database = app.extensions["learn.database"]
    for turn in range(4):
        lee, choice = uuid.uuid4(), SharingChoice(uuid.uuid4(), "")
        with database.transaction() as session:
            session.add(Account(id=lee, created_at=LONG_AGO))
            session.flush()
            session.add(
                Educator(account_id=lee, name=f"Lee {turn}", since=LONG_AGO, removed_at=None)
            )

        def joins(lee=lee, choice=choice) -> bool:
            with database.transaction() as session, contextlib.suppress(LeadsGroupError):
                return membership.join(
                    session, lee, group, choice, LONG_AGO, earlier=False, is_persisted=True
                )
            return False

        def leads(turn=turn) -> bool:
            with database.transaction() as session:
                added = groups.add_educator(session, group, f"Lee {turn}", LONG_AGO)
            return added is AddResult.ADDED

        assert sum(together([joins, leads])) == 1


def test_leaving_during_changes_leaves_at_most_one_membership(app, content, group):
    for _ in range(3):
        ana = Person(app, content)
        ana.open(f"/join/{CODE}")
        ana.post(f"/join/{CODE}", ana.form(sharing="named", nickname="Ana"))
        ana.open(f"/my-groups/{group}/leave")
        cookie, form = ana.browser.get_cookie("learn_all").value, ana.form()
        change = (f"/my-groups/{group}/change", form | {"sharing": "totals"})
        leave = (f"/my-groups/{group}/leave", form)

        assert {*all_at_once(app, cookie, [change, leave] * 3)} == {303}
        mine = [s for s in memberships(app) if s.account_id == ana.account]
        assert all(s.until is not None for s in mine), "a change never undoes that somebody left"


def test_deleting_the_account_while_joining_leaves_nothing(app, content, group):
    for _ in range(4):
        ana = Person(app, content)
        ana.open(QUIZ)
        ana.answer_right()
        ana.open(f"/join/{CODE}")
        cookie, form = ana.browser.get_cookie("learn_all").value, ana.form()
        join = (f"/join/{CODE}", form | {"sharing": "named", "nickname": "Ana"})
        change = (f"/my-groups/{group}/change", form | {"sharing": "totals"})
        ways = [join, ("/my-data/delete", form), change] * 2
        statuses = all_at_once(app, cookie, ways)

        assert {*statuses} <= {303, 400, 404}
        assert [s for s in memberships(app) if s.account_id == ana.account] == []
        with app.extensions["learn.database"].read_session() as session:
            assert session.scalar(select(Account.id).where(Account.id == ana.account)) is None
