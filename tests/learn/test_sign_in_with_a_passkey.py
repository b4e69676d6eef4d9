"""Sign in with a passkey."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import delete, update

from learn.models import Account, Passkey
from learn.passkeys import views
from tests.learn import registration
from tests.learn.authenticator import Authenticator
from tests.learn.conftest import DAWN
from tests.learn.passkeys import NOT_OURS, add, ceremony_options, is_in, passkeys_of, sign_in
from tests.learn.people import Person

SITE = "https://learn.example.org"

pytestmark = pytest.mark.usefixtures("with_nicknames")


# Sign in


def session_in(person: Person) -> str:
    """Return the id of the session in the person's cookie."""
    with person.browser.session_transaction() as cookie:
        return str(cookie["session"])


def test_a_passkey_signs_in_on_another_device(ana, phone, somebody_new, clock):
    add(ana, phone)
    clock.forward(days=3)
    somebody_new.open("/passkeys/sign-in")
    assert "Sign in with a passkey" in somebody_new.text

    assert sign_in(somebody_new, phone) == 303
    assert somebody_new.page.location == "/progress"
    assert somebody_new.account == ana.account
    assert is_in(somebody_new) == "Ana"
    [row] = passkeys_of(ana)
    assert (row.used_at, row.sign_count) == (clock.now, 1)
    somebody_new.open("/passkeys")
    assert "Last used on November 25, 2026." in somebody_new.text


@pytest.mark.parametrize(
    ("to", "onward"),
    [
        ("/groups/x/people?part=2", "/groups/x/people?part=2"),
        ("//evil.example", "/progress"),
        ("/\\evil.example", "/progress"),
        ("https://evil.example", "/progress"),
        ("/groups\r\nX: y", "/progress"),
    ],
)
def test_the_requested_page_opens_after_signing_in(ana, phone, somebody_new, to, onward):
    add(ana, phone)
    somebody_new.open(f"/sign-in?to={quote(to)}")
    [door] = re.findall(r'href="(/passkeys/sign-in[^"]*)"', somebody_new.html)
    somebody_new.open(unescape(door))
    used = phone.use(ceremony_options(somebody_new, "sign-in"))
    [action] = re.findall(r'action="(/passkeys/sign-in[^"]*)"', somebody_new.html)

    assert (
        somebody_new.post(unescape(action), somebody_new.form(credential=used)).status_code == 303
    )
    assert somebody_new.page.location == onward


@pytest.mark.parametrize("shared", [True, False])
def test_the_visitor_stays_signed_in_unless_the_computer_is_shared(
    ana, phone, somebody_new, shared
):
    add(ana, phone)
    sign_in(somebody_new, phone, more={"shared": "y"} if shared else {})

    assert ("Expires" in somebody_new.page.headers["Set-Cookie"]) is not shared


@pytest.mark.parametrize("mine", [True, False])
def test_a_devices_answers_are_merged_only_on_request(ana, phone, somebody_new, rows, mine):
    add(ana, phone)
    somebody_new.open("/quizzes/mixed")
    somebody_new.answer_right()
    somebody_new.open("/passkeys/sign-in")
    assert "The answers and notes on this device are mine" in somebody_new.text

    assert sign_in(somebody_new, phone, more={"mine": "y"} if mine else {}) == 303
    assert is_in(somebody_new) == "Ana"
    assert bool(rows(ana)) is mine


def test_choices_are_kept_after_an_error(ana, somebody_new):
    somebody_new.open("/quizzes/lesson/what-is-all")
    somebody_new.answer_right()
    somebody_new.open("/passkeys/sign-in")
    assert 'name="mine" value="y" aria' in somebody_new.html
    somebody_new.post("/passkeys/sign-in", somebody_new.form(shared="y", mine="y"))

    assert 'name="mine" value="y" checked' in somebody_new.html
    assert 'name="shared" value="y" checked' in somebody_new.html


def test_a_signed_in_visitor_is_told_so(ana):
    ana.open("/passkeys/sign-in")

    assert "You’re already signed in as Ana." in ana.text


@pytest.mark.parametrize(
    "tampered", [*NOT_OURS, {"signature": b"0" * 70}, {"signature": b""}, {"handle": b"Ana"}]
)
def test_a_tampered_passkey_response_is_rejected(ana, phone, somebody_new, tampered):
    add(ana, phone)

    assert sign_in(somebody_new, phone, **tampered) == 400
    assert "We couldn’t verify what your device sent" in somebody_new.text
    assert is_in(somebody_new) == ""
    assert passkeys_of(ana)[0].used_at is None
    assert sign_in(somebody_new, phone) == 303


def test_a_passkey_signs_in_to_its_own_account_only(ana, ben, phone, somebody_new):
    add(ana, phone)
    add(ben, Authenticator())

    assert sign_in(somebody_new, phone, handle=ben.account.bytes) == 422
    assert "don’t recognize this passkey" in somebody_new.text
    assert is_in(somebody_new) == ""


def test_a_signature_by_another_key_is_rejected(ana, phone, somebody_new):
    add(ana, phone)
    thief = Authenticator(credential=phone.credential)

    assert sign_in(somebody_new, thief, handle=ana.account.bytes) == 400


def test_a_removed_passkey_is_rejected(ana, phone, somebody_new):
    add(ana, phone)
    ana.open(f"/passkeys/{passkeys_of(ana)[0].id}/remove")
    ana.post(f"/passkeys/{passkeys_of(ana)[0].id}/remove", ana.form())

    assert sign_in(somebody_new, phone) == 422
    assert "It may have been removed" in somebody_new.text
    assert "Sign in with your nickname and passphrase" in somebody_new.text


@pytest.mark.parametrize("case", ["sign-in verify", "sign-in complete_sign_in", "confirm verify"])
def test_a_passkey_removed_during_its_use_is_rejected(ana, phone, somebody_new, monkeypatch, case):
    """It was verified or recorded before, and would have signed in or confirmed after."""
    what, before = case.split()
    add(ana, phone)
    [address] = re.findall(r'href="(/passkeys/[^"]+/remove)"', ana.html)
    remove = partial(ana.post, address, ana.form())
    who = somebody_new
    if what == "confirm":
        registration.sign_in(who)
    who.open(f"/passkeys/{what}")
    form = who.form(credential=phone.use(ceremony_options(who, "sign-in")))
    step = getattr(views, before)

    def step_beside_a_removal(*given: Any, **more: Any) -> Any:
        done = step(*given, **more) if before == "verify" else None
        assert remove().status_code == 303
        return done or step(*given, **more)

    monkeypatch.setattr(views, before, step_beside_a_removal)
    assert who.post(f"/passkeys/{what}", form).status_code == 422
    assert is_in(who) == ("Ana" if what == "confirm" else "")


def test_a_passkey_of_a_deleted_account_is_rejected(ana, phone, somebody_new, connection):
    add(ana, phone)
    connection.execute(delete(Account))

    assert sign_in(somebody_new, phone) == 422
    assert "don’t recognize this passkey" in somebody_new.text


def test_a_response_works_only_once_even_with_the_old_cookie(ana, phone, somebody_new, clock):
    """Sent again, it leads to the session that it started, and to none once that has ended."""
    phone.counts = False  # as passkeys that live on several devices
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    form = somebody_new.form(credential=phone.use(ceremony_options(somebody_new, "sign-in")))
    cookie = somebody_new.browser.get_cookie("learn_all").value
    clock.forward(seconds=1)
    assert somebody_new.post("/passkeys/sign-in", form).status_code == 303
    first = session_in(somebody_new)

    clock.forward(seconds=1)
    somebody_new.browser.set_cookie("learn_all", cookie)
    assert somebody_new.post("/passkeys/sign-in", form).status_code == 303
    assert session_in(somebody_new) == first
    registration.sign_out(somebody_new)
    somebody_new.browser.set_cookie("learn_all", cookie)
    assert somebody_new.post("/passkeys/sign-in", form).status_code == 400
    assert "this was already sent" in somebody_new.text
    assert is_in(somebody_new) == ""
    assert sign_in(somebody_new, phone) == 303


def test_an_expired_challenge_is_rejected(ana, phone, somebody_new, clock):
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    form = somebody_new.form(credential=phone.use(ceremony_options(somebody_new, "sign-in")))
    clock.forward(minutes=5)

    assert somebody_new.post("/passkeys/sign-in", form).status_code == 400
    assert "Please press the button again" in somebody_new.text


def test_a_missing_challenge_or_old_token_is_rejected(ana, phone, somebody_new):
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    used = phone.use(ceremony_options(somebody_new, "sign-in"))
    old = {"csrf_token": "old", "credential": used}
    assert somebody_new.post("/passkeys/sign-in", old).status_code == 400
    again = somebody_new.form(credential=used)
    assert somebody_new.post("/passkeys/sign-in", again).status_code == 400
    assert is_in(somebody_new) == ""


def test_a_decreased_sign_count_is_rejected_and_logged(ana, phone, somebody_new, log):
    add(ana, phone, count=7)

    assert sign_in(somebody_new, phone, count=7) == 422
    assert "its count doesn’t match ours" in somebody_new.text
    failed = log.events("failed passkey")
    assert [(f["reason"], f["address"]) for f in failed] == [("went-back", "127.0.0.1")]
    assert str(ana.account) not in log.text
    assert is_in(somebody_new) == ""
    assert sign_in(somebody_new, phone, count=0) == 422
    assert sign_in(somebody_new, phone, count=8) == 303


def test_a_passkey_without_a_sign_count_is_accepted(ana, somebody_new, clock):
    synced = Authenticator(counts=False)
    add(ana, synced)
    for _ in range(2):
        clock.forward(minutes=1)
        assert sign_in(somebody_new, synced) == 303
        somebody_new.browser.delete_cookie("learn_all")


def test_the_highest_possible_sign_count_is_accepted(ana, somebody_new, clock):
    busy = Authenticator()
    assert add(ana, busy, count=2**32 - 2) == 303
    clock.forward(minutes=1)
    assert sign_in(somebody_new, busy, count=2**32 - 1) == 303


def test_a_passkey_works_after_the_clock_goes_back(ana, phone, somebody_new, connection):
    add(ana, phone)
    later = DAWN.replace(year=2036)
    connection.execute(update(Passkey).values(used_at=later))

    assert sign_in(somebody_new, phone) == 303


# Where


@pytest.mark.parametrize(
    "site", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://192.0.2.7", "http://learn.org"]
)
def test_without_tls_or_a_domain_the_page_says_passkeys_do_not_work(ana, site):
    somebody = ana.browser.application.test_client()
    page = somebody.get("/passkeys/sign-in", base_url=site).get_data(as_text=True)

    assert "Passkeys don’t work at this address" in page
    assert "data-passkey" not in page
    assert somebody.get("/passkeys/sign-in.json", base_url=site).status_code == 404


def test_a_passkey_works_only_at_the_site_it_was_made_for(ana, phone, app):
    add(ana, phone)
    somewhere = app.test_client()
    page = somewhere.get("/passkeys/sign-in", base_url=SITE).get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    options = json.loads(somewhere.get("/passkeys/sign-in.json", base_url=SITE).get_data())
    assert options["rpId"] == "learn.example.org"
    used = phone.use(options, domain="localhost")
    form = {"csrf_token": token, "credential": used}

    shown = somewhere.post("/passkeys/sign-in", data=form, base_url=SITE, headers={"Referer": SITE})
    assert shown.status_code == 400
    assert "We couldn’t verify" in shown.get_data(as_text=True)


def test_the_passkey_package_is_imported_lazily(repository):
    code = "import sys, learn.app; sys.exit('webauthn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=repository, check=False).returncode == 0
