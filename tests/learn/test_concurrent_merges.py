"""A guest signs in while other tabs and devices answer, sign in, or delete."""

from __future__ import annotations

import contextlib
import threading
import uuid
from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn import accounts, extensions, rate_limits
from learn.access import Learner
from learn.models import (
    Account,
    Item,
    MergedGuest,
    RateLimit,
)
from learn.my_data.actions import delete_everything
from learn.sign_in.flow import SignInOptions, complete_sign_in
from learn.sign_in.verified_account import VerifiedAccount
from tests.learn.concurrency import (
    TOGETHER,
    count,
    is_all_there,
    left_over,
    sending,
    tab_of,
    together,
)
from tests.learn.people import Person, right_answer, wrong_answer
from tests.learn.signing_in import PASSPHRASE_HASH, add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


def test_signing_in_in_many_tabs_merges_the_guest_once(app, content):
    account = add_credentials(app, uuid.uuid4())
    ana = Person(app, content)
    ana.take("lesson/what-is-all")
    answered = count(app, Item)
    tabs = [tab_of(app, ana) for _ in range(TOGETHER)]

    assert together([partial(sign_in, tab, account) for tab in tabs]) == [True] * TOGETHER
    is_all_there(app, account, answered)
    assert count(app, MergedGuest) == count(app, Account) == 1


def test_answers_sent_while_a_guest_signs_in_are_all_kept(app, content):
    """Of the guest and of the account, in open quizzes and new ones: no deadlock, none lost."""
    account = add_credentials(app, uuid.uuid4())
    at_home = Person(app, content)
    sign_in(at_home, account)
    for turn in range(8):
        ana = Person(app, content)
        if turn % 2:
            ana.take("lesson/what-is-all")
        ways = []
        for person, quizzes in ((ana, ["mixed", "topic/risk-factors"]), (at_home, ["mixed"])):
            for quiz in quizzes:
                person.open(f"/quizzes/{quiz}")
                person.answer_right()
                person.go_on()
                if 'name="question"' not in person.html:
                    person.open(f"/quizzes/{quiz}")
                ways += [sending(app, person, wrong_answer)] * 2
            person.open("/quizzes/lesson/where-all-stands")
            ways += [sending(app, person, right_answer)] * 2
        answered = count(app, Item, Item.answered_at.is_not(None)) + len(ways) // 2
        joins = [partial(sign_in, tab_of(app, ana), account) for _ in range(2)]
        lesson = partial(tab_of(app, ana).get, "/lessons/types-of-all")
        came = together([*ways, *joins, lesson])

        assert came[: len(ways)] == [303] * len(ways), came
        assert came[len(ways) : -1] == [True, True]
        assert count(app, Account) == 1
        is_all_there(app, account, answered)


def test_a_first_answer_sent_while_signing_in_is_kept(app, content):
    account = add_credentials(app, uuid.uuid4())
    for turn in range(1, 11):
        ana = Person(app, content)
        ana.open(QUIZ)
        ways = [sending(app, ana, right_answer)] * 2
        came = together([*ways, partial(sign_in, tab_of(app, ana), account)])

        assert came == [303, 303, True]
        assert count(app, Account) == 1
        is_all_there(app, account, turn)


def test_signing_in_on_two_devices_during_deletion_leaves_nothing(app, content):
    for _ in range(5):
        account = add_credentials(app, uuid.uuid4())
        at_home = Person(app, content)
        sign_in(at_home, account)
        at_home.take("lesson/what-is-all")
        at_home.open("/my-data/delete")
        devices = [Person(app, content) for _ in range(2)]
        for device in devices:
            device.take("lesson/what-is-all")
        goes, form = tab_of(app, at_home), at_home.form()
        came = together(
            [
                *(partial(sign_in, tab_of(app, device), account) for device in devices),
                lambda goes=goes, form=form: goes.post("/my-data/delete", data=form).status_code,
            ]
        )
        assert came[-1] == 303
        assert count(app, Account) == 2 - sum(came[:2]), (
            came
        )  # joined before it went, or still guests
        for device, joined in zip(devices, came, strict=False):
            if not joined:
                with app.extensions["learn.database"].transaction() as session:
                    delete_everything(session, device.account, datetime.now(UTC))
        assert left_over(app) == []


def test_a_merge_does_not_hold_up_others_who_sign_in_at_the_same_address(app, content):
    """Their sign-ins are counted in one row, which is free before the merge begins."""
    account = add_credentials(app, uuid.uuid4())
    ana = Person(app, content)
    ana.take("lesson/what-is-all")
    limiter, counted = app.extensions["learn.limiter"], [count(app, RateLimit)]

    def look(_session: Session) -> None:
        with app.extensions["learn.database"].read_session() as other:
            counted.append(other.scalar(select(func.count()).select_from(RateLimit)))

    with app.test_request_context("/"):
        g.count_write = partial(limiter.count, counts=[(rate_limits.SIGNED_IN, "203.0.113.7")])
        verified = VerifiedAccount(account, "Ana", PASSPHRASE_HASH)
        who = Learner(ana.account, is_persisted=True)
        assert complete_sign_in(
            who, verified, SignInOptions(stay=True, merge=True, before_session=look)
        )
        assert "count_write" not in g, "it is counted once"

    assert counted[1] == counted[0] + 1


def test_two_writers_that_wait_for_each_other_both_succeed(app):
    """PostgreSQL ends one of them, which then begins anew."""
    ids = [add_credentials(app, uuid.uuid4()) for _ in range(2)]
    both_hold = threading.Barrier(2)

    def writing(own: uuid.UUID, other: uuid.UUID) -> bool:
        def write(session: Session) -> bool:
            assert accounts.lock(session, own)
            with contextlib.suppress(threading.BrokenBarrierError):  # on SQLite, one after another
                both_hold.wait(1)
            return accounts.lock(session, other) is not None

        with app.app_context():
            return extensions.run_write(write)

    first, second = ids
    ways = [partial(writing, first, second), partial(writing, second, first)]
    assert together(ways) == [True, True]
