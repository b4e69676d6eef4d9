"""A browser sends the same cookie with each page. It is read once, and stays as it is."""

from __future__ import annotations

from datetime import timedelta

import flask
import pytest

from learn import session_cookie as cookie


@pytest.fixture
def sent(ana):
    """Send Ana's cookie: return what the session holds, in a request that changes nothing."""
    with ana.browser.session_transaction() as session:
        session[cookie.LESSONS_READ_KEY] = ["a", "b"]
        session["of another version"] = {"in": ["it"]}
    header = {"Cookie": f"learn_all={ana.browser.get_cookie('learn_all').value}"}

    def open_again():
        return ana.browser.application.test_request_context("/", headers=header)

    return open_again


def test_what_a_page_changes_in_place_is_not_there_for_the_next_one(sent):
    with sent():
        flask.session[cookie.LESSONS_READ_KEY].append("c")
        flask.session["of another version"]["in"].append("this")
    with sent():
        assert flask.session[cookie.LESSONS_READ_KEY] == ["a", "b"]
        assert flask.session["of another version"] == {"in": ["it"]}


def test_a_cookie_that_was_read_before_expires_all_the_same(sent, app, monkeypatch):
    with sent():
        assert cookie.LESSONS_READ_KEY in flask.session
    monkeypatch.setitem(app.config, "PERMANENT_SESSION_LIFETIME", timedelta(seconds=-1))
    with sent():
        assert cookie.LESSONS_READ_KEY not in flask.session


def test_a_cookie_that_was_read_before_is_not_read_with_another_key(sent, app, monkeypatch):
    with sent():
        assert cookie.LESSONS_READ_KEY in flask.session
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key, which did not sign it")
    with sent():
        assert cookie.LESSONS_READ_KEY not in flask.session
