"""Change the nickname, the passphrase, or the recovery code."""

from __future__ import annotations

import uuid

import pytest

from learn.account import codes, throttling
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    code_on,
    register,
    sign_in,
    sign_ins,
)


def test_a_guest_is_redirected_from_the_account_to_registration(somebody_new):
    for page in ("/account", "/account/nickname", "/account/passphrase", "/account/code"):
        assert somebody_new.open(page).request.path == "/keep"


def test_the_nickname_can_be_changed(ana, ben):
    register(ana)
    ana.open("/account/nickname")
    ana.post("/account/nickname", ana.form(nickname="Bird"))
    ana.open(ana.page.headers["Location"])

    assert "Your nickname has been changed" in ana.text
    assert "Bird" in ana.text
    assert sign_in(ben, "Ana").status_code == 422
    assert sign_in(ben, "bird").status_code == 303


def test_a_taken_nickname_is_refused(ana, ben):
    register(ana)
    register(ben, "Ben")
    ben.open("/account/nickname")
    ben.post("/account/nickname", ben.form(nickname="ANA"))

    assert ben.page.status_code == 422
    assert "Someone already has this nickname" in ben.text
    ben.post("/account/nickname", ben.form(nickname="BEN"))
    assert ben.page.status_code == 303


def test_changing_the_passphrase_needs_the_current_one(ana, ben):
    register(ana)
    ana.open("/account/passphrase")
    ana.post("/account/passphrase", ana.form(current=ANOTHER, passphrase=ANOTHER))
    assert ana.page.status_code == 422
    assert "isn’t your current passphrase" in ana.text
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase="short"))
    assert ana.page.status_code == 422
    ana.post("/account/passphrase", ana.form(current="", passphrase=ANOTHER))
    assert ana.page.status_code == 422
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))
    assert ana.page.status_code == 303

    assert sign_in(ben).status_code == 422
    assert sign_in(ben, passphrase=ANOTHER).status_code == 303


def test_a_new_recovery_code_needs_the_passphrase_and_replaces_the_old_one(ana, connection):
    first = register(ana)
    ana.open("/account/code")
    ana.post("/account/code", ana.form(current=ANOTHER))
    assert ana.page.status_code == 422
    form = ana.form(current=PASSPHRASE)
    ana.post("/account/code", form)
    second = code_on(ana)
    ana.post("/account/code", form)

    assert code_on(ana) == second != first
    (row,) = sign_ins(connection)
    assert row.recovery == codes.digest(second.replace("-", ""))


@pytest.mark.parametrize("meanwhile", ["passphrase", "code", "twice"])
def test_a_recovery_code_is_shown_only_if_it_is_stored(
    ana, ben, connection, monkeypatch, meanwhile
):
    """Another device changes something after the passphrase was compared."""
    register(ana)
    sign_in(ben)
    ana.open("/account/code")
    form = ana.form(current=PASSPHRASE)
    ben.open("/account/passphrase" if meanwhile == "passphrase" else "/account/code")
    theirs = ben.form(current=PASSPHRASE, passphrase=ANOTHER)
    if meanwhile == "twice":
        theirs["draft"] = form["draft"]
    passes = [True]

    def change(_key: str, _account: uuid.UUID) -> None:
        if passes:
            passes.clear()
            ben.post(f"/account/{'passphrase' if meanwhile == 'passphrase' else 'code'}", theirs)

    monkeypatch.setattr(throttling, "record_sign_in", change)
    ana.post("/account/code", form)

    (row,) = sign_ins(connection)
    if meanwhile == "twice":
        assert row.recovery == codes.digest(code_on(ana).replace("-", ""))
    else:
        assert ana.page.status_code == 422
        assert "<code>" not in ana.html


def test_two_accounts_never_get_the_same_recovery_code(ana, ben, connection):
    first = register(ana)
    ana.open("/account/code")
    draft = ana.hidden("draft")
    ana.post("/account/code", ana.form(current=PASSPHRASE))
    taken = code_on(ana)
    register(ben, "Ben", ANOTHER)
    ben.open("/account/code")
    ben.post("/account/code", ben.form(current=ANOTHER) | {"draft": draft})

    made = code_on(ben)
    assert made not in {first, taken}
    stored = {codes.digest(code.replace("-", "")) for code in (made, taken)}
    assert {row.recovery for row in sign_ins(connection)} == stored


@pytest.mark.parametrize("page", ["nickname", "passphrase", "code"])
def test_an_expired_form_changes_nothing(ana, page, connection):
    register(ana)
    before = sign_ins(connection)
    ana.open(f"/account/{page}")
    ana.post(f"/account/{page}", {"nickname": "Bird", "current": PASSPHRASE, "passphrase": ANOTHER})

    assert ana.page.status_code == 400
    assert sign_ins(connection) == before


def test_an_account_deleted_on_another_device_becomes_a_guest(ana, ben, connection):
    register(ana)
    sign_in(ben)
    ana.open("/my-data/delete")
    assert "Your nickname, your passphrase, and your recovery code are deleted too" in ana.text
    ana.post("/my-data/delete", ana.form())

    assert sign_ins(connection) == []
    assert ben.open("/account").request.path == "/keep"
    assert "Kept as" not in ben.open("/progress").get_data(as_text=True)
    register(ben, "Ana")
