"""Somebody has a copy of the cookie: it never outlives what its owner does about that."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from learn import access
from learn.account import throttling
from learn.models import SignIn, SignInSession
from learn.models.base import table_of
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, register, sign_in

SESSIONS = table_of(SignInSession)
SIGNED_OUT = "You’ve been signed out on this device"
OTHERS, EVERYWHERE = "/account/devices/sign-out-others", "/account/devices/sign-out-everywhere"
ENDED = pytest.mark.parametrize("is_earlier", [False, True], ids=["own", "earlier"])


@pytest.fixture
def ana(ana: Person, clock: Any) -> Person:
    """Ana registered some minutes ago, so that she is asked to confirm it is her."""
    register(ana)
    clock.forward(minutes=6)
    return ana


def copy_of(person: Person) -> Person:
    """Somebody with a copy of the person's cookie, as it is now."""
    found = Person(person.browser.application, person.content)
    with person.browser.session_transaction() as session:
        held = {**session}
    with found.browser.session_transaction() as session:
        session.update(held)
    return found


def make_earlier(person: Person, connection: Connection) -> None:
    """Make the person's session and cookie those from before there were sessions."""
    own = SESSIONS.c.account_id == person.account
    connection.execute(update(SESSIONS).where(own).values(id=uuid.UUID(int=0), confirmed_at=None))
    with person.browser.session_transaction() as session:
        del session["session"]


def is_in(person: Person) -> bool:
    return person.browser.get("/account").status_code == 200


def is_confirmed(person: Person) -> bool:
    return person.browser.get("/account/nickname").status_code == 200


def change_passphrase(person: Person) -> int:
    person.open("/account/passphrase")
    form = person.form(current=PASSPHRASE, passphrase=ANOTHER)
    return person.post("/account/passphrase", form).status_code


def sign_out_others(person: Person) -> int:
    person.open("/account")
    return person.post(OTHERS, person.form()).status_code


def confirm(person: Person) -> int:
    person.open("/account/confirm")
    return person.post("/account/confirm", person.form(current=PASSPHRASE)).status_code


def once(act: Callable[[], object]) -> Callable[..., None]:
    """Return a function that acts the first time it is called, whatever it is called with."""
    left = [act]

    def first(*_given: object) -> None:
        if left:
            left.pop()()

    return first


@pytest.mark.parametrize("act", [change_passphrase, sign_out_others])
def test_signing_out_others_also_ends_a_copy_of_this_browsers_cookie(ana, connection, act):
    copy = copy_of(ana)
    since = connection.scalar(select(SESSIONS.c.created_at))

    assert act(ana) == 303
    assert (is_in(ana), is_in(copy)) == (True, False)
    assert connection.scalar(select(SESSIONS.c.created_at)) == since, "it is the same sign-in"


def test_a_copy_of_this_browsers_cookie_is_not_confirmed_with_it(ana, ben, connection):
    sign_in(ben)
    copy = copy_of(ana)

    assert confirm(ana) == 303
    assert is_confirmed(ana)
    assert (is_in(copy), is_confirmed(copy), is_in(ben)) == (False, False, True)
    assert len(connection.execute(select(SESSIONS)).all()) == 2


@ENDED
@pytest.mark.parametrize("act", [change_passphrase, sign_out_others, confirm])
def test_a_session_that_ends_during_its_request_is_not_renewed(
    ana, connection, monkeypatch, act, is_earlier
):
    """The guard finds the session current, then the owner signs out everywhere."""
    if is_earlier:
        make_earlier(ana, connection)
    thief = copy_of(ana)
    ana.open("/account")
    form = ana.form()

    def sign_out_everywhere() -> None:
        assert ana.post(EVERYWHERE, form).status_code == 303

    opened = thief.open

    def open_and_wait(page: str) -> Any:
        found = opened(page)
        monkeypatch.setattr(access, "renew_daily", once(sign_out_everywhere))
        return found

    monkeypatch.setattr(thief, "open", open_and_wait)
    assert act(thief) == 403
    assert SIGNED_OUT in thief.text
    assert not is_in(thief)
    assert connection.execute(select(SESSIONS)).all() == []
    assert sign_in(ana).status_code == 303, "the passphrase is as it was"


@ENDED
def test_a_confirmation_with_the_old_passphrase_fails_after_its_change(
    ana, ben, connection, monkeypatch, is_earlier
):
    """It was checked before the change, and would have confirmed after it."""
    if is_earlier:
        make_earlier(ana, connection)
    sign_in(ben)
    thief = copy_of(ana)
    monkeypatch.setattr(throttling, "record_sign_in", once(lambda: change_passphrase(ben)))

    assert confirm(thief) == 403
    assert (is_in(thief), is_in(ben)) == (False, True)
    assert len(connection.execute(select(SESSIONS)).all()) == 1


@ENDED
def test_a_confirmation_with_a_replaced_passphrase_fails(ana, connection, monkeypatch, is_earlier):
    """As where something but a page replaced it: no session ended with it."""
    if is_earlier:
        make_earlier(ana, connection)
    before = connection.execute(select(SESSIONS)).all()
    other = update(SignIn).values(passphrase="another")
    monkeypatch.setattr(throttling, "record_sign_in", once(lambda: connection.execute(other)))

    assert confirm(ana) == 422
    assert connection.execute(select(SESSIONS)).all() == before
    assert is_in(ana)
    assert not is_confirmed(ana)
