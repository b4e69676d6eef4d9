"""The database is away: calm words, nothing lost that was typed, and pages that need none."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from learn.breaker import Breaker, OutageScope
from learn.database import Database
from tests.learn.people import Person, right_answer
from tests.learn.route_addresses import unsafe_addresses
from tests.learn.signing_in import add_credentials, sign_in

TYPED = "What <b>is</b> “remission”?\r\nAnd for how long?"
SECRET = "three quiet words"
WITHOUT_TOKEN = {400, 403, 404, 405, 413, 422, 503}


@pytest.fixture
def leave(app: Flask) -> Iterator[Callable[..., None]]:
    """Take the database away, all of it or for writing; after the test it is back."""
    database: Database = app.extensions["learn.database"]
    before, gone = database.breaker, [True]

    def probe(_scope: OutageScope) -> None:
        if gone[0]:
            raise OSError("away")

    def away(scope: OutageScope = OutageScope.ALL) -> None:
        database.breaker = Breaker(probe)
        database.breaker.open(scope, "a test")

    yield away
    gone[0] = False
    database.breaker = before


@pytest.fixture
def come_back(app: Flask, leave: Any) -> Callable[[], None]:
    database: Database = app.extensions["learn.database"]
    before = database.breaker
    return lambda: setattr(database, "breaker", before)


def fields_of(page: str) -> dict[str, str]:
    """What the page's form sends, without what is still to type."""
    matches = re.findall(r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"', page)
    texts = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in (*matches, *texts)}


def token_of(person: Person) -> str:
    person.open("/care-team")
    return person.hidden("csrf_token")


def post_addresses(app: Flask) -> list[str]:
    adapter = app.url_map.bind("localhost")
    return [one for one in dict.fromkeys(unsafe_addresses(app)) if adapter.test(one, "POST")]


@pytest.mark.parametrize("scope", [OutageScope.ALL, OutageScope.WRITES], ids=["all", "writes"])
def test_every_form_gets_a_calm_page_and_can_be_sent_again(app, ana, leave, scope):
    token, seen = token_of(ana), 0
    cookie = ana.browser.get_cookie("learn_all").value
    leave(scope)
    for address in post_addresses(app):
        ana.browser.set_cookie("learn_all", cookie)
        sent = {"csrf_token": token, "text": TYPED, "passphrase": SECRET, "current": SECRET}
        page = ana.post(address, sent | {"nickname": "Ana", "answer": ["a", "b"]})

        assert page.status_code < 500 or page.status_code == 503, address
        assert SECRET not in ana.html, address
        if page.status_code != 503:
            continue
        seen += 1
        assert page.headers["Retry-After"] == "5"
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers, address
        again = fields_of(ana.html)
        assert again["text"] == TYPED, address
        assert again["csrf_token"], address
        assert ana.html.count('name="answer"') == 2, address
        assert ana.html.count('type="password"') == 2, address
    assert seen >= (20 if scope is OutageScope.ALL else 5)


def bad_forms() -> list[dict[str, Any]]:
    return [
        {},
        {"csrf_token": "x", "text": "a" * 70_000},
        {"csrf_token": "x", "file": (BytesIO(b"x"), "x.txt")},
        {"te\0xt": "\0\u202e", "passphrase": ["", SECRET]},
    ]


def test_a_form_without_a_token_causes_no_error(app, somebody_new, leave):
    leave()
    for address in post_addresses(app):
        for sent in bad_forms():
            page = somebody_new.post(address, sent)
            assert page.status_code in {302, 303, *WITHOUT_TOKEN}, (address, sent.keys())
            assert SECRET not in somebody_new.html


def test_every_page_opens_or_says_when_to_retry(app, ana, leave):
    ana.open("/quizzes/mixed")
    ana.answer_right()
    leave()
    for address in dict.fromkeys(unsafe_addresses(app)):
        page = ana.browser.get(address)
        assert page.status_code < 500 or page.status_code == 503, address
        if page.status_code == 503 and address != "/readyz":
            assert "We can’t open this page right now" in page.get_data(as_text=True)
            assert page.headers["Retry-After"] == "5"


@pytest.mark.parametrize("scope", [OutageScope.ALL, OutageScope.WRITES], ids=["all", "writes"])
def test_lessons_and_help_open_without_a_database(app, ana, leave, scope):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    app.extensions.pop("learn.demo", None)
    leave(scope)
    for address in ("/", "/lessons", "/lessons/what-is-all", "/help", "/glossary", "/source"):
        assert ana.open(address).status_code == 200, address
        assert "Set-Cookie" not in ana.page.headers


def test_a_page_without_progress_says_so(ana, somebody_new, leave):
    ana.open("/quizzes/lesson/what-is-all")
    ana.answer_right()
    leave()
    for address in ("/", "/lessons"):
        assert "can’t show your progress right now" in ana.open(address).get_data(as_text=True)
        assert "can’t show your progress" not in somebody_new.open(address).get_data(as_text=True)


def test_an_answer_is_sent_again_with_one_click(ana, leave, come_back, rows):
    ana.open("/quizzes/mixed")
    for _ in range(2):
        given = ana.form() | right_answer(ana.question)
        address = ana.address
        kept = len([row for row in rows(ana) if row.answered_at])
        leave(OutageScope.WRITES)
        assert ana.post(address, given).status_code == 503
        again = fields_of(ana.html)
        question = ana.content.bank.questions[given["question"]]
        for line in question.describe(question.right_response()):
            assert line.text in html.unescape(ana.html)
            assert line.answer in html.unescape(ana.html)
        come_back()
        assert len([row for row in rows(ana) if row.answered_at]) == kept

        page = ana.post(address, given | again)
        assert page.status_code == 303
        assert len([row for row in rows(ana) if row.answered_at]) == kept + 1
        ana.open(page.location)
        ana.go_on()


def test_a_passphrase_has_to_be_typed_again(ana, leave, come_back):
    ana.open("/sign-in")
    leave()
    assert ana.post("/sign-in", ana.form(nickname="Ana", passphrase=SECRET)).status_code == 503
    assert "Please type it again" in ana.text
    assert SECRET not in ana.html
    again = fields_of(ana.html)
    come_back()
    assert again["nickname"] == "Ana"
    assert ana.post("/sign-in", again | {"passphrase": SECRET}).status_code == 422


def test_a_visitor_without_a_cookie_can_send_it_again(somebody_new, leave, come_back):
    somebody_new.open("/care-team")
    sent = somebody_new.form(text=TYPED)
    leave()
    assert somebody_new.post("/care-team/write", sent).status_code == 503
    again = fields_of(somebody_new.html)
    come_back()
    assert somebody_new.post("/care-team/write", again).status_code == 303


def test_changes_a_failed_view_made_to_the_cookie_are_undone(ana, leave, come_back):
    """A guest was put aside: the visit that would bring them back leaves both cookies alone."""
    ana.open("/quizzes/mixed")
    ana.answer_right()
    sign_in(ana, add_credentials(ana.browser.application, uuid.uuid4()), merge=False)
    ana.browser.delete_cookie("learn_all")
    aside = ana.browser.get_cookie("learn_all_aside")
    assert aside
    leave()
    for address in ("/", "/lessons", "/progress"):
        ana.open(address)
        assert "Set-Cookie" not in ana.page.headers, address
    assert ana.browser.get_cookie("learn_all_aside") == aside
    come_back()
    assert ana.open("/").headers.getlist("Set-Cookie")


def test_a_page_is_shown_even_if_closing_its_session_fails(pooled_app, content):
    ana = Person(pooled_app, content)
    ana.take("lesson/what-is-all")
    engine = pooled_app.extensions["learn.database"].engine

    def fail(_connection):
        raise OperationalError("ROLLBACK", {}, Exception("server closed the connection"))

    event.listen(engine, "rollback", fail)
    try:
        assert ana.open(ana.address).status_code == 200
    finally:
        event.remove(engine, "rollback", fail)
    assert ana.open("/progress").status_code == 200
