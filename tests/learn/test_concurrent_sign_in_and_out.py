"""Tabs and devices that register, sign in, sign out and answer at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from learn.models import Account, Item, MergedGuest, SignIn, SignInSession
from tests.learn.people import Person, right_answer, text_of
from tests.learn.registration import ANOTHER, PASSPHRASE, register, sign_in
from tests.learn.tabs import count, post, together

QUIZ = "/quizzes/lesson/what-is-all"
TURNS = 3


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


@pytest.fixture
def ana(app: Flask, content: Any) -> Person:
    return Person(app, content)


def answered(app: Flask) -> int:
    return count(app, Item, Item.answered_at.is_not(None))


def statuses(pages: Iterable[TestResponse]) -> list[int]:
    return sorted(page.status_code for page in pages)


def is_in(person: Person) -> bool:
    return person.browser.get("/account").status_code == 200


@pytest.mark.parametrize("has_answers", [True, False], ids=["with answers", "without"])
def test_two_tabs_registering_one_guest_create_one_account(app, content, has_answers):
    for turn in range(1, TURNS + 1):
        ana = Person(app, content)
        ana.open(QUIZ)
        if has_answers:
            ana.answer_right()
        forms = [
            ana.open("/keep") and ana.form(nickname=f"{name} {turn}", passphrase=PASSPHRASE)
            for name in ("Ana", "Bea")
        ]
        pages = together(post(ana, "/keep", form) for form in forms)

        assert statuses(pages) == [200, 422]
        refused = next(page for page in pages if page.status_code == 422)
        assert "Your progress was saved a moment ago" in text_of(refused)
        assert count(app, SignIn) == count(app, Account) == count(app, SignInSession) == turn
        assert count(app, MergedGuest) == turn
        assert answered(app) == (turn if has_answers else 0)


def test_a_form_sent_three_times_at_once_shows_one_code(app, content):
    for turn in range(1, TURNS + 1):
        ana = Person(app, content)
        ana.open(QUIZ)
        ana.answer_right()
        ana.open("/keep")
        form = ana.form(nickname=f"Ana {turn}", passphrase=PASSPHRASE)
        pages = together(post(ana, "/keep", form) for _ in range(3))

        assert statuses(pages) == [200] * 3
        codes = {re.search(r"<code>(.+?)</code>", p.get_data(as_text=True))[1] for p in pages}
        assert len(codes) == 1
        assert count(app, SignIn) == count(app, Account) == turn
        assert answered(app) == turn


def test_answers_sent_during_registration_are_kept(app, content):
    for turn in range(1, TURNS + 1):
        ana = Person(app, content)
        ana.open(QUIZ)
        ana.answer_right()
        ana.go_on()
        ways = [post(ana, ana.address, ana.form() | right_answer(ana.question)) for _ in range(2)]
        ana.open("/quizzes/topic/risk-factors")
        ways += [post(ana, ana.address, ana.form() | right_answer(ana.question)) for _ in range(2)]
        ana.open("/keep")
        ways.append(post(ana, "/keep", ana.form(nickname=f"A{turn}", passphrase=PASSPHRASE)))
        pages = together(ways)

        assert [page.status_code for page in pages] == [303] * 4 + [200]
        assert count(app, Account) == turn
        assert answered(app) == 3 * turn


def test_two_sign_outs_at_once_both_succeed(app, ana):
    register(ana)
    ana.open("/sign-out")
    pages = together(post(ana, "/sign-out", ana.form()) for _ in range(2))

    assert statuses(pages) == [303, 303]
    assert count(app, SignInSession) == 0
    assert not is_in(ana)


def test_an_answer_during_sign_out_counts_or_can_be_sent_again(app, ana):
    register(ana)
    for _ in range(TURNS):
        ana.open(QUIZ)
        before = answered(app)
        send = post(ana, ana.address, ana.form() | right_answer(ana.question))
        ana.open("/sign-out")
        answer, out = together([send, post(ana, "/sign-out", ana.form())])

        assert out.status_code == 303
        assert answer.status_code in {303, 403}
        assert answered(app) - before == (answer.status_code == 303)
        assert count(app, SignInSession) == 0
        sign_in(ana)


def test_an_answer_during_a_passphrase_change_counts_or_can_be_sent_again(app, ana):
    register(ana)
    passphrases = [PASSPHRASE, ANOTHER] * TURNS
    for old, new in pairwise(passphrases):
        tablet = Person(app, ana.content)
        sign_in(tablet, passphrase=old)
        tablet.open(QUIZ)
        before = answered(app)
        send = post(tablet, tablet.address, tablet.form() | right_answer(tablet.question))
        ana.open("/account/passphrase")
        form = ana.form(current=old, passphrase=new)
        answer, change = together([send, lambda f=form: ana.post("/account/passphrase", f)])

        assert change.status_code == 303
        assert answer.status_code in {303, 403}
        assert answered(app) - before == (answer.status_code == 303)
        assert (is_in(ana), is_in(tablet)) == (True, False)


def test_a_sign_in_during_a_passphrase_change_does_not_last(app, ana):
    register(ana)
    passphrases = [PASSPHRASE, ANOTHER] * TURNS
    for old, new in pairwise(passphrases):
        tablet = Person(app, ana.content)
        tablet.open("/sign-in")
        form = tablet.form(nickname="Ana", passphrase=old)
        ana.open("/account/passphrase")
        change = ana.form(current=old, passphrase=new)
        came, changed = together(
            [
                lambda t=tablet, f=form: t.post("/sign-in", f),
                lambda f=change: ana.post("/account/passphrase", f),
            ]
        )

        assert changed.status_code == 303
        assert came.status_code in {303, 422}
        assert (is_in(ana), is_in(tablet)) == (True, False)
        assert count(app, SignInSession) == 1
