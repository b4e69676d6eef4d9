"""Answers that were given without a network, as the script sends them once it is back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from learn.editorial import actions
from learn.models import Attempt, Item, MemoryRow
from tests.learn.conftest import DAWN
from tests.learn.people import Person, right_answer
from tests.learn.registration import QUIZ, register, sign_in, sign_out
from tests.learn.sessions import copy_of, sign_out_everywhere_but


@dataclass(frozen=True)
class Waiting:
    """An answer that waits on a device: the form without its token, and whose it is."""

    address: str
    fields: dict[str, Any]
    owner: str


def keep(person: Person, how: Any = right_answer) -> Waiting:
    """Answer the question on the page without a network."""
    owner = re.search(r'data-owner="([^"]+)"', person.html)
    assert owner
    fields = person.form() | how(person.question)
    fields.pop("csrf_token")
    return Waiting(person.address, fields, owner[1])


def whose(person: Person, waiting: Waiting) -> dict[str, Any]:
    page = person.browser.get("/offline/sender", query_string={"owner": waiting.owner})
    found: dict[str, Any] = page.get_json()
    return found


def send(person: Person, waiting: Waiting, token: str | None = None) -> TestResponse:
    token = whose(person, waiting)["token"] if token is None else token
    more = {"owner": waiting.owner, "csrf_token": token}
    return person.browser.post(waiting.address, data=waiting.fields | more)


@pytest.fixture
def second(ana: Person) -> Waiting:
    """Ana's answer to the second question of a quiz, which waits."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    return keep(ana)


@pytest.fixture
def answered(connection):
    return lambda: connection.execute(select(Item).where(Item.answered_at.is_not(None))).all()


def test_an_answer_is_recorded_once_however_often_it_is_sent(ana, second, answered, connection):
    for _ in range(3):
        assert send(ana, second).get_json() == {"outcome": "saved", "page": second.address}

    assert len(answered()) == 2
    assert sum(row.reviews for row in connection.execute(select(MemoryRow))) == 2


def test_the_first_answer_of_a_quiz_waits_and_starts_one_attempt(ana, answered, connection):
    ana.open(f"/quizzes/{QUIZ}")
    first = keep(ana)
    pages = {send(ana, first).get_json()["page"] for _ in range(3)}

    assert len(answered()) == len(pages) == len(connection.execute(select(Attempt)).all()) == 1
    assert ana.open(pages.pop()).status_code == 200
    assert "That’s right" in ana.text


def test_an_answer_from_elsewhere_that_came_first_counts(ana, second, answered):
    ana.open(second.address)
    ana.answer_wrong()

    assert send(ana, second).get_json()["outcome"] == "earlier"
    assert len(answered()) == 2


def test_without_a_valid_token_nothing_is_recorded(ana, second, answered):
    assert send(ana, second, token="old").get_json()["outcome"] == "again"
    assert len(answered()) == 1


def test_nobody_else_can_send_it(ana, ben, second, answered):
    ben.open("/quizzes/mixed")
    page = send(ben, second, token=ben.hidden("csrf_token"))

    today = DAWN.toordinal()
    assert whose(ben, second) == {"owner": "elsewhere", "token": "", "day": today}
    assert page.status_code == 409
    assert page.get_json() == {"owner": "elsewhere"}
    assert len(answered()) == 1


def test_the_first_answer_of_a_quiz_never_becomes_somebody_elses(ana, ben, answered):
    ana.open("/quizzes/topic/blood-cells")
    ana.answer_right()
    ana.open(f"/quizzes/{QUIZ}")
    first = keep(ana)
    ben.open("/quizzes/mixed")
    token = ben.hidden("csrf_token")

    assert send(ben, first, token=token).status_code == 409
    assert len(answered()) == 1


def test_it_outlives_saving_progress(ana, second, answered):
    register(ana)

    assert whose(ana, second)["owner"] == "you"
    assert send(ana, second).get_json()["outcome"] == "saved"
    assert {row.account_id for row in answered()} == {ana.account}


def test_the_first_answer_ever_outlives_saving_progress(ana, answered):
    ana.open(f"/quizzes/{QUIZ}")
    first = keep(ana)
    register(ana)

    assert send(ana, first).get_json()["outcome"] == "saved"
    assert [row.account_id for row in answered()] == [ana.account]


def test_after_signing_out_it_waits_for_its_owner(ana, second, answered):
    register(ana)
    sign_out(ana)

    assert whose(ana, second)["owner"] == "elsewhere"
    sign_in(ana)
    assert send(ana, second).get_json()["outcome"] == "saved"
    assert len(answered()) == 2


def test_a_session_that_ended_records_nothing_until_its_owner_is_back(ana, ben, second, answered):
    register(ana)
    ana.open(second.address)
    own = keep(ana)
    token = whose(ana, own)["token"]
    there = copy_of(ana)
    sign_in(ben)
    sign_out_everywhere_but(ben)

    assert send(there, own, token=token).status_code == 403
    page = there.browser.get("/offline/sender", query_string={"owner": own.owner})
    assert page.get_json()["owner"] == "elsewhere"
    assert "Set-Cookie" not in page.headers, "a form that is open stays valid"
    assert len(answered()) == 1


def test_a_guest_who_was_put_aside_stays_when_the_session_has_ended(ana, ben, second):
    register(ana)
    ana.open(second.address)
    waiting = keep(ana)
    sign_out(ana)
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    of_guest = ana.address
    sign_in(ana)
    assert ana.browser.get_cookie("learn_all_aside")
    sign_in(ben)
    sign_out_everywhere_but(ben)

    page = ana.browser.get("/offline/sender", query_string={"owner": waiting.owner})
    assert page.get_json()["owner"] == "elsewhere"
    assert "Set-Cookie" not in page.headers
    assert ana.open(of_guest).status_code == 200
    assert "That’s right" in ana.text


def test_what_belongs_to_a_deleted_account_is_gone(ana, second, answered):
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())

    assert whose(ana, second) == {"owner": "gone", "token": ""}
    assert not answered()


def test_a_mark_that_was_changed_is_nobodys(ana, second):
    other = Waiting(second.address, second.fields, second.owner[:-2])

    assert whose(ana, other)["owner"] == "gone"
    assert send(ana, other).status_code == 409


def test_a_question_that_changed_is_to_be_answered_again(ana, second, answered):
    changed = Waiting(second.address, second.fields | {"version": "older"}, second.owner)

    assert send(ana, changed).get_json() == {"outcome": "changed", "page": None}
    assert len(answered()) == 1


def test_a_question_under_review_is_gone(app, ana, second, answered):
    with app.extensions["learn.database"].transaction() as session:
        actions.hold_questions(session, {second.fields["question"]: ["F30"]}, DAWN)
    app.extensions.pop("learn.available_content", None)

    assert send(ana, second).get_json()["outcome"] == "gone"
    assert len(answered()) == 1


def test_an_attempt_that_is_not_there_is_gone(ana, second):
    place = re.sub(r"\d+$", "99", second.address)

    assert send(ana, Waiting(place, second.fields, second.owner)).get_json() == {"outcome": "gone"}


def test_a_page_that_is_kept_ahead_does_not_tell_what_is_right(ana, second, content):
    for part in content.bank.questions[second.fields["question"]].parts:
        assert part.rationale not in ana.text
