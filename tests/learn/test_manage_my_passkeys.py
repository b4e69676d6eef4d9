"""Rename and remove a passkey."""

from __future__ import annotations

import pytest

from tests.learn.authenticator import Authenticator
from tests.learn.passkeys import add, passkeys_of

pytestmark = pytest.mark.usefixtures("with_nicknames")


def test_a_passkey_can_be_renamed(ana, phone, clock):
    add(ana, Authenticator(), "My computer")
    clock.forward(minutes=1)
    add(ana, phone)
    row = passkeys_of(ana)[1]
    ana.open(f"/passkeys/{row.id}/rename")
    assert 'value="My phone"' in ana.html
    page = ana.post(f"/passkeys/{row.id}/rename", ana.form(name="  Tablet  "))

    ana.open(page.location)
    assert "The new name is saved" in ana.text
    assert [row.name for row in passkeys_of(ana)] == ["My computer", "Tablet"]


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"name": " \u200b "}, 422, "at least one letter"),
        ({"name": "x" * 41}, 422, "at most 40 characters"),
        ({"name": "Tablet", "csrf_token": "old"}, 400, "Please press “Save” again"),
    ],
)
def test_an_invalid_name_is_rejected(ana, form, status, says):
    add(ana, Authenticator())
    [row] = passkeys_of(ana)
    ana.open(f"/passkeys/{row.id}/rename")

    assert ana.post(f"/passkeys/{row.id}/rename", ana.form() | form).status_code == status
    assert says in ana.text
    assert form["name"].strip(" \u200b") in ana.html
    assert passkeys_of(ana)[0].name == "My phone"


def test_another_accounts_passkey_can_neither_be_seen_nor_changed(ana, ben, phone):
    add(ana, phone)
    [row] = passkeys_of(ana)
    ben.open("/passkeys")
    form = ben.form(name="Ben’s")

    for what in ("rename", "remove"):
        assert ben.browser.get(f"/passkeys/{row.id}/{what}").status_code == 404
    assert ben.post(f"/passkeys/{row.id}/rename", form).status_code == 404
    ben.post(f"/passkeys/{row.id}/remove", form)
    assert [r.name for r in passkeys_of(ana)] == ["My phone"]


def test_a_passkey_is_removed_after_confirmation(ana, phone):
    add(ana, phone)
    [row] = passkeys_of(ana)
    ana.open(f"/passkeys/{row.id}/remove")
    assert len(passkeys_of(ana)) == 1
    assert "You can still sign in with your nickname and passphrase" in ana.text
    page = ana.post(f"/passkeys/{row.id}/remove", ana.form())
    ana.open(page.location)

    assert "The passkey is removed" in ana.text
    assert passkeys_of(ana) == []
    assert ana.post(f"/passkeys/{row.id}/remove", ana.form()).status_code == 303


def test_a_kept_request_adds_no_passkey_again_that_was_removed(ana, phone, app):
    """Its challenge is still valid for minutes; the session that it names isn't."""
    ana.open("/passkeys")
    form = ana.form(name="My phone")
    asked = ana.browser.get("/passkeys/new.json").get_json()
    kept = ana.browser.get_cookie("learn_all").value
    form["credential"] = phone.make(asked)
    ana.post("/passkeys/add", form)
    [row] = passkeys_of(ana)
    ana.open(f"/passkeys/{row.id}/remove")
    ana.post(f"/passkeys/{row.id}/remove", {k: v for k, v in ana.form().items() if k != "others"})
    assert passkeys_of(ana) == []

    thief = app.test_client()
    thief.set_cookie("learn_all", kept)
    thief.post("/passkeys/add", data=form)
    assert passkeys_of(ana) == []
