"""Security headers, cookies, and robustness of every page."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeTimedSerializer

from learn import signing
from learn.config import Settings
from tests.learn.conftest import KEY
from tests.learn.people import Person

PAGES = ["/", "/lessons", "/lessons/what-is-all", "/quizzes/mixed", "/progress", "/help", "/nope"]


@pytest.mark.parametrize("address", PAGES)
def test_the_content_security_policy_is_strict_on_every_page(ana: Person, address):
    headers = ana.open(address).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_loads_anything_from_another_site(ana, address):
    ana.open(address)

    page = ana.html.replace("http://www.w3.org/2000/svg", "")
    page = re.sub(r'<script src="/static/[a-z.0-9-]+\.js" defer></script>', "", page)
    page = re.sub(r'<a href="https://[^"]+" rel="noreferrer">', "", page)  # only if it is tapped
    for forbidden in (
        "http://",
        "https://",
        " style=",
        "<script",
        "<style",
        "onclick",
        "javascript:",
    ):
        assert forbidden not in page, forbidden


def test_the_cookie_is_sent_to_this_site_only(somebody_new):
    page = somebody_new.open("/quizzes/mixed")
    cookie = page.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_the_cookie_is_secure_behind_tls(app: Flask):
    page = app.test_client().get("/quizzes/mixed", base_url="https://localhost")

    assert "Secure" in page.headers["Set-Cookie"]
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_a_trusted_proxy_can_say_that_it_uses_tls(app, settings: Settings, another_app):
    behind = another_app(
        Settings(settings.database_url, settings.secret_keys, settings.data, trusted_proxies=1),
    )
    says = {"X-Forwarded-Proto": "https"}

    assert (
        "Secure" in behind.test_client().get("/quizzes/mixed", headers=says).headers["Set-Cookie"]
    )
    alone = app.test_client().get("/quizzes/mixed", headers=says)
    assert "Secure" not in alone.headers["Set-Cookie"]


def test_reading_sets_no_cookie(ana):
    for address in ("/", "/lessons", "/lessons/what-is-all", "/quizzes", "/help", "/progress"):
        assert "Set-Cookie" not in ana.open(address).headers, address


def test_cookies_and_plans_are_signed_with_sha_256(app, ana):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    cookie = ana.browser.get_cookie("learn_all").value
    with app.test_request_context():
        signers = [
            app.session_interface.get_signing_serializer(app).make_signer(),
            signing.serializer(["k"], "any purpose").make_signer(),
        ]
    assert {signer.digest_method().name for signer in signers} == {"sha256"}
    assert len(cookie.rpartition(".")[2]) == 43, "256 bits in Base64"


def test_a_cookie_signed_with_sha_1_is_read_and_replaced(app, ana):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    with ana.browser.session_transaction() as session:
        kept = {**session}
    earlier = URLSafeTimedSerializer(
        KEY,
        salt="cookie-session",
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )
    ana.browser.set_cookie("learn_all", earlier.dumps(kept | {"known": 1}))
    assert "Welcome back" in ana.open("/").get_data(as_text=True)
    ana.open("/quizzes/mixed")
    ana.answer_right()
    assert len(ana.browser.get_cookie("learn_all").value.rpartition(".")[2]) == 43


def test_old_cookies_stay_valid_after_a_key_change(app, ana, settings, another_app):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    cookie = ana.browser.get_cookie("learn_all").value
    for keys, still_known in (
        (("a new key, a new key", *settings.secret_keys), True),
        (("a new key, a new key",), False),
    ):
        changed = another_app(Settings(settings.database_url, keys, settings.data))
        changed.extensions["learn.database"] = app.extensions["learn.database"]
        browser = changed.test_client()
        browser.set_cookie("learn_all", cookie)
        assert ("Welcome back" in browser.get("/").get_data(as_text=True)) is still_known


def test_the_500_page_needs_no_database_and_the_error_is_logged(settings, log, another_app):
    broken = another_app(settings)
    broken.extensions["learn.database"] = None

    @broken.get("/broken")
    def _broken() -> str:
        raise RuntimeError("a secret detail")

    page = broken.test_client().get("/broken?token=private")
    body = page.get_data(as_text=True)

    assert page.status_code == 500
    assert "It’s not your fault" in body
    assert "secret detail" not in body
    number = body.split("<code>")[1].split("</code>")[0]
    assert page.headers["X-Request-ID"] == number
    (error,) = log.events("unexpected error")
    assert (error["request_id"], error["endpoint"], error["method"]) == (number, "_broken", "GET")
    assert error["traceback"].splitlines()[-1] == "builtins.RuntimeError: a secret detail"
    assert log.text.count("a secret detail") == 2  # with the line of code that raised it
    assert "private" not in log.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_wrong_method_gets_an_error_page(ana, method):
    page = getattr(ana.browser, method)("/help")

    assert page.status_code in {400, 405}
    assert "Nothing you did here is lost" in page.get_data(as_text=True) or page.status_code == 400


def test_static_files_are_cached_for_a_year_and_old_addresses_still_work(ana):
    ana.open("/")
    address = ana.html.split('rel="stylesheet" href="')[1].split('"')[0]
    current = ana.browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in current.headers["Cache-Control"]
    assert current.headers["Content-Encoding"] == "gzip"
    ana.open("/lessons/what-is-all")
    script = ana.browser.get(ana.html.split('<script src="')[1].split('"')[0])
    assert "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    stale = ana.browser.get("/static/style.00000000.css")
    assert stale.status_code == 200
    assert "immutable" not in stale.headers["Cache-Control"]
    script = ana.browser.get("/static/waiting-answers.00000000.js").text
    assert "const QUIZ" in script or "QUIZ =" in script
    assert not re.search(r"^(\s|//|/\*)", script, re.MULTILINE)
    for missing in ("/static/nope.css", "/static/nope", "/static/..%2Fapp.py", "/static/style"):
        assert ana.browser.get(missing).status_code == 404, missing


def test_malformed_requests_never_break_a_page(ana):
    for address in (
        "/quizzes/mixed?x=%ff",
        "/%00",
        "/lessons/" + "x" * 3000,
        "/quizzes//1",
        "/?a=" + "b" * 3000,
    ):
        assert ana.browser.get(address).status_code < 500, address
    ana.open("/quizzes/mixed")
    for data in (b"\xff\xfe", b"answer=%ff%fe&version=%00", b"=&=&&&"):
        page = ana.browser.post(
            "/quizzes/mixed", data=data, content_type="application/x-www-form-urlencoded"
        )
        assert page.status_code in {400, 422}


@pytest.mark.parametrize("host", ["", "x" * 300, "[::1", "a b", "evil.example:x", "\xff"])
@pytest.mark.parametrize("address", ["/help", "/progress", "/nowhere"])
def test_an_invalid_host_is_answered_without_an_error(app, log, host, address):
    page = app.test_client().get(address, headers={"Host": host})

    assert page.status_code in {200, 400, 404}
    assert not log.events("unexpected error")


@pytest.mark.parametrize("position", ["32768", "9" * 19, "9" * 400, "9" * 5000])
def test_a_position_outside_every_quiz_is_not_found(ana, position):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    address = f"{ana.address.rpartition('/')[0]}/{position}"

    assert ana.browser.get(address).status_code == 404
    assert ana.post(address, {"answer": "x", "csrf_token": "x"}).status_code in {404, 405}
