"""A form that signs in is sent twice, as by a double tap: both answers lead on, signed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from learn.models import Account, MergedGuest, Passkey, SignInSession
from tests.learn.authenticator import Authenticator
from tests.learn.passkeys import ceremony_options
from tests.learn.people import Person
from tests.learn.registration import PASSPHRASE, register, sign_out
from tests.learn.tabs import count, post, tab_of, together

Form = dict[str, str]
PASSKEY = "/passkeys/sign-in?to=/progress"
WITH_PASSPHRASE = "/sign-in?to=/progress"


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def ana(app: Flask, content: Any, phone: Authenticator) -> Person:
    """Ana has a passkey, and is signed out."""
    ana = Person(app, content)
    register(ana)
    add_passkey(ana, phone)
    sign_out(ana)
    return ana


def add_passkey(person: Person, phone: Authenticator) -> Form:
    person.open("/passkeys")
    form = person.form(name="Phone", credential=phone.make(ceremony_options(person, "new")))
    person.post("/passkeys/add", form)
    return form


def by_passkey(ana: Person, phone: Authenticator) -> tuple[str, Form]:
    ana.open(PASSKEY)
    return PASSKEY, ana.form(credential=phone.use(ceremony_options(ana, "sign-in")))


def by_passphrase(ana: Person, _phone: Authenticator) -> tuple[str, Form]:
    ana.open(WITH_PASSPHRASE)
    return WITH_PASSPHRASE, ana.form(nickname="Ana", passphrase=PASSPHRASE)


def nothing_more(_ana: Person) -> Form:
    return {}


def answer_and_merge(ana: Person) -> Form:
    ana.open("/quizzes/mixed")
    ana.answer_right()
    return {"mine": "y"}


def answer_and_keep_apart(ana: Person) -> Form:
    ana.open("/quizzes/mixed")
    ana.answer_right()
    return {"mine": ""}


each_way = pytest.mark.parametrize("way", [by_passkey, by_passphrase], ids=lambda w: w.__name__)
each_before = pytest.mark.parametrize(
    "before", [nothing_more, answer_and_merge, answer_and_keep_apart], ids=lambda b: b.__name__
)
Way = Callable[[Person, Authenticator], tuple[str, Form]]
Before = Callable[[Person], Form]


def prepare(way: Way, before: Before, ana: Person, phone: Authenticator) -> tuple[str, Form]:
    more = before(ana)
    address, form = way(ana, phone)
    form |= more
    return address, {name: value for name, value in form.items() if value or name != "mine"}


@each_way
@each_before
def test_the_browser_that_has_not_seen_the_first_answer_is_signed_in(ana, phone, way, before):
    address, form = prepare(way, before, ana, phone)
    late = tab_of(ana)
    pages = [ana.post(address, form), late.post(address, form)]

    assert [(p.status_code, p.location) for p in pages] == [(303, "/progress")] * 2
    for tab in (ana, late):
        assert tab.browser.get("/account").status_code == 200, "signed in"


@each_way
@each_before
def test_the_browser_that_has_seen_the_first_answer_stays_signed_in(ana, phone, way, before):
    address, form = prepare(way, before, ana, phone)
    pages = [ana.post(address, form), ana.post(address, form)]

    assert [(p.status_code, p.location) for p in pages] == [(303, "/progress")] * 2
    assert ana.browser.get("/account").status_code == 200


@each_way
@each_before
@pytest.mark.parametrize("turn", [1, 2])
def test_at_the_same_moment_both_are_signed_in(ana, phone, way, before, turn):
    address, form = prepare(way, before, ana, phone)
    tabs = [tab_of(ana), tab_of(ana)]
    pages = together(post(tab, address, form) for tab in tabs)

    assert [(p.status_code, p.location) for p in pages] == [(303, "/progress")] * 2


def test_a_passkey_used_once_starts_one_session_and_merges_the_guest_once(app, ana, phone):
    address, form = prepare(by_passkey, answer_and_merge, ana, phone)
    merged = count(app, MergedGuest)
    tabs = [tab_of(ana), tab_of(ana), tab_of(ana)]
    for tab in tabs:
        tab.post(address, form)

    assert (count(app, SignInSession), count(app, Account)) == (1, 1)
    assert count(app, MergedGuest) == merged + 1
    assert {tab.browser.get("/account").status_code for tab in tabs} == {200}


def test_after_signing_out_the_same_form_signs_nobody_in(app, ana, phone):
    address, form = prepare(by_passkey, nothing_more, ana, phone)
    copy = tab_of(ana)
    ana.post(address, form)
    sign_out(ana)

    assert copy.post(address, form).status_code in {400, 422}
    assert copy.browser.get("/account").status_code == 302
    assert count(app, SignInSession) == 0


def test_a_copy_of_the_cookie_with_another_response_is_refused(app, ana, phone):
    """The signature shows that it is the very form that was sent."""
    address, form = prepare(by_passkey, nothing_more, ana, phone)
    copy = tab_of(ana)
    ana.post(address, form)
    sent = json.loads(form["credential"])
    sent["response"]["signature"] = Authenticator().use(ceremony_options(tab_of(ana), "sign-in"))

    assert copy.post(address, form | {"credential": json.dumps(sent)}).status_code == 400
    assert copy.browser.get("/account").status_code == 302
    assert count(app, SignInSession) == 1


@pytest.mark.parametrize("has_seen", [False, True])
def test_a_passkey_that_is_added_twice_is_in_the_list_once(app, content, phone, has_seen):
    bea = Person(app, content)
    register(bea, "Bea")
    bea.open("/passkeys")
    form = bea.form(name="Phone", credential=phone.make(ceremony_options(bea, "new")))
    late = bea if has_seen else tab_of(bea)
    pages = [bea.post("/passkeys/add", form), late.post("/passkeys/add", form)]

    assert [p.status_code for p in pages] == [303, 303]
    assert count(app, Passkey) == 1
