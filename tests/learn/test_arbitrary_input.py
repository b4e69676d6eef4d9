"""Arbitrary input: texts, files, JSON, cookies."""

from __future__ import annotations

import io
import json
import unicodedata
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from wtforms import PasswordField

from learn import nicknames, typed_text
from learn.account import passphrases
from learn.form_parser import COMPARED_AS_TYPED
from learn.forms import TokenForm
from learn.models import CareLine, MistakeReport
from tests.every import examples
from tests.learn.conftest import KEY
from tests.learn.people import Person

FULL = 60_000  # bytes: about what a form may send
KINDS = {
    "one mark": "\u0301",
    "marks of two orders": "\u0301\u0316",
    "marks from high to low": "".join(
        sorted(map(chr, range(0x300, 0x370)), key=unicodedata.combining, reverse=True)
    ),
    "Hebrew points": "\u05b0\u05bc\u05c1",
    "Tibetan vowels": "\u0f71\u0f72\u0f74",
    "Hangul in pieces": "\u1100\u1161\u11a8",
    "a ligature of eighteen": "\ufdfa",
    "joiners": "\u200d",
    "variation selectors": "\ufe0f",
    "direction": "\u202e\u2066",
    "NUL": "\x00",
    "tags": "\U000e0041",
    "spaces": " \u2003",
}
FORMS = (
    ("/mistake/lesson/what-is-all", "text"),
    ("/care-team/write", "text"),
    ("/own-words/lesson/what-is-all", "text"),
    ("/keep", "nickname"),
    ("/keep", "passphrase"),
    ("/sign-in", "nickname"),
    ("/sign-in", "passphrase"),
    ("/recover", "code"),
    ("/recover", "passphrase"),
    ("/join/A", "nickname"),
)


def filled(kind: str) -> str:
    sign = KINDS[kind]
    return "a" + sign * (FULL // len(sign.encode()))


def _each_kind_and_form() -> list[Any]:
    """Return each kind in each form; `make test` has each kind once, and so each form."""
    return [
        pytest.param(*form, kind, marks=[] if i % len(FORMS) == j else pytest.mark.every)
        for i, kind in enumerate(KINDS)
        for j, form in enumerate(FORMS)
    ]


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much work each call to compose a text was: the longest run of marks, squared."""
    found: list[int] = []
    real = unicodedata.normalize

    def counted(form: str, text: str) -> str:
        run = longest = 0
        for character in text:
            run = run + 1 if unicodedata.combining(character) else 0
            longest = max(longest, run)
        found.append(max(len(text), longest * longest // 100))
        return real(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return found


@pytest.mark.parametrize(("address", "field", "kind"), _each_kind_and_form())
def test_no_text_is_slow_to_normalize_or_breaks_a_page(ana, composed, address, field, kind):
    token = _token(ana)
    composed.clear()
    form = {"csrf_token": token, field: filled(kind)}
    page = ana.browser.post(address, data=form, content_type="multipart/form-data")

    assert page.status_code in {200, 303, 400, 404, 422, 429}, page.status_code
    # Without a limit, the longest of these is 30,000 marks in one run: 9,000,000.
    assert max(composed, default=0) <= 180_000
    assert sum(composed) <= 700_000


@pytest.mark.parametrize("kind", KINDS)
def test_stored_text_is_clean(ana, connection: Connection, kind):
    said = f"Is it {filled(kind)[:200]} far?"
    for address in ("/mistake/lesson/what-is-all", "/care-team/write"):
        assert ana.post(address, {"csrf_token": _token(ana), "text": said}).status_code == 303
    report = connection.scalar(select(MistakeReport.text))
    line = connection.scalar(select(CareLine.text))

    for kept in (report, line):
        assert unicodedata.normalize("NFD", kept).startswith("Is it a")
        assert kept.endswith("far?")
        assert not {"\x00", "\u202e", "\u2066"} & {*kept}


def test_clean_removes_what_a_database_cannot_store():
    for before, after in {
        "plain text, 100.4°F": "plain text, 100.4°F",
        "two\r\nlines\tand a tab": "two\r\nlines\tand a tab",
        "a\x00b\x07c\x1b[31md": "abc[31md",
        "a\x0bb\x85c": "a b c",
        "\ud83dlost": "lost",
        "exe\u202egnp\u202c": "exegnp",
        "\u2066a\u2069": "a",
        "سرطان الدم \u200f!": "سرطان الدم \u200f!",
        "न\u200dमस्ते 👩\u200d👧": "न\u200dमस्ते 👩\u200d👧",
        "no\uffff\ufdd0ne\U0001fffe": "none",
        "e" + "\u0301" * 500: "e" + "\u0301" * typed_text.MAX_MARKS,
        "x" * 30_000: "x" * typed_text.MAX_LENGTH,
    }.items():
        assert typed_text.clean(before) == after, before


@settings(max_examples=examples(100), deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_cleaning_twice_changes_nothing(text: str):
    once = typed_text.clean(text)

    assert typed_text.clean(once) == once
    once.encode()


@settings(max_examples=examples(100), deadline=None)
@given(st.text(st.sampled_from("ab \u0301\u0316\u1100\u1161\u11a8\ufdfa\u200d"), max_size=900))
def test_a_truncated_text_is_still_reported_as_too_long(text: str):
    """To cut a text before it is composed never makes one short enough."""
    whole = unicodedata.normalize("NFC", text)
    if len(passphrases.normalize(text * 40)) <= passphrases.MAX_LENGTH:
        assert passphrases.normalize(text * 40) == unicodedata.normalize("NFC", text * 40).strip()
    if len(whole) > 400 and not text.isspace():
        with pytest.raises(nicknames.NicknameError):
            nicknames.normalize("x" * 81 + text)


def test_all_parts_of_a_request_are_cleaned(app: Flask):
    dirty, url = "a\x00b\u202ec" + "\u0301" * 500, "a%00b%E2%80%AEc" + "%CC%81" * 500
    kept = "abc" + "\u0301" * typed_text.MAX_MARKS
    assert typed_text.clean(dirty) == kept
    with app.test_request_context(f"/join/{url}?{url}={url}", method="POST", data={dirty: dirty}):
        assert [*request.args.items(multi=True)] == [(kept, kept)]
        assert [*request.form.items(multi=True)] == [(kept, kept)]
        assert request.view_args == {"code": kept}
    with app.test_request_context(f"/join/{'x' * 5000}"):
        assert len(request.view_args["code"]) == 200


def test_every_passphrase_field_is_listed():
    found = {
        name
        for form in all_forms()
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert found == COMPARED_AS_TYPED


def test_a_passphrase_is_compared_uncleaned(app: Flask):
    """To clean it would change whose passphrase it is."""
    from learn.account.forms import RegistrationForm

    with app.test_request_context("/keep", method="POST", data={"passphrase": "a\x07b\u202e"}):
        assert RegistrationForm().passphrase.data == "a\x07b\u202e"


def all_forms() -> set[type[Any]]:
    from flask_wtf import FlaskForm

    import learn.app  # noqa: F401 - so that every form is there

    def below(kind: type[Any]) -> set[type[Any]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    return {f for f in below(FlaskForm) if f.__module__.startswith("learn.")}


def test_every_form_is_of_our_own_class():
    found = all_forms() - {TokenForm}

    assert len(found) > 20
    for form in found:
        assert issubclass(form, TokenForm), form


def posts(app: Flask) -> list[str]:
    from tests.learn.route_addresses import unsafe_addresses

    return unsafe_addresses(app)


@pytest.mark.parametrize("what", ["a file", "JSON", "a list in JSON", "nothing at all"])
def test_files_and_json_instead_of_a_form_get_an_error_page(app, ana, what):
    fields = sorted({name for form in all_forms() for name in vars(form) if name.islower()})
    tried = 0
    for address in posts(app):
        match what:
            case "a file":
                data = {f: (io.BytesIO(b"\x00\xff"), "a.txt") for f in fields if f[0] != "_"}
                sent = {"data": data | {"row-a": (io.BytesIO(b"x"), "b"), "answer": "?"}}
            case "JSON":
                sent = {"json": {"text": 1, "answer": ["a"], "csrf_token": {}}}
            case "a list in JSON":
                sent = {"json": [1, 2]}
            case _:
                sent = {}
        answer = ana.browser.post(address, **sent)
        assert answer.status_code < 500, address
        tried += 1
    assert tried > 60


NAMELESS = (
    "",
    "form-data",
    "form-data; name",
    'form-data; name="a\r\nb"',
    'form-data; filename="a.txt"',
)


def test_a_multipart_field_without_a_name_is_ignored(app, ana):
    """Of every form, and beside fields that have one."""
    named = {"text": "Is it far?", "csrf_token": _token(ana)}
    fields = [(f'form-data; name="{name}"', value) for name, value in named.items()]
    parts = "".join(
        f"--B\r\nContent-Disposition: {says}\r\n\r\n{value}\r\n"
        for says, value in [*((says, "x") for says in NAMELESS), *fields]
    )
    body = {"data": f"{parts}--B--", "content_type": "multipart/form-data; boundary=B"}

    assert ana.browser.post("/mistake/lesson/what-is-all", **body).status_code == 303
    for address in posts(app):
        assert ana.browser.post(address, **body).status_code < 500, address


COOKIES: list[Any] = [
    [],
    [1, 2, 3],
    "text",
    7,
    None,
    True,
    {"account": 5},
    {"account": ["a"], "known": "x"},
    {"account": "0" * 32, "known": [], "nickname": 7},
    {"account": "0" * 32, "known": 1, "nickname": {"a": 1}},
    {"csrf_token": 5},
    {"csrf_token": ["a"], "earlier_token": 3},
    {"account": "0" * 32, "known": 1, "read": 5},
    {"account": "0" * 32, "known": 1, "read": [1, None]},
    {"account": "0" * 32, "known": 1, "nickname": "\ud800"},
    {"csrf_token": "\ud800", "earlier_token": "\udfff"},
    {"passkey": "x"},
    {"passkey": ["add", "zz", "never"]},
    {"passkey": ["use", "00", "2026-11-22T02:00:00"]},
    {"passkey": ["add"]},
    {"visit": "x", "_permanent": "y", "something": {"new": 1}},
]


@pytest.mark.parametrize("inside", COOKIES, ids=str)
def test_a_cookie_of_another_shape_is_ignored(app: Flask, inside):
    from flask.json.tag import TaggedJSONSerializer
    from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

    signer = app.session_interface.get_signing_serializer(app)
    assert isinstance(signer, URLSafeTimedSerializer)
    assert isinstance(signer.serializer, TaggedJSONSerializer)
    aside = URLSafeSerializer([KEY], salt="a guest put aside", serializer=json)
    addresses = [
        *("/", "/lessons", "/lessons/what-is-all", "/quizzes/mixed", "/progress", "/keep"),
        *("/passkeys", "/account", "/care-team", "/groups", "/my-groups", "/my-data"),
    ]
    for name, value in (
        ("learn_all", signer.dumps(inside)),
        ("learn_all_aside", aside.dumps(inside)),
    ):
        for address in addresses:
            browser = app.test_client()
            browser.set_cookie(name, value)
            assert browser.get(address).status_code < 500, (name, address)
            assert browser.post(address, data={"csrf_token": "x"}).status_code < 500


@pytest.mark.parametrize("cookie", ["", ".", "a.b.c", "eyJ.x.y", "\xff", "x" * 4000])
def test_an_invalid_cookie_is_ignored(app: Flask, cookie):
    for name in ("learn_all", "learn_all_aside"):
        answer = app.test_client().get("/progress", headers={"Cookie": f"{name}={cookie}"})
        assert answer.status_code == 200


def test_a_malformed_value_in_a_cookie_does_not_affect_the_others(app, ana: Person):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        session["read"], session["visit"] = 5, []

    assert "Welcome back" in ana.open("/").get_data(as_text=True)


def _token(person: Person) -> str:
    person.open("/care-team")
    return person.hidden("csrf_token")


@pytest.mark.parametrize("query", ["to=\x85", "\xff=/progress", "to=%85", "to=\xe2\x82"])
def test_a_query_that_is_no_text_gets_the_page(somebody_new, query):
    """Raw bytes that aren't UTF-8, as only a script sends."""
    for path in ("/keep", "/sign-in", "/recover", "/passkeys/sign-in"):
        page = somebody_new.browser.get(path, environ_overrides={"QUERY_STRING": query})
        assert page.status_code == 200
