"""The site begins to speak TLS, or comes from a version whose cookies had no prefix."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from flask import Flask

from tests.learn.people import Person
from tests.learn.registration import register, sign_in, sign_out

EARLIER, CURRENT = "learn_all", "__Host-learn_all"
ASIDE, CURRENT_ASIDE = "learn_all_aside", "__Host-learn_all_aside"


@pytest.fixture
def tls(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Speaks TLS with everybody from when it is called."""

    def begin(*people: Person) -> None:
        monkeypatch.setitem(app.config, "PREFERRED_URL_SCHEME", "https")
        for person in people:
            person.browser.environ_base["HTTP_REFERER"] = "https://localhost/"

    return begin


def names(person: Person) -> set[str]:
    """Return the cookies that the browser has."""
    return {cookie.key for cookie in person.browser._cookies.values()}  # noqa: SLF001


def set_by(page) -> dict[str, dict[str, str]]:
    """Return the attributes of each cookie that a response sets, by name."""
    found = {}
    for header in page.headers.getlist("Set-Cookie"):
        ((name, morsel),) = SimpleCookie(header).items()
        found[name] = {k: v for k, v in morsel.items() if v} | {"value": morsel.value}
    return found


def test_over_tls_the_cookie_name_has_a_prefix(somebody_new, tls):
    assert {*set_by(somebody_new.browser.get("/quizzes/mixed"))} == {EARLIER}
    somebody_new.browser.delete_cookie(EARLIER)
    tls(somebody_new)
    made = set_by(somebody_new.browser.get("/quizzes/mixed"))

    assert {*made} == {CURRENT}
    assert made[CURRENT]["secure"]
    assert made[CURRENT]["path"] == "/"
    assert "domain" not in made[CURRENT]


def test_a_guest_keeps_their_answers_and_the_cookie_is_replaced_once(ana, tls):
    ana.open("/quizzes/topic/what-is-all")
    ana.answer_right()
    tls(ana)
    replaced = set_by(ana.browser.get("/"))

    assert replaced[EARLIER]["max-age"] == "0"
    assert replaced[CURRENT]["expires"], "it lasts as before"
    assert names(ana) == {CURRENT}
    page = ana.browser.get("/")
    assert "Welcome back" in page.text
    assert not set_by(page)


def test_moving_to_tls_signs_nobody_out(ana, tls):
    register(ana)
    tls(ana)

    assert "Ana" in ana.open("/account").text
    assert names(ana) == {CURRENT}
    assert sign_out(ana).status_code == 303
    assert names(ana) == set()


def test_the_prefixed_cookie_wins_and_deletes_the_old_one(ana, ben, tls):
    """A cookie without a prefix may be another site's work; and after signing out none is left."""
    register(ana)
    register(ben, "Ben")
    earlier = ana.browser.get_cookie(EARLIER).value
    tls(ana, ben)
    ben.open("/account")
    for now in (ben.browser.get_cookie(CURRENT).value, "not signed by us"):
        ben.browser.set_cookie(EARLIER, earlier)
        ben.browser.set_cookie(CURRENT, now)
        page = ben.open("/account")
        assert "Ana" not in page.text
        assert EARLIER not in names(ben)
    ben.browser.set_cookie(EARLIER, earlier)
    sign_in(ben, "Ben")
    ben.browser.set_cookie(EARLIER, earlier)
    sign_out(ben)
    assert names(ben) == set()


def test_cacheable_files_set_no_cookie(ana, tls):
    ana.open("/")
    address = ana.html.split('rel="stylesheet" href="')[1].split('"')[0]
    tls(ana)

    assert "public" in (page := ana.browser.get(address)).headers["Cache-Control"]
    assert not set_by(page)
    assert names(ana) == {EARLIER}


def test_a_cross_site_request_replaces_no_cookie(ana, tls):
    tls(ana)
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}

    assert not set_by(ana.browser.get("/", headers=embedded))
    assert names(ana) == {EARLIER}


def test_a_guest_stashed_before_the_move_returns(ana, ben, app, tls):
    """Ben signs in on Ana's device, the site moves to TLS, and Ben signs out."""
    register(ben, "Ben")
    ana.open("/quizzes/topic/what-is-all")
    ana.answer_right()
    sign_in(ana, "Ben")  # without “mine”: what Ana did stays hers
    assert names(ana) == {EARLIER, ASIDE}
    tls(ana)
    ana.open("/account")
    assert names(ana) == {CURRENT, ASIDE}
    sign_out(ana)

    assert "Welcome back" in ana.open("/").text
    assert names(ana) == {CURRENT}
    sign_in(ana, "Ben")
    assert names(ana) == {CURRENT, CURRENT_ASIDE}


def test_below_a_path_the_cookie_is_limited_to_that_path(ana, app, tls, monkeypatch):
    ana.open("/quizzes/topic/what-is-all")
    ana.answer_right()
    monkeypatch.setitem(app.config, "SESSION_COOKIE_PATH", "/learn")
    earlier = ana.browser.get_cookie(EARLIER).value
    ana.browser.set_cookie(EARLIER, earlier, path="/learn")
    tls(ana)
    replaced = ana.browser.get("/", base_url="https://localhost/learn")

    assert "Welcome back" in replaced.text
    assert set_by(replaced)["__Secure-learn_all"]["path"] == "/learn"
    assert set_by(replaced)["__Secure-learn_all"]["secure"]
    assert names(ana) == {"__Secure-learn_all"}


def test_an_unprefixed_cookie_set_by_another_host_is_ignored(ana, ben, tls):
    """Another host of the domain can set an unprefixed cookie, but none with a good signature."""
    register(ben, "Ben")
    tls(ana, ben)
    ben.open("/account")
    own = ben.browser.get_cookie(CURRENT).value
    ana.browser.delete_cookie(EARLIER)
    ana.browser.set_cookie(EARLIER, own)

    assert "Ben" not in ana.open("/account").text
    assert names(ana) <= {CURRENT}


def test_an_unprefixed_stashed_guest_is_ignored(ana, ben, tls):
    tls(ana, ben)
    ben.open("/quizzes/topic/what-is-all")
    ben.answer_right()
    register(ana)
    sign_in(ben, "Ana")
    saved = ben.browser.get_cookie(CURRENT_ASIDE).value
    sign_out(ana)
    ana.browser.set_cookie(ASIDE, saved)

    assert "Welcome back" not in ana.open("/").text


def test_of_two_cookies_of_that_name_none_counts(app, ana, ben):
    """Below a path, another site of the domain can plant its own session for some of our pages."""
    register(ana)
    register(ben, "Ben")
    mine, planted = (p.browser.get_cookie(EARLIER).value for p in (ana, ben))
    page = app.test_client(use_cookies=False).get(
        "/account", headers={"Cookie": f"{EARLIER}={planted}; {EARLIER}={mine}"}
    )

    assert page.status_code == 302
    assert "Ben" not in page.get_data(as_text=True)
