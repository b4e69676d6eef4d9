"""Somebody signs out, here or elsewhere: the cookie is good for nothing from then on."""

from __future__ import annotations

import uuid

import pytest

from learn import sign_in_sessions
from tests.learn.people import Person, right_answer, text_of
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    QUIZ,
    code_on,
    recover,
    register,
    sign_in,
    sign_out,
)
from tests.learn.sessions import SIGNED_OUT, cookie, copy_of, is_in, sessions


@pytest.fixture
def two(ana: Person, ben: Person) -> tuple[Person, Person]:
    """One account on two devices."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    register(ana)
    sign_in(ben)
    return ana, ben


def test_signing_out_ends_only_this_devices_session(two, connection):
    ana, ben = two
    copy = copy_of(ana)
    assert len(sessions(connection)) == 2
    sign_out(ana)

    assert (is_in(copy), is_in(ben)) == (False, True)
    assert len(sessions(connection)) == 1


def test_a_visit_on_a_shared_computer_ends_some_hours_after_its_last_use(ana, ben, clock):
    register(ana)
    sign_in(ben, shared="y")
    copy = copy_of(ben)
    for _ in range(3):
        clock.forward(hours=11)
        assert is_in(ben)
    clock.forward(hours=14)

    assert (is_in(ben), is_in(copy), is_in(ana)) == (False, False, True)


def test_a_copy_of_the_cookie_of_a_shared_computer_lapses_by_itself(ana, ben, clock):
    """Its owner goes on, and the copy, which was made in the morning, opens nothing at night."""
    register(ana)
    sign_in(ben, shared="y")
    copy = copy_of(ben)
    clock.forward(hours=8)
    assert is_in(ben)
    clock.forward(hours=8)

    assert (is_in(copy), is_in(ben)) == (False, True)


@pytest.mark.parametrize(("days", "stays"), [(0, True), (1, True), (2, False)])
def test_a_visit_from_before_there_were_hours_ends_by_its_day(ana, ben, clock, days, stays):
    register(ana)
    sign_in(ben, shared="y")
    with ben.browser.session_transaction() as stored:
        stored["visit"] = True
    clock.forward(days=days)

    assert is_in(ben) is stays


def test_changing_the_passphrase_ends_all_other_sessions(two):
    ana, ben = two
    ana.open("/account/passphrase")
    ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))

    assert (is_in(ana), is_in(ben)) == (True, False)
    assert sign_in(ben, passphrase=ANOTHER).status_code == 303


def test_recovery_ends_all_sessions(ana, ben, somebody_new):
    code = register(ana)
    sign_in(ben)
    recover(somebody_new, code)

    assert code_on(somebody_new) != code
    assert [is_in(p) for p in (ana, ben, somebody_new)] == [False, False, True]


def test_deleting_the_account_ends_all_sessions(two, connection):
    ana, ben = two
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())

    assert not is_in(ben)
    assert sessions(connection) == []


def test_each_sign_in_gets_a_new_session_id(two, connection):
    _ana, ben = two
    before = cookie(ben)
    sign_out(ben)
    sign_in(ben)
    old = copy_of(ben)
    old.browser.set_cookie("learn_all", before)

    assert (is_in(ben), is_in(old)) == (True, False)
    ids = {row.id for row in sessions(connection)}
    assert len(ids) == 2
    assert all(uuid.UUID(int=0) != i for i in ids)


def test_signing_in_as_someone_else_ends_the_previous_session(ana, ben, connection):
    register(ben, "Ben")
    register(ana)
    copy = copy_of(ana)
    ana.open("/care-team")  # the sign-in page would lead to the account
    form = ana.form(nickname="Ben", passphrase=PASSPHRASE)

    assert ana.post("/sign-in", form).status_code == 303
    assert not is_in(copy)


def test_a_sign_in_with_the_old_passphrase_during_its_change_is_refused(app, two, monkeypatch):
    """It was checked before the change and started after it."""
    ana, ben = two
    sign_out(ben)
    ben.open("/sign-in")
    form = ben.form(nickname="Ana", passphrase=PASSPHRASE)
    from learn.account import throttling

    once = iter([True])

    def change(_key: str, _account: uuid.UUID) -> None:
        if next(once, False):
            ana.open("/account/passphrase")
            ana.post("/account/passphrase", ana.form(current=PASSPHRASE, passphrase=ANOTHER))

    monkeypatch.setattr(throttling, "record_sign_in", change)
    assert ben.post("/sign-in", form).status_code == 422
    assert not is_in(ben)


# Bad input


def test_signing_out_twice_or_in_two_tabs_is_no_error(two, connection):
    ana, _ben = two
    tab = copy_of(ana)
    forms = [p.open("/sign-out") and p.form() for p in (ana, tab)]
    first, second = ana.post("/sign-out", forms[0]), tab.post("/sign-out", forms[1])

    assert (first.status_code, second.status_code) == (303, 303)
    assert SIGNED_OUT not in text_of(tab.open("/signed-out"))
    assert len(sessions(connection)) == 1


@pytest.mark.parametrize("value", ["", "x", 5, ["x"], None, "0" * 31, {"a": 1}])
def test_a_malformed_session_id_is_ignored(two, value):
    ana, _ben = two
    with ana.browser.session_transaction() as session:
        session["session"] = value

    assert not is_in(ana)
    assert ana.open("/progress").status_code == 200
    assert "Saved as" not in ana.text
    ana.open(f"/quizzes/{QUIZ}")
    assert ana.answer_right().status_code == 200


def test_a_session_signed_with_an_unknown_key_is_ignored(two, app, another_app, settings):
    ana, _ben = two
    from dataclasses import replace

    other = another_app(replace(settings, secret_keys=("another key of sixteen",)))
    with other.test_request_context():
        from flask.sessions import SecureCookieSessionInterface

        signer = SecureCookieSessionInterface().get_signing_serializer(other)
        with ana.browser.session_transaction() as session:
            forged = signer.dumps({**session})
    ana.browser.set_cookie("learn_all", forged)

    assert not is_in(ana)


def test_another_accounts_session_is_ignored(two, app, content):
    """A cookie that names one account and the session of another."""
    ana, _ben = two
    kim = Person(app, content)
    register(kim, "Kim")
    with kim.browser.session_transaction() as session:
        taken = session["session"]
    with ana.browser.session_transaction() as session:
        session["session"] = taken

    assert not is_in(ana)


# Last used


def test_a_session_stores_its_device_roughly_and_its_last_use(ana, clock, connection):
    ana.browser.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.6478.71 Mobile Safari/537.36"
    )
    register(ana)
    (row,) = sessions(connection)
    assert (row.browser, row.system) == ("Chrome", "Android")
    assert (row.created_at, row.last_used_on) == (clock.now, clock.now.date())
    for days, page in ((1, "/progress"), (2, "/account")):
        clock.forward(days=days)
        ana.open(page)
        (row,) = sessions(connection)
        assert row.last_used_on == clock.now.date()


def test_answers_update_the_last_use_once_a_day(ana, clock, connection, statements):
    register(ana)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    clock.forward(days=1)
    statements.clear()
    ana.answer_right()
    assert len([s for s in statements if s.startswith("UPDATE sign_in_session")]) == 1
    assert sessions(connection)[0].last_used_on == clock.now.date()
    ana.go_on()
    statements.clear()
    ana.answer_right()
    assert not [s for s in statements if s.startswith("UPDATE sign_in_session")]


def test_an_expired_session_is_deleted_at_the_next_sign_in(two, clock, connection):
    _ana, ben = two
    clock.forward(days=401)
    sign_out(ben)
    sign_in(ben)

    assert len(sessions(connection)) == 1


# What it costs


def test_checking_the_session_costs_no_statement_in_a_quiz(ana, statements):
    """Here, as for a guest: `test_answer_a_question`."""
    register(ana)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    form = right_answer(ana.question)
    for page, most in ((ana.address, 1), ("/lessons/where-all-stands", 1)):
        statements.clear()
        ana.browser.get(page)
        assert len(statements) <= most, statements
    statements.clear()
    ana.browser.post(ana.address, data=ana.form() | form)
    assert len(statements) <= 4, statements
    statements.clear()
    ana.browser.get(ana.address)
    assert len(statements) <= 1, statements


def test_checking_the_session_costs_one_statement_elsewhere(ana, statements):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    counts = []
    for turn in range(2):
        if turn:
            register(ana)
        statements.clear()
        ana.open("/care-team")
        counts.append(len(statements))
    assert counts[1] == counts[0] + 1


def test_a_sign_in_beyond_the_most_sessions_ends_the_oldest(
    two, somebody_new, connection, monkeypatch
):
    monkeypatch.setattr(sign_in_sessions, "MAX_SESSIONS", 2)
    sign_in(somebody_new)

    assert len(sessions(connection)) == 2
    assert is_in(somebody_new)
    assert [is_in(person) for person in two].count(True) == 1
