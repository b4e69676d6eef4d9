"""Sign out, with a quiz open or not."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.learn.people import right_answer, text_of
from tests.learn.registration import (
    QUIZ,
    SIGN_IN,
    register,
    sign_in,
    sign_ins,
    sign_out,
)


def test_signing_out_clears_the_session(ana):
    register(ana)
    page = sign_out(ana)

    assert page.status_code == 303
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert ana.browser.get_cookie("learn_all") is None
    assert "Nothing about you stays on this device" in ana.open("/signed-out").get_data(
        as_text=True
    )
    assert "Ana" not in ana.open("/progress").get_data(as_text=True)


def test_signing_out_needs_a_valid_token(ana):
    register(ana)
    ana.post("/sign-out", {})

    assert ana.page.status_code == 400
    assert "You’re not signed out yet" in ana.text
    ana.post("/sign-out", ana.form())
    assert ana.page.status_code == 303
    assert ana.post("/sign-out", {}).status_code == 303


@pytest.mark.parametrize(
    "page", ["/progress", "/account", "/my-data", "/keep", "/", "/sign-out", "/care-team"]
)
def test_personal_pages_are_not_cached(ana, page):
    register(ana)

    assert ana.open(page).headers["Cache-Control"] == "no-store"


def test_a_page_opened_before_registration_still_works(ana):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    here, form = ana.address, ana.form() | right_answer(ana.question)
    register(ana)

    assert ana.post(here, form).status_code == 303
    assert "That’s right" in text_of(ana.open(here))


def test_an_open_quiz_waits_for_the_next_sign_in(ana):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    ana.go_on()
    here, form = ana.address, ana.form() | right_answer(ana.question)
    register(ana)
    sign_out(ana)
    assert ana.post(here, form).status_code == 404
    sign_in(ana)
    assert ana.post(here, form).status_code == 400, "the token is from before; the answer is saved"
    ana.open(here)
    assert ana.answer_right().status_code == 200


def test_nickname_keys_and_recovery_codes_are_unique(connection, ana):
    register(ana)
    (row,) = sign_ins(connection)
    for same in ({"nickname_key": "other"}, {"recovery": "other"}):
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(SIGN_IN).values(row._asdict() | same))
