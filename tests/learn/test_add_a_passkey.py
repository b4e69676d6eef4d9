"""Add a passkey."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, select, update

from learn.models import Account, Passkey, SignIn, SignInSession
from learn.passkeys.names import clean
from tests.learn.authenticator import Authenticator, unwritten, written
from tests.learn.conftest import DAWN
from tests.learn.passkeys import NOT_OURS, add, ceremony_options, passkeys_of

pytestmark = pytest.mark.usefixtures("with_nicknames")


def test_a_guest_has_to_register_first(somebody_new):
    page = somebody_new.browser.get("/passkeys")

    assert (page.status_code, page.location) == (302, "/keep")
    assert somebody_new.browser.get("/passkeys/new.json").status_code == 404


def test_a_cookie_of_an_account_without_credentials_is_a_guests(ana, connection):
    connection.execute(delete(SignIn))

    assert ana.browser.get("/passkeys").location == "/keep"


@pytest.mark.fast("passkeys")
def test_a_passkey_is_added_under_the_name_given(ana, phone):
    assert add(ana, phone, "My old phone") == 303

    assert "Your passkey is added" in ana.text
    assert "My old phone" in ana.text
    assert "Not used yet" in ana.text
    [row] = passkeys_of(ana)
    assert (row.name, row.credential, row.sign_count) == ("My old phone", phone.credential, 0)
    assert row.added_at == DAWN


def test_a_passkey_without_a_name_is_named_after_the_day(ana, phone):
    ana.open("/passkeys")
    assert 'value="My passkey, November 22"' in ana.html
    add(ana, phone, " ")

    assert passkeys_of(ana)[0].name == "My passkey, November 22"


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


def test_a_name_of_10000_letters_is_truncated(ana, phone):
    add(ana, phone, "x" * 10_000)

    assert passkeys_of(ana)[0].name == "x" * 40


def test_the_options_require_user_verification(ana):
    options = ceremony_options(ana, "new")

    assert options["rp"] == {"id": "localhost", "name": "Learn ALL"}
    assert options["user"]["name"] == "Ana"
    assert unwritten(options["user"]["id"]) == ana.account.bytes
    assert options["attestation"] == "none"
    chosen = options["authenticatorSelection"]
    assert chosen["residentKey"] == "required"
    assert chosen["requireResidentKey"] is True
    assert chosen["userVerification"] == "required"
    assert len(unwritten(options["challenge"])) == 32
    assert ceremony_options(ana, "new")["challenge"] != options["challenge"]
    assert ceremony_options(ana, "sign-in")["userVerification"] == "required"
    assert not ceremony_options(ana, "sign-in")["allowCredentials"]


def test_the_options_are_not_cached(ana):
    for what in ("new", "sign-in"):
        page = ana.browser.get(f"/passkeys/{what}.json")
        assert page.headers["Cache-Control"] == "no-store"


def test_the_options_exclude_existing_passkeys(ana, ben, phone):
    add(ana, phone)
    add(ben, Authenticator())

    [known] = ceremony_options(ana, "new")["excludeCredentials"]
    assert unwritten(known["id"]) == phone.credential


def test_adding_the_same_passkey_twice_stores_one(ana, phone):
    add(ana, phone)
    add(ana, phone, "Once more")

    assert "You already have this passkey" in ana.text
    assert [row.name for row in passkeys_of(ana)] == ["My phone"]


def test_a_passkey_of_another_account_is_not_added(ana, ben, phone):
    add(ana, phone)

    assert add(ben, phone) == 422
    assert "belongs to somebody else" in ben.text
    assert passkeys_of(ben) == []
    assert len(passkeys_of(ana)) == 1


def test_an_account_can_have_ten_passkeys(ana):
    for n in range(9):
        add(ana, Authenticator(), f"Phone {n}")
    ana.open("/passkeys")
    form = ana.form()
    add(ana, Authenticator(), "Phone 9")
    assert "which is the most you can have" in ana.text
    assert 'name="credential"' not in ana.html

    made = Authenticator().make(ceremony_options(ana, "new"))
    assert ana.post("/passkeys/add", form | {"credential": made}).status_code == 422
    assert "You have 10 passkeys" in ana.text
    assert len(passkeys_of(ana)) == 10


@pytest.mark.parametrize("tampered", [*NOT_OURS, {"attestation": {"fmt": "packed"}}])
def test_a_tampered_response_is_not_added(ana, phone, tampered):
    assert add(ana, phone, **tampered) == 400
    assert "We couldn’t verify what your device sent" in ana.text
    assert 'value="My phone"' in ana.html
    assert passkeys_of(ana) == []


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
    ceremony_options(ana, "new")
    assert ana.post("/passkeys/add", form).status_code == 400
    assert "Nothing else has changed" in ana.text
    ana.open("/passkeys/sign-in?")
    ceremony_options(ana, "sign-in")
    assert ana.post("/passkeys/sign-in", form).status_code == 400
    assert "Nothing you did here is lost" in ana.text


@pytest.mark.parametrize("place", range(0, 600, 7))
def test_a_flipped_byte_in_a_passkey_response_is_rejected(ana, phone, place):
    ana.open("/passkeys")
    made = json.loads(phone.make(ceremony_options(ana, "new")))
    raw = bytearray(unwritten(made["response"]["attestationObject"]))
    raw[place % len(raw)] ^= 0xFF
    made["response"]["attestationObject"] = written(bytes(raw))
    page = ana.post("/passkeys/add", ana.form(credential=json.dumps(made)))

    assert page.status_code in {303, 400}  # some bytes are another key, and nobody's secret


def test_a_credential_id_longer_than_the_standard_allows_is_not_added(ana):
    assert add(ana, Authenticator(credential=b"x" * 1024)) == 400
    assert passkeys_of(ana) == []
    assert add(ana, Authenticator(credential=b"x" * 1023)) == 303


def test_a_megabyte_response_gets_the_too_large_page(ana):
    ana.open("/passkeys")
    page = ana.post("/passkeys/add", ana.form(credential="x" * 1024 * 1024))

    assert page.status_code == 413
    assert "That was too long to send" in ana.text


def test_a_challenge_expires_after_five_minutes(ana, phone, clock, connection):
    ana.open("/passkeys")
    form = ana.form(name="My phone", credential=phone.make(ceremony_options(ana, "new")))
    clock.forward(minutes=5)
    connection.execute(update(SignInSession).values(confirmed_at=clock.now))

    assert ana.post("/passkeys/add", form).status_code == 400
    assert "Too much time has passed" in ana.text
    assert 'value="My phone"' in ana.html
    assert passkeys_of(ana) == []


def test_a_challenge_for_signing_in_cannot_add_a_passkey(ana, phone):
    ana.open("/passkeys")
    options = ceremony_options(ana, "new")
    form = ana.form(credential=phone.make(options | ceremony_options(ana, "sign-in")))

    assert ana.post("/passkeys/add", form).status_code == 400


def test_an_expired_form_keeps_the_name(ana, phone):
    ana.open("/passkeys")
    made = phone.make(ceremony_options(ana, "new"))
    form = {"csrf_token": "old", "name": "Mine", "credential": made}

    assert ana.post("/passkeys/add", form).status_code == 400
    assert 'value="Mine"' in ana.html
    assert passkeys_of(ana) == []


def test_no_passkey_is_added_to_a_deleted_account(ana, phone, connection):
    ana.open("/passkeys")
    form = ana.form(credential=phone.make(ceremony_options(ana, "new")))
    connection.execute(delete(SignIn))
    connection.execute(delete(Account))

    assert ana.post("/passkeys/add", form).status_code == 403
    assert "You’ve been signed out on this device" in ana.text
    assert connection.execute(select(Passkey.__table__)).all() == []
