"""Cross-site requests are rejected."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import Connection

from learn.models.base import Base
from tests.learn.people import Person
from tests.learn.route_addresses import unsafe_addresses

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.localhost"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "https://localhost.elsewhere.example"},
    {"Origin": "http://localhost:9999"},
    {"Origin": "ftp://localhost"},
    {"Origin": "chrome-extension://localhost"},
    {"Origin": "http://evil.example@localhost"},
    {"Origin": "http://evil.example\\@localhost"},
    {"Origin": "http://localhost:080"},
    {"Origin": "http://localhost/x"},
    {"Origin": "http://localhost#evil"},
    {"Origin": "null"},
    {"Origin": "http://[::1"},
    {"Origin": ""},
)
OURS = (
    {},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost:80"},
    {"Origin": "https://localhost"},  # a proxy speaks TLS for us
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {
        "Sec-Fetch-Site": "same-origin",
        "Origin": "https://learn.example.org",
    },  # a proxy hid the host
    {"Sec-Fetch-Site": "none"},
)


def everything(connection: Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in connection.execute(table.select())]
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def begun(ana: Person) -> Person:
    """Ana, who has answered a question as a guest."""
    ana.open("/quizzes/topic/what-is-all")
    ana.answer_right()
    return ana


def test_no_route_acts_on_a_cross_site_request(app, begun, connection):
    """SameSite keeps the cookie back; even without it, nothing would happen."""
    before = everything(connection)
    addresses = unsafe_addresses(app)
    headers = itertools.cycle(FOREIGN)
    for address, method, browser in itertools.product(
        addresses, ("POST", "PUT", "PATCH", "DELETE"), (begun.browser, app.test_client())
    ):
        found = browser.open(address, method=method, headers=next(headers), data={"a": "b"})
        assert found.status_code == 403, (address, method)
        assert "Set-Cookie" not in found.headers, (address, method)
    assert len(addresses) > 60
    assert everything(connection) == before


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(
    "address", ["/sign-out", "/quizzes/mixed", "/care-team/write", "/my-data/delete"]
)
def test_each_cross_site_header_is_enough_to_reject(begun, address, headers):
    answer = begun.browser.post(address, headers=headers)

    assert answer.status_code == 403
    assert "Nothing you did here is lost" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    assert "Welcome back" in begun.open("/").get_data(as_text=True)


def test_cross_site_requests_keep_the_saved_guest_cookie(app, begun):
    """Their cookie is one of its own, and leaves with nobody's answer but their own."""
    browser = app.test_client()
    browser.set_cookie("learn_all_aside", "anything")
    foreign = {"Sec-Fetch-Site": "cross-site"}

    for headers in (foreign, foreign | {"Sec-Fetch-Mode": "no-cors"}):
        assert "Set-Cookie" not in browser.post("/sign-out", headers=headers).headers
        assert "Set-Cookie" not in browser.get("/quizzes/mixed", headers=headers).headers


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_forms_of_this_site_work_in_every_browser(begun, headers):
    """Also from an old one that sends neither `Origin` nor `Sec-Fetch-Site`."""
    begun.go_on()
    form = begun.form(answer="?")
    answer = begun.browser.post(begun.address, data=form, headers=headers)

    assert answer.status_code == 303


def test_an_embedded_picture_changes_no_cookie_and_a_link_may(somebody_new):
    """A page that anybody embeds is asked for without our cookie: no new one takes its place."""
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    browser = somebody_new.browser

    assert "Set-Cookie" not in browser.get("/quizzes/mixed", headers=embedded).headers
    assert "Set-Cookie" in browser.get("/quizzes/mixed", headers=followed).headers


def test_a_trusted_proxy_names_the_host(app, settings, another_app):
    from learn.config import Settings

    behind = another_app(
        Settings(settings.database_url, settings.secret_keys, settings.data, trusted_proxies=1)
    )
    says = {"X-Forwarded-Host": "learn.example.org", "X-Forwarded-Proto": "https"}
    for origin, refused in (
        ("https://learn.example.org", False),
        ("http://learn.example.org", True),
        ("https://evil.example", True),
    ):
        client = behind.test_client().post("/care-team/write", headers=says | {"Origin": origin})
        assert (client.status_code == 403) is refused, origin
