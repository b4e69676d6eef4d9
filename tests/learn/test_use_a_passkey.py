"""Add, rename, and remove a passkey, and sign in with it."""

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
from sqlalchemy import delete, select, update

from learn.models import Account, Passkey, SignIn, SignInSession
from learn.passkeys import views
from learn.passkeys.names import clean
from tests.learn import registration
from tests.learn.authenticator import Authenticator, unwritten, written
from tests.learn.conftest import DAWN
from tests.learn.people import Person
from tests.learn.registration import register

SITE = "https://learn.example.org"


@pytest.fixture
def ana(ana) -> Person:
    register(ana, "Ana")
    return ana


@pytest.fixture
def ben(ben) -> Person:
    register(ben, "Ben")
    return ben


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


@pytest.fixture
def passkeys(connection) -> Any:
    """Return the passkeys that are kept for a person, as rows."""

    def found(person: Person) -> list[Any]:
        mine = Passkey.account_id == person.account
        return [
            *connection.execute(select(Passkey.__table__).where(mine).order_by(Passkey.added_at))
        ]

    return found


def asked(person: Person, what: str) -> dict[str, Any]:
    """What the page's script is told to ask the browser for."""
    found: dict[str, Any] = json.loads(person.browser.get(f"/passkeys/{what}.json").get_data())
    return found


def add(person: Person, device: Authenticator, name: str = "My phone", **tampered: Any) -> int:
    """Add a passkey as the page's script does."""
    person.open("/passkeys")
    form = person.form(name=name)
    made = device.make(asked(person, "new"), **tampered)
    status = person.post("/passkeys/add", form | {"credential": made}).status_code
    if status == 303:
        person.open(person.page.location)
    return status


def sign_in(person: Person, device: Authenticator, **tampered: Any) -> int:
    """Sign in as the page's script does."""
    person.open("/passkeys/sign-in")
    more = tampered.pop("more", {})
    used = device.use(asked(person, "sign-in"), **tampered)
    return person.post("/passkeys/sign-in", person.form(credential=used) | more).status_code


def is_in(person: Person) -> str:
    """Return the nickname with which somebody is signed in, by the cookie."""
    with person.browser.session_transaction() as session:
        return session.get("nickname", "")


# Add


def test_a_guest_has_to_register_first(somebody_new):
    page = somebody_new.browser.get("/passkeys")

    assert (page.status_code, page.location) == (302, "/keep")
    assert somebody_new.browser.get("/passkeys/new.json").status_code == 404


def test_a_cookie_of_an_account_without_credentials_is_a_guests(ana, connection):
    connection.execute(delete(SignIn))

    assert ana.browser.get("/passkeys").location == "/keep"


@pytest.mark.fast("passkeys")
def test_a_passkey_is_added_under_the_name_given(ana, phone, passkeys):
    assert add(ana, phone, "My old phone") == 303

    assert "Your passkey is added" in ana.text
    assert "My old phone" in ana.text
    assert "Not used yet" in ana.text
    [row] = passkeys(ana)
    assert (row.name, row.credential, row.sign_count) == ("My old phone", phone.credential, 0)
    assert row.added_at == DAWN


def test_a_passkey_without_a_name_is_named_after_the_day(ana, phone, passkeys):
    ana.open("/passkeys")
    assert 'value="My passkey, November 22"' in ana.html
    add(ana, phone, " ")

    assert passkeys(ana)[0].name == "My passkey, November 22"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  My \n\t phone ", "My phone"),
        ("هاتفي", "هاتفي"),
        ("手机 📱", "手机 📱"),
        ("e\u0301", "é"),
        ("phone\u202egnp.exe", "phonegnp.exe"),
        ("a\x00b\u200bc", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200d\u200d", ""),
        ("", ""),
    ],
)
def test_a_passkey_name_is_one_line_of_visible_text(given, kept):
    assert clean(given) == kept


def test_a_passkey_name_is_escaped(ana, phone):
    add(ana, phone, "<b>My</b> phone")

    assert "&lt;b&gt;My&lt;/b&gt; phone" in ana.html


def test_a_name_of_10000_letters_is_truncated(ana, phone, passkeys):
    add(ana, phone, "x" * 10_000)

    assert passkeys(ana)[0].name == "x" * 40


def test_the_options_require_user_verification(ana):
    options = asked(ana, "new")

    assert options["rp"] == {"id": "localhost", "name": "Learn ALL"}
    assert options["user"]["name"] == "Ana"
    assert unwritten(options["user"]["id"]) == ana.account.bytes
    assert options["attestation"] == "none"
    chosen = options["authenticatorSelection"]
    assert chosen["residentKey"] == "required"
    assert chosen["requireResidentKey"] is True
    assert chosen["userVerification"] == "required"
    assert len(unwritten(options["challenge"])) == 32
    assert asked(ana, "new")["challenge"] != options["challenge"]
    assert asked(ana, "sign-in")["userVerification"] == "required"
    assert not asked(ana, "sign-in")["allowCredentials"]


def test_the_options_are_not_cached(ana):
    for what in ("new", "sign-in"):
        page = ana.browser.get(f"/passkeys/{what}.json")
        assert page.headers["Cache-Control"] == "no-store"


def test_the_options_exclude_existing_passkeys(ana, ben, phone):
    add(ana, phone)
    add(ben, Authenticator())

    [known] = asked(ana, "new")["excludeCredentials"]
    assert unwritten(known["id"]) == phone.credential


def test_adding_the_same_passkey_twice_stores_one(ana, phone, passkeys):
    add(ana, phone)
    add(ana, phone, "Once more")

    assert "You already have this passkey" in ana.text
    assert [row.name for row in passkeys(ana)] == ["My phone"]


def test_a_passkey_of_another_account_is_not_added(ana, ben, phone, passkeys):
    add(ana, phone)

    assert add(ben, phone) == 422
    assert "belongs to somebody else" in ben.text
    assert passkeys(ben) == []
    assert len(passkeys(ana)) == 1


def test_an_account_can_have_ten_passkeys(ana, passkeys):
    for n in range(9):
        add(ana, Authenticator(), f"Phone {n}")
    ana.open("/passkeys")
    form = ana.form()
    add(ana, Authenticator(), "Phone 9")
    assert "which is the most you can have" in ana.text
    assert 'name="credential"' not in ana.html

    made = Authenticator().make(asked(ana, "new"))
    assert ana.post("/passkeys/add", form | {"credential": made}).status_code == 422
    assert "You have 10 passkeys" in ana.text
    assert len(passkeys(ana)) == 10


NOT_OURS = [
    {"challenge": written(b"another challenge, 32 bytes long")},
    {"origin": "http://localhost:8001"},
    {"origin": "https://localhost"},
    {"origin": "http://localhost.example.org"},
    {"domain": "example.org"},
    {"verified": False},
    {"kind": "webauthn.steal"},
]


@pytest.mark.parametrize("tampered", [*NOT_OURS, {"attestation": {"fmt": "packed"}}])
def test_a_tampered_response_is_not_added(ana, phone, passkeys, tampered):
    assert add(ana, phone, **tampered) == 400
    assert "We couldn’t verify what your device sent" in ana.text
    assert 'value="My phone"' in ana.html
    assert passkeys(ana) == []


UNREADABLE = [
    "",
    "null",
    "[]",
    "{}",
    "{",
    '"passkey"',
    "[" * 20_000,
    '{"id": 1}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "clientDataJSON": "not base64: é",
                "attestationObject": written(b"\x9f" * 5_000),
                "authenticatorData": "A",
                "signature": "",
                "userHandle": "AAAA",
            },
        }
    ),
]


@pytest.mark.parametrize("sent", UNREADABLE)
def test_an_unreadable_response_is_rejected(ana, phone, sent):
    add(ana, phone)
    ana.open("/passkeys")
    form = ana.form(name="Another", credential=sent)
    asked(ana, "new")
    assert ana.post("/passkeys/add", form).status_code == 400
    assert "Nothing else has changed" in ana.text
    ana.open("/passkeys/sign-in?")
    asked(ana, "sign-in")
    assert ana.post("/passkeys/sign-in", form).status_code == 400
    assert "Nothing you did here is lost" in ana.text


@pytest.mark.parametrize("place", range(0, 600, 7))
def test_a_flipped_byte_in_a_passkey_response_is_rejected(ana, phone, passkeys, place):
    ana.open("/passkeys")
    made = json.loads(phone.make(asked(ana, "new")))
    raw = bytearray(unwritten(made["response"]["attestationObject"]))
    raw[place % len(raw)] ^= 0xFF
    made["response"]["attestationObject"] = written(bytes(raw))
    page = ana.post("/passkeys/add", ana.form(credential=json.dumps(made)))

    assert page.status_code in {303, 400}  # some bytes are another key, and nobody's secret


def test_a_credential_id_longer_than_the_standard_allows_is_not_added(ana, passkeys):
    assert add(ana, Authenticator(credential=b"x" * 1024)) == 400
    assert passkeys(ana) == []
    assert add(ana, Authenticator(credential=b"x" * 1023)) == 303


def test_a_megabyte_response_gets_the_too_large_page(ana):
    ana.open("/passkeys")
    page = ana.post("/passkeys/add", ana.form(credential="x" * 1024 * 1024))

    assert page.status_code == 413
    assert "That was too long to send" in ana.text


def test_a_challenge_expires_after_five_minutes(ana, phone, clock, passkeys, connection):
    ana.open("/passkeys")
    form = ana.form(name="My phone", credential=phone.make(asked(ana, "new")))
    clock.forward(minutes=5)
    connection.execute(update(SignInSession).values(confirmed_at=clock.now))

    assert ana.post("/passkeys/add", form).status_code == 400
    assert "Too much time has passed" in ana.text
    assert 'value="My phone"' in ana.html
    assert passkeys(ana) == []


def test_a_challenge_for_signing_in_cannot_add_a_passkey(ana, phone):
    ana.open("/passkeys")
    options = asked(ana, "new")
    form = ana.form(credential=phone.make(options | asked(ana, "sign-in")))

    assert ana.post("/passkeys/add", form).status_code == 400


def test_an_expired_form_keeps_the_name(ana, phone, passkeys):
    ana.open("/passkeys")
    made = phone.make(asked(ana, "new"))
    form = {"csrf_token": "old", "name": "Mine", "credential": made}

    assert ana.post("/passkeys/add", form).status_code == 400
    assert 'value="Mine"' in ana.html
    assert passkeys(ana) == []


def test_no_passkey_is_added_to_a_deleted_account(ana, phone, connection):
    ana.open("/passkeys")
    form = ana.form(credential=phone.make(asked(ana, "new")))
    connection.execute(delete(SignIn))
    connection.execute(delete(Account))

    assert ana.post("/passkeys/add", form).status_code == 403
    assert "You’ve been signed out on this device" in ana.text
    assert connection.execute(select(Passkey.__table__)).all() == []


# Name and remove


def test_a_passkey_can_be_renamed(ana, phone, passkeys, clock):
    add(ana, Authenticator(), "My computer")
    clock.forward(minutes=1)
    add(ana, phone)
    row = passkeys(ana)[1]
    ana.open(f"/passkeys/{row.id}/rename")
    assert 'value="My phone"' in ana.html
    page = ana.post(f"/passkeys/{row.id}/rename", ana.form(name="  Tablet  "))

    ana.open(page.location)
    assert "The new name is saved" in ana.text
    assert [row.name for row in passkeys(ana)] == ["My computer", "Tablet"]


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"name": " \u200b "}, 422, "at least one letter"),
        ({"name": "x" * 41}, 422, "at most 40 characters"),
        ({"name": "Tablet", "csrf_token": "old"}, 400, "Please press “Save” again"),
    ],
)
def test_an_invalid_name_is_rejected(ana, passkeys, form, status, says):
    add(ana, Authenticator())
    [row] = passkeys(ana)
    ana.open(f"/passkeys/{row.id}/rename")

    assert ana.post(f"/passkeys/{row.id}/rename", ana.form() | form).status_code == status
    assert says in ana.text
    assert form["name"].strip(" \u200b") in ana.html
    assert passkeys(ana)[0].name == "My phone"


def test_another_accounts_passkey_can_neither_be_seen_nor_changed(ana, ben, phone, passkeys):
    add(ana, phone)
    [row] = passkeys(ana)
    ben.open("/passkeys")
    form = ben.form(name="Ben’s")

    for what in ("rename", "remove"):
        assert ben.browser.get(f"/passkeys/{row.id}/{what}").status_code == 404
    assert ben.post(f"/passkeys/{row.id}/rename", form).status_code == 404
    ben.post(f"/passkeys/{row.id}/remove", form)
    assert [r.name for r in passkeys(ana)] == ["My phone"]


def test_a_passkey_is_removed_after_confirmation(ana, phone, passkeys):
    add(ana, phone)
    [row] = passkeys(ana)
    ana.open(f"/passkeys/{row.id}/remove")
    assert len(passkeys(ana)) == 1
    assert "You can still sign in with your nickname and passphrase" in ana.text
    page = ana.post(f"/passkeys/{row.id}/remove", ana.form())
    ana.open(page.location)

    assert "The passkey is removed" in ana.text
    assert passkeys(ana) == []
    assert ana.post(f"/passkeys/{row.id}/remove", ana.form()).status_code == 303


# Sign in


def test_a_passkey_signs_in_on_another_device(ana, phone, somebody_new, passkeys, clock):
    add(ana, phone)
    clock.forward(days=3)
    somebody_new.open("/passkeys/sign-in")
    assert "Sign in with a passkey" in somebody_new.text

    assert sign_in(somebody_new, phone) == 303
    assert somebody_new.page.location == "/progress"
    assert somebody_new.account == ana.account
    assert is_in(somebody_new) == "Ana"
    [row] = passkeys(ana)
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
    used = phone.use(asked(somebody_new, "sign-in"))
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
    assert "The answers on this device are mine" in somebody_new.text

    assert sign_in(somebody_new, phone, more={"mine": "y"} if mine else {}) == 303
    assert is_in(somebody_new) == "Ana"
    assert bool(rows(ana)) is mine


def test_choices_are_kept_after_an_error(ana, somebody_new):
    somebody_new.open("/quizzes/lesson/what-is-all")
    somebody_new.answer_right()
    somebody_new.open("/passkeys/sign-in")
    assert 'name="mine" value="y" checked' in somebody_new.html
    somebody_new.post("/passkeys/sign-in", somebody_new.form(shared="y"))

    assert 'name="mine" value="y" checked' not in somebody_new.html
    assert 'name="shared" value="y" checked' in somebody_new.html


def test_a_signed_in_visitor_is_told_so(ana):
    ana.open("/passkeys/sign-in")

    assert "You’re already signed in as Ana." in ana.text


@pytest.mark.parametrize(
    "tampered", [*NOT_OURS, {"signature": b"0" * 70}, {"signature": b""}, {"handle": b"Ana"}]
)
def test_a_tampered_passkey_response_is_rejected(ana, phone, somebody_new, passkeys, tampered):
    add(ana, phone)

    assert sign_in(somebody_new, phone, **tampered) == 400
    assert "We couldn’t verify what your device sent" in somebody_new.text
    assert is_in(somebody_new) == ""
    assert passkeys(ana)[0].used_at is None
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


def test_a_removed_passkey_is_rejected(ana, phone, somebody_new, passkeys):
    add(ana, phone)
    ana.open(f"/passkeys/{passkeys(ana)[0].id}/remove")
    ana.post(f"/passkeys/{passkeys(ana)[0].id}/remove", ana.form())

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
    form = who.form(credential=phone.use(asked(who, "sign-in")))
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
    phone.counts = False  # as passkeys that live on several devices
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    form = somebody_new.form(credential=phone.use(asked(somebody_new, "sign-in")))
    cookie = somebody_new.browser.get_cookie("learn_all").value
    clock.forward(seconds=1)
    assert somebody_new.post("/passkeys/sign-in", form).status_code == 303

    clock.forward(seconds=1)
    somebody_new.browser.set_cookie("learn_all", cookie)
    assert somebody_new.post("/passkeys/sign-in", form).status_code == 400
    assert "this was already sent" in somebody_new.text
    assert is_in(somebody_new) == ""
    assert sign_in(somebody_new, phone) == 303


def test_an_expired_challenge_is_rejected(ana, phone, somebody_new, clock):
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    form = somebody_new.form(credential=phone.use(asked(somebody_new, "sign-in")))
    clock.forward(minutes=5)

    assert somebody_new.post("/passkeys/sign-in", form).status_code == 400
    assert "Please press the button again" in somebody_new.text


def test_a_missing_challenge_or_old_token_is_rejected(ana, phone, somebody_new):
    add(ana, phone)
    somebody_new.open("/passkeys/sign-in")
    used = phone.use(asked(somebody_new, "sign-in"))
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
