"""A form is sent twice, as by a double tap: both end where the first did, signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from learn.models import Account, Passkey, SignIn, SignInSession
from tests.learn.authenticator import Authenticator
from tests.learn.passkeys import add, ceremony_options
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, register, sign_in
from tests.learn.tabs import count, tab_of, together

Form = dict[str, str]
OTHERS = "/account/devices/sign-out-others"
EVERYWHERE = "/account/devices/sign-out-everywhere"


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def ana(app: Flask, content: Any, phone: Authenticator) -> Person:
    """Ana has a passkey, and is signed in on another device, too."""
    ana = Person(app, content)
    register(ana)
    assert add(ana, phone) == 303
    sign_in(Person(app, content))
    return ana


def key_of(app: Flask) -> uuid.UUID:
    with app.extensions["learn.database"].read_session() as session:
        return session.scalars(select(Passkey.id)).one()


def wait_six_minutes(app: Flask) -> None:
    """Make each confirmation one of six minutes ago, so that it is asked for again."""
    with app.extensions["learn.database"].transaction() as session:
        held = session.scalar(select(SignInSession.confirmed_at).limit(1))
        session.execute(update(SignInSession).values(confirmed_at=held - timedelta(minutes=6)))


def passphrase(ana: Person, _phone: Any) -> tuple[str, Form]:
    ana.open("/account/passphrase")
    return "/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER)


def others(ana: Person, _phone: Any) -> tuple[str, Form]:
    ana.open("/account")
    return OTHERS, ana.form()


def confirming(ana: Person, _phone: Any) -> tuple[str, Form]:
    wait_six_minutes(ana.browser.application)
    ana.open("/account/confirm?to=/account/nickname")
    return "/account/confirm?to=/account/nickname", ana.form(current=PASSPHRASE)


def confirming_by_passkey(ana: Person, phone: Authenticator) -> tuple[str, Form]:
    wait_six_minutes(ana.browser.application)
    ana.open("/passkeys/confirm?to=/account/nickname")
    used = phone.use(ceremony_options(ana, "sign-in"))
    return "/passkeys/confirm?to=/account/nickname", ana.form(credential=used)


def sending_again(ana: Person, _phone: Any) -> tuple[str, Form]:
    """Send a form that was open for too long, and then the passphrase for it."""
    ana.open("/account/nickname")
    form = ana.form(nickname="Bea")
    wait_six_minutes(ana.browser.application)
    assert ana.post("/account/nickname", form).status_code == 403
    return "/account/confirm?to=/account/nickname", ana.form(current=PASSPHRASE)


def nickname(ana: Person, _phone: Any) -> tuple[str, Form]:
    ana.open("/account/nickname")
    return "/account/nickname", ana.form(nickname="Bea")


def removal(ana: Person, _phone: Any) -> tuple[str, Form]:
    address = f"/passkeys/{key_of(ana.browser.application)}/remove"
    ana.open(address)
    return address, ana.form(others="y")


FORMS = {
    passphrase: "/account?done=passphrase",
    others: "/account?done=others",
    confirming: "/account/nickname",
    confirming_by_passkey: "/account/nickname",
    sending_again: "/account/nickname",
    nickname: "/account?done=nickname",
    removal: "/passkeys?done=removed",
}
Prepare = Callable[[Person, Authenticator], tuple[str, Form]]
each_form = pytest.mark.parametrize("prepare", FORMS, ids=lambda prepare: prepare.__name__)


def sender(tab: Person, address: str, form: Form) -> Callable[[], TestResponse]:
    return lambda: tab.post(address, form)


def test_the_forms_that_ask_to_confirm_and_those_that_renew_the_session_are_all_here(app):
    """A form that begins to renew the session belongs in FORMS."""
    renewing = {
        "account.change_passphrase",
        "account.sign_out_others",
        "account.submit_confirmation",
        "passkeys.submit_confirmation",
        "passkeys.submit_removal",
    }
    ending = {"account.sign_out_everywhere", "my_data.delete_everything"}
    found = {e for e, v in app.view_functions.items() if getattr(v, "is_answered_again", False)}

    assert found == renewing | ending


@each_form
def test_sent_twice_one_after_the_other_both_lead_to_the_same_page(app, ana, phone, prepare):
    """The browser has not seen the answer to the first: its cookie is still that of before."""
    address, form = prepare(ana, phone)
    late = tab_of(ana)
    first, second = ana.post(address, form), late.post(address, form)

    assert [page.location for page in (first, second)] == [FORMS[prepare]] * 2
    assert first.status_code == second.status_code
    for person in (ana, late):
        assert person.browser.get("/account").status_code == 200, "signed in"


@each_form
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_sent_twice_at_the_same_moment_both_lead_to_the_same_page(app, ana, phone, prepare, turn):
    address, form = prepare(ana, phone)
    tabs = [tab_of(ana), tab_of(ana)]
    pages = together(sender(tab, address, form) for tab in tabs)

    assert [page.location for page in pages] == [FORMS[prepare]] * 2
    for tab in tabs:
        assert tab.browser.get("/account").status_code == 200, "signed in"


@each_form
def test_whichever_answer_comes_last_the_browser_stays_signed_in(app, ana, phone, prepare):
    """It has one cookie: that of the answer that came last."""
    address, form = prepare(ana, phone)
    tabs = [tab_of(ana), tab_of(ana)]
    together(sender(tab, address, form) for tab in tabs)
    before = count(app, SignInSession)

    for tab in tabs:
        assert tab.browser.get("/account").status_code == 200
    assert before == count(app, SignInSession) == (1 if prepare in ENDS_OTHERS else 2), (
        "the second form made no session of its own"
    )


ENDS_OTHERS = (passphrase, others, removal)


@pytest.mark.parametrize("prepare", [passphrase, others, confirming, removal])
def test_a_copy_of_the_cookie_with_another_form_is_signed_out(app, ana, phone, prepare):
    """Only the very form that was sent shows that it is the same browser."""
    address, form = prepare(ana, phone)
    copy = tab_of(ana)
    copy.open(address.split("/devices")[0])
    other = copy.form(others="y", current=PASSPHRASE, passphrase=ANOTHER)
    assert ana.post(address, form).status_code == 303

    for guess in (other, {**other, "once": ""}, {**other, "once": "x" * 22}):
        page = tab_of(copy).post(address, guess)
        assert page.status_code == 403
    assert copy.browser.get("/account").status_code == 302
    assert ana.browser.get("/account").status_code == 200


def test_the_form_alone_without_its_token_shows_nothing(app, ana, phone):
    address, form = passphrase(ana, phone)
    copy = tab_of(ana)
    ana.post(address, form)

    assert copy.post(address, {**form, "csrf_token": "other"}).status_code == 403


def test_sent_again_after_a_quarter_of_an_hour_it_is_a_form_of_an_ended_session(app, ana, phone):
    address, form = passphrase(ana, phone)
    copy = tab_of(ana)
    ana.post(address, form)
    clock = app.extensions["learn.clock"]
    app.extensions["learn.clock"] = lambda: clock() + timedelta(minutes=15)

    assert copy.post(address, form).status_code == 403


@pytest.mark.parametrize("at_once", [False, True])
def test_everything_deleted_twice_leads_to_the_same_page(app, ana, at_once):
    ana.open("/my-data/delete")
    ways = [sender(tab_of(ana), "/my-data/delete", ana.form()) for _ in range(2)]
    pages = together(ways) if at_once else [way() for way in ways]

    assert [page.location for page in pages] == ["/my-data/deleted"] * 2
    assert count(app, Account) == 0


@pytest.mark.parametrize("at_once", [False, True])
def test_signed_out_everywhere_twice_leads_to_the_same_page(app, ana, at_once):
    ana.open("/account")
    ways = [sender(tab_of(ana), EVERYWHERE, ana.form()) for _ in range(2)]
    pages = together(ways) if at_once else [way() for way in ways]

    assert [page.location for page in pages] == ["/signed-out?passkeys=kept"] * 2
    assert count(app, SignInSession) == 0


def test_a_session_that_somebody_else_ended_signs_nobody_out_everywhere(app, ana, content):
    """The page doesn't tell the owner that all is well: it says that nothing was done."""
    thief = Person(app, content)
    sign_in(thief)
    ana.open("/account")
    thief.open("/account")
    thief.post(OTHERS, thief.form())

    assert ana.post(EVERYWHERE, ana.form()).status_code == 403
    assert thief.browser.get("/account").status_code == 200
    assert count(app, SignIn) == 1
