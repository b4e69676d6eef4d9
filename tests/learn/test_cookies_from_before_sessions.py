"""Cookies from before there were sessions."""

from __future__ import annotations

import uuid

from sqlalchemy import func, insert, select, update

from learn.models import Item, SignIn
from tests.learn.registration import (
    QUIZ,
    register,
    sign_in,
    sign_out,
)
from tests.learn.sessions import SESSIONS, copy_of, is_in, sessions, sign_out_everywhere_but
from tests.learn.signing_in import LONG_AGO


def test_an_old_guest_cookie_opens_nothing_after_registration(ana, connection):
    """Until there were sessions, a guest's account was the one that was registered."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        del session["session"]
        account = uuid.UUID(hex=session["account"])
    way = {"nickname": "Ana", "nickname_key": "ana", "passphrase": "x", "recovery": "y"}
    connection.execute(insert(SignIn).values(account_id=account, **way, kept_since=LONG_AGO))

    assert not is_in(ana)
    assert "Ana" not in ana.open("/progress").get_data(as_text=True)
    assert connection.scalar(select(func.count()).where(Item.account_id == account))


def test_an_old_guest_cookie_is_checked_once(ana, statements):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        del session["session"]
    counts = []
    for _ in range(2):
        statements.clear()
        ana.open("/")
        counts.append(len(statements))
    assert "Welcome back" in ana.text
    assert counts[0] == counts[1] + 1


def test_an_old_cookie_counts_as_one_session_until_it_ends(ana, ben, app, connection, content):
    register(ana)
    (row,) = sessions(connection)
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0)))
    old = copy_of(ana)
    for person in (ana, old):
        with person.browser.session_transaction() as session:
            del session["session"]

    assert (is_in(ana), is_in(old)) == (True, True)
    sign_in(ben)
    assert (is_in(ana), is_in(old)) == (True, True)
    sign_out_everywhere_but(ana)
    assert (is_in(ana), is_in(old), is_in(ben)) == (True, False, False)
    assert row.id not in {r.id for r in sessions(connection)}


def test_signing_out_with_an_old_cookie_ends_all_old_sessions(ana, connection):
    register(ana)
    connection.execute(update(SESSIONS).values(id=uuid.UUID(int=0)))
    old = copy_of(ana)
    for person in (ana, old):
        with person.browser.session_transaction() as session:
            del session["session"]
    sign_out(ana)

    assert (is_in(ana), is_in(old)) == (False, False)
