"""The site has one public address, below a path, and speaks TLS there (LEARN_PUBLIC_URL)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from learn import public_url, schema
from learn.app import create_app
from learn.config import ConfigError, Settings
from learn.database import Database
from learn.public_url import PublicURL
from tests.learn.access_scene import answer, cells
from tests.learn.conftest import QUICK, Clock, made_for_tests
from tests.learn.leading import become_educator, make_group
from tests.learn.registration import register, sign_out

HERE = PublicURL("https", "localhost", "/learn")
LEADS_TO = ("href", "src", "action", "formaction", "data-options", "srcset", "poster", "cite")


@pytest.fixture(scope="module")
def whole_app(settings, content, tmp_path_factory) -> Iterator[Flask]:
    """Yield the site at its public address; the browser asks for pages below it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('below') / 'x.sqlite3'}"
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
    own = replace(settings, database_url=url, public_url=HERE)
    app = made_for_tests(create_app(own, content=content, clock=Clock(), hasher=QUICK))
    app.testing = True
    app.config.update(APPLICATION_ROOT=HERE.prefix, PREFERRED_URL_SCHEME=HERE.scheme)
    yield app
    app.extensions["learn.database"].dispose()


@pytest.fixture(autouse=True)
def referring(monkeypatch) -> None:
    """Browsers say which page a form was on."""
    made = made_for_tests.__globals__["StrictClient"]
    before = made.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        before(self, *args, **kwargs)
        self.environ_base["HTTP_REFERER"] = f"{HERE}/"

    monkeypatch.setattr(made, "__init__", init)


def addresses(page: TestResponse) -> set[str]:
    """Each address on a page but its own, and where it redirects to."""
    found = {page.location} if page.location else set()
    if page.mimetype != "text/html":
        return found
    parser = Addresses()
    parser.feed(page.get_data(as_text=True))
    return found | parser.found


class Addresses(HTMLParser):
    """Collects all values that lead somewhere; that the HTML is sound, the client checks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in LEADS_TO and value}


def is_ours(address: str) -> bool:
    """Whether an address leads below the path, to another part of the page, or to another site."""
    if address.startswith(("#", "?", "tel:", "sms:", "data:")):
        return True
    if re.match(r"https?://", address):
        return not re.match(r"https?://localhost(?!/learn\b)", address)
    return address == HERE.prefix or address.startswith(f"{HERE.prefix}/")


@pytest.mark.parametrize(
    "role",
    [
        "guest",
        pytest.param("learner", marks=pytest.mark.every),
        pytest.param("member", marks=pytest.mark.every),
        "educator of the group",
    ],
)
def test_links_forms_files_and_redirects_are_below_the_path(app, scene, role):
    found: dict[str, set[str]] = {}
    count = 0
    for cell in cells(app):
        page = answer(app, scene, scene.people[role], cell)
        every = addresses(page)
        count += len(every)
        if wrong := {address for address in every if not is_ours(address)}:
            found[f"{cell[1]} {cell[0]}"] = wrong
        for header in page.headers.getlist("Set-Cookie"):
            assert "; Path=/learn" in header, cell
            assert header.startswith("__Secure-learn_all"), cell

    assert found == {}
    assert count > 500


def test_an_address_below_the_path_is_recognized_as_ours():
    wrong = ("/", "/help", "/learning", "help", "//localhost", "http://localhost/help", "")
    right = (
        "/learn",
        "/learn/help",
        "#main",
        "https://www.cancer.gov/x",
        "https://localhost/learn",
    )

    assert not [*filter(is_ours, wrong)]
    assert [*filter(is_ours, right)] == [*right]


@pytest.mark.parametrize("removed", [True, False])
def test_the_proxy_may_remove_the_path_or_not(app, ana, removed):
    prefix = "" if removed else HERE.prefix
    browser = app.test_client()
    for address, title in (
        ("/help", "Get help"),
        ("/", "Acute lymphoblastic leukemia (ALL)"),
        ("/healthz", "ok"),
    ):
        page = browser.open(f"{prefix}{address}", base_url="http://localhost")
        assert page.status_code == 200, address
        assert title in page.text
        assert all(map(is_ours, addresses(page)))
    assert browser.get(f"{prefix}/nowhere", base_url="http://localhost").status_code == 404
    if not removed:
        assert browser.get("/learn", base_url="http://localhost").status_code == 200
        assert browser.get("/learning", base_url="http://localhost").status_code == 404


def test_answering_and_registering_work_below_a_path(app, ana, somebody_new):
    ana.open("/quizzes/topic/what-is-all")
    ana.answer_right()
    assert "Welcome back" in ana.open("/").text
    register(ana)
    assert "https://localhost/learn" in ana.html, "the address beside the recovery code"
    left = sign_out(ana)
    assert left.location == "/learn/signed-out"
    assert left.headers["Clear-Site-Data"] == '"cache"', "the storage is the whole host's"
    led = somebody_new.browser.get("/groups")
    assert led.location == "/learn/sign-in?to=/learn/groups"


@pytest.mark.parametrize("asked", ["/learn/groups", "/groups", "/learn"])
def test_the_requested_page_after_signing_in_is_below_the_path(app, ana, asked):
    register(ana)
    led = ana.browser.get(f"/sign-in?to={asked}")

    assert led.location == (asked if asked.startswith("/learn") else f"/learn{asked}")


@pytest.mark.parametrize("asked", ["/learn/help", "/help", "/other/help"])
def test_saved_numbers_and_questions_lead_back_below_the_path(app, asked):
    browser = app.test_client()
    browser.get("/learn/care-team")
    for what, field in (("numbers", "daytime"), ("save", "text")):
        page = browser.post(
            f"/learn/care-team/{what}",
            data={field: "555-010-1234", "to": asked},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert page.status_code == 303
        assert page.location.startswith("/learn/")


def test_join_links_contain_the_public_address(app, ana, connection):
    become_educator(connection, ana)
    group = make_group(ana)
    ana.open(f"/groups/{group}/code")

    assert re.search(r'href="https://localhost/learn/join/[A-Z-]+"', ana.html)
    assert "https://localhost/learn/join" in ana.text


# other hosts


@pytest.fixture(scope="module")
def at(settings: Settings, content, whole_app):
    """Makes the site at a public address, behind so many trusted proxies; a new browser of it."""
    made: dict[tuple[str, int], Flask] = {}

    def make(address: str = "https://learn.example.org", proxies: int = 0):
        if (address, proxies) not in made:
            parsed = public_url.parse(address) if address else None
            own = replace(settings, public_url=parsed, trusted_proxies=proxies)
            site = made[address, proxies] = create_app(own, content=content, hasher=QUICK)
            site.jinja_env.bytecode_cache = whole_app.jinja_env.bytecode_cache
        return made[address, proxies].test_client()

    yield make
    for site in made.values():
        site.extensions["learn.database"].dispose()


FOREIGN = ("elsewhere.example", "learn.example.org.evil.example", "learn.example.org:8443")
OTHERS = ("evil-learn.example.org", "127.0.0.1:8000", "learn.example.org@evil.example", "a b", "")


@pytest.mark.parametrize("host", [*FOREIGN, *OTHERS])
def test_a_request_for_another_host_gets_a_page_and_no_cookie(at, host):
    browser = at()
    for method in ("GET", "POST"):
        page = browser.open("/quizzes/mixed", method=method, headers={"Host": host})
        assert page.status_code == 421
        assert 'href="https://learn.example.org/"' in page.text
        assert "Nothing you did here is lost" in page.text
        assert not host or host not in page.text.replace("learn.example.org", "").split(">")
        assert "Set-Cookie" not in page.headers
    for address in ("/healthz", "/readyz"):
        assert browser.get(address, headers={"Host": host}).status_code == 200


def test_no_route_answers_another_host_except_health_checks(at):
    browser = at()
    for rule in browser.application.url_map.iter_rules():
        address = re.sub("<.*?>", "x", rule.rule)
        status = browser.get(address, headers={"Host": "elsewhere.example"}).status_code
        assert status == (200 if rule.endpoint.startswith("health.") else 421), rule


@pytest.mark.parametrize(
    "host", ["learn.example.org", "LEARN.example.org", "learn.example.org:443"]
)
def test_our_host_is_recognized_however_it_is_written(at, host):
    page = at().get("/quizzes/mixed", headers={"Host": host})

    assert page.status_code == 200
    assert page.headers["Set-Cookie"].startswith("__Host-learn_all=")
    assert "Secure" in page.headers["Set-Cookie"]
    assert "max-age" in page.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_proxy_can_only_name_our_host(at, proxies):
    browser = at(proxies=proxies)
    for host, status in (("learn.example.org", 200), ("elsewhere.example", 421)):
        says = {"Host": "learn.example.org", "X-Forwarded-Host": host, "X-Forwarded-Proto": "http"}
        page = browser.get("/help", headers=says)
        assert page.status_code == status
    inside = {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "learn.example.org"}
    assert browser.get("/help", headers=inside).status_code == (200 if proxies else 421)


def test_passkeys_are_made_for_the_public_address(at):
    browser = at("https://learn.example.org/learn")
    for headers in ({}, {"X-Forwarded-Proto": "http"}):
        options = browser.get(
            "/passkeys/sign-in.json", headers={"Host": "learn.example.org"} | headers
        )
        assert options.json["rpId"] == "learn.example.org"


def test_a_form_from_the_public_origin_is_accepted(at):
    browser = at("https://learn.example.org:8443/learn")
    for origin, refused in (
        ("https://learn.example.org:8443", False),
        ("http://learn.example.org:8443", True),
        ("https://learn.example.org", True),
    ):
        headers = {"Host": "learn.example.org:8443", "Origin": origin}
        assert (browser.post("/care-team/write", headers=headers).status_code == 403) is refused


@pytest.mark.parametrize(
    "host", ["a/b", "a b", "<b>", "a,b", "a@b", "[::1", "x" * 64, "x." * 150, "a..b", ":80", "a:b"]
)
def test_without_a_public_address_the_host_must_be_well_formed(at, host):
    browser = at("")
    page = browser.get("/quizzes/mixed", headers={"Host": host})

    assert page.status_code == 400
    assert host not in page.text
    assert "Set-Cookie" not in page.headers
    assert browser.get("/healthz", headers={"Host": host}).status_code == 200
    for fine in ("localhost:8000", "127.0.0.1", "[::1]:8000", "my_host", "x.example."):
        assert browser.get("/help", headers={"Host": fine}).status_code == 200, fine


# the setting


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://learn.example.org", ("https", "learn.example.org", "")),
        ("https://Learn.Example.org:443/", ("https", "learn.example.org", "")),
        ("http://localhost:8000/a/b-c/", ("http", "localhost:8000", "/a/b-c")),
        ("https://[::1]:8443/learn", ("https", "[::1]:8443", "/learn")),
    ],
)
def test_a_public_url_is_parsed(address, parts):
    assert public_url.parse(address) == PublicURL(*parts)


@pytest.mark.parametrize(
    "address",
    [
        *("learn.example.org", "ftp://x", "https://", "https://a b", "https://x?y", "https://x#y"),
        *("https://u:p@x", "https://x:99999", "https://x:0", "https://x/a b", "https://x/../y"),
        *("https://x//y", "https://x/%2e", "https://[::1", "//x", "https://x/./y"),
    ],
)
def test_an_invalid_public_url_is_rejected(address):
    with pytest.raises(ValueError):  # noqa: PT011 - any
        public_url.parse(address)


@pytest.mark.parametrize("path", ["/lessons", "/groups/x", "/static"])
def test_a_path_that_our_pages_use_is_rejected(another_app, settings, path):
    own = replace(settings, public_url=PublicURL("https", "x", path))
    with pytest.raises(ConfigError, match="the site has pages there"):
        another_app(own)
