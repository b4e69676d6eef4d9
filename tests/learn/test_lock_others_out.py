"""Somebody else may have been in the account: its owner shuts them out, with their passkeys."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from learn import extensions
from learn.account import throttling
from learn.models import Passkey, SignInSession
from learn.my_data import views as my_data
from learn.passkeys import views
from learn.passkeys.names import clean
from tests.learn.authenticator import Authenticator
from tests.learn.people import Person
from tests.learn.registration import ANOTHER, PASSPHRASE, code_on, recover, register, sign_in

OTHERS = "/account/devices/sign-out-others"
EVERYWHERE = "/account/devices/sign-out-everywhere"
CHECK = "Check your passkeys"
IF_UNKNOWN = "If you don’t recognize one, remove it."


@pytest.fixture
def thief(app: Any, content: Any) -> Person:
    """Somebody who knows Ana's passphrase."""
    return Person(app, content)


@pytest.fixture
def thiefs_phone() -> Authenticator:
    return Authenticator()


@pytest.fixture
def code(ana: Person, thief: Person, thiefs_phone: Authenticator) -> str:
    """Ana's recovery code; she and the thief have each added a passkey."""
    found = register(ana)
    add(ana, Authenticator(), "My tablet")
    sign_in(thief)
    add(thief, thiefs_phone, "My phone")
    return found


def asked(person: Person, what: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(person.browser.get(f"/passkeys/{what}.json").get_data())
    return data


def add(person: Person, device: Authenticator, name: str) -> int:
    person.open("/passkeys")
    made = device.make(asked(person, "new"))
    return person.post("/passkeys/add", person.form(name=name, credential=made)).status_code


def comes_in_with(person: Person, device: Authenticator) -> bool:
    person.open("/passkeys/sign-in")
    form = person.form(credential=device.use(asked(person, "sign-in")))
    return person.post("/passkeys/sign-in", form).status_code == 303


def names(connection: Any) -> list[str]:
    return [*connection.scalars(select(Passkey.name).order_by(Passkey.added_at, Passkey.id))]


def change_passphrase(person: Person) -> None:
    person.open("/account/passphrase")
    page = person.post("/account/passphrase", person.form(current=PASSPHRASE, passphrase=ANOTHER))
    person.open(page.location)


def sign_out_others(person: Person) -> None:
    person.open("/account")
    person.open(person.post(OTHERS, person.form()).location)


# Recovery


def test_recovery_removes_every_passkey_and_says_which(code, ben, thief, thiefs_phone, connection):
    recover(ben, code)

    assert code_on(ben)
    assert "These passkeys no longer work:" in ben.text
    assert all(name in ben.text for name in ("My phone", "My tablet"))
    assert names(connection) == []
    assert not comes_in_with(thief, thiefs_phone)
    assert "We don’t recognize this passkey" in thief.text
    assert thief.browser.get("/account").status_code == 302


def test_the_form_sent_twice_says_it_again_and_removes_no_new_one(code, ben, connection):
    """The second page can't name them, but still says that those from before are gone."""
    ben.open("/recover")
    form = ben.form(code=code, passphrase=ANOTHER)
    ben.post("/recover", form)
    add(ben, Authenticator(), "New")
    ben.post("/recover", form)

    assert code_on(ben)
    assert "Passkeys from before no longer work" in ben.text
    assert names(connection) == ["New"]


def test_without_passkeys_recovery_says_nothing_about_them(ana, ben):
    code = register(ana)
    recover(ben, code)

    assert "signed out on all other devices" in ben.text
    assert "asskey" not in ben.text.split("Your recovery code")[0]
    assert "no longer work" not in ben.text


def test_registering_speaks_of_no_device_and_no_passkey(ana):
    register(ana)

    assert "signed out on all other devices" not in ana.text


def test_others_keep_their_passkeys(code, app, content, ben, connection):
    kim = Person(app, content)
    register(kim, "Kim")
    add(kim, Authenticator(), "Kim’s")
    recover(ben, code)

    assert names(connection) == [clean("Kim’s")]


def test_a_passkey_that_is_being_added_does_not_outlive_the_recovery(
    code, ben, thief, connection, monkeypatch
):
    """The thief's form passed the guard, and its passkey would have been added after it."""
    verify = views.ceremony.verify_new_key

    def verify_beside_a_recovery(*given: Any) -> Any:
        monkeypatch.setattr(views.ceremony, "verify_new_key", verify)
        recover(ben, code)
        return verify(*given)

    monkeypatch.setattr(views.ceremony, "verify_new_key", verify_beside_a_recovery)

    assert add(thief, Authenticator(), "Another") == 403
    assert names(connection) == []


@pytest.mark.parametrize("what", ["my-data/delete", "account/nickname"])
def test_no_form_of_before_changes_anything_after_the_recovery(code, ben, thief, monkeypatch, what):
    """The thief's form passed the guard, and would have deleted or renamed the account after it."""
    thief.open(f"/{what}")
    form = thief.form(nickname="Eve")
    module, name = (throttling, "count_registration") if "account" in what else (my_data, "_stored")
    step = getattr(module, name)

    def step_beside_a_recovery(*given: Any) -> Any:
        found = step(*given)
        monkeypatch.setattr(module, name, step)
        recover(ben, code)
        return found

    monkeypatch.setattr(module, name, step_beside_a_recovery)

    assert thief.post(f"/{what}", form).status_code == 403
    assert ben.open("/account").status_code == 200
    assert "<bdi>Ana</bdi>" in ben.html


@pytest.mark.parametrize("what", ["everywhere", "this device", "remove", "rename"])
def test_no_form_of_before_signs_out_or_changes_a_passkey_after_the_recovery(
    code, ben, thief, monkeypatch, what
):
    """The thief's form passed the guard, and would have signed out the owner after it."""
    if what in {"remove", "rename"}:
        page = links_to_remove(thief, "My tablet").replace("remove", what)
        to = page
    else:
        page = "/account"
        to = EVERYWHERE
    thief.open(page)
    if what == "this device":
        own = thief.html.split("This device")[1].split('action="')[1]
        to = own.split('"')[0]
    form = thief.form(name="Mine now")
    transaction = extensions.transaction

    def transaction_after_a_recovery() -> Any:
        monkeypatch.setattr(extensions, "transaction", transaction)
        recover(ben, code)
        return transaction()

    monkeypatch.setattr(extensions, "transaction", transaction_after_a_recovery)

    assert thief.post(to, form).status_code == 403
    assert ben.browser.get("/account").status_code == 200


def test_the_recovery_page_says_before_what_it_ends(somebody_new):
    somebody_new.open("/recover")

    assert "You’ll be signed out on your other devices." in somebody_new.text
    assert "If you have passkeys, you’ll need to add them again." in somebody_new.text
    assert 'href="/passkeys/sign-in"' in somebody_new.html


# A new passphrase, and signing out elsewhere


@pytest.mark.parametrize("act", [change_passphrase, sign_out_others])
def test_the_page_after_it_lists_the_passkeys_to_check(code, ana, thief, thiefs_phone, act):
    act(ana)

    assert CHECK in ana.text
    assert IF_UNKNOWN in ana.text
    assert ana.text.count("Added on November 22") == 2
    assert ana.html.count('/remove"') == 2
    assert 'href="/account/code"' in ana.html.split("Your nickname")[0]
    assert comes_in_with(thief, thiefs_phone), "so there is something to check"


@pytest.mark.parametrize("act", [change_passphrase, sign_out_others])
def test_without_passkeys_it_lists_none(ana, act):
    register(ana)
    act(ana)

    assert CHECK not in ana.text


def test_after_a_new_passphrase_it_is_not_asked_for_again_to_remove_one(code, ana, clock):
    clock.forward(minutes=6)
    change_passphrase(ana)
    remove = next(a for a in links(ana) if a.endswith("/remove"))

    assert ana.browser.get(remove).status_code == 200


def test_signing_out_everywhere_says_that_passkeys_still_sign_in(code, ana):
    ana.open("/account")
    ana.open(ana.post(EVERYWHERE, ana.form()).location)

    assert "Your passkeys can still sign in." in ana.text
    assert IF_UNKNOWN in ana.text
    assert "/sign-in?to=/passkeys" in links(ana)


def test_signing_out_everywhere_without_passkeys_and_signing_out_here_say_nothing(ana, code, ben):
    register(ben, "Ben")
    ben.open("/account")
    ben.open(ben.post(EVERYWHERE, ben.form()).location)
    ana.open("/sign-out")
    ana.open(ana.post("/sign-out", ana.form()).location)

    assert "asskey" not in ana.text + ben.text


def test_removing_a_passkey_signs_its_user_out(code, ana, thief, connection):
    change = links_to_remove(ana, "My phone")
    ana.open(change)
    assert 'name="others" value="y" checked' in ana.html
    assert ana.post(change, ana.form(others="y")).location == "/passkeys?done=removed"

    assert names(connection) == ["My tablet"]
    assert thief.browser.get("/account").status_code == 302
    assert ana.browser.get("/account").status_code == 200


def test_removing_an_unused_passkey_keeps_other_devices_signed_in(code, ana, thief, connection):
    change = links_to_remove(ana, "My tablet")
    ana.open(change)
    ana.post(change, ana.form())

    assert names(connection) == ["My phone"]
    assert len(connection.execute(select(SignInSession.id)).all()) == 2
    assert thief.browser.get("/account").status_code == 200


def links(person: Person) -> list[str]:
    return [unescape(part.split('"')[0]) for part in person.html.split('href="')[1:]]


def links_to_remove(person: Person, name: str) -> str:
    """Return the address of the page that asks whether to remove that passkey."""
    person.open("/passkeys")
    row = next(row for row in person.html.split("<li>") if f"<strong>{name}</strong>" in row)
    return next(part.split('"')[0] for part in row.split('href="') if "/remove" in part)
