"""What somebody sees whose session was ended elsewhere, and can send again."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import delete

from learn.models import SignInSession
from learn.models.base import table_of
from tests.learn.people import Person, right_answer, text_of
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    QUIZ,
    register,
    sign_in,
    sign_out,
)
from tests.learn.sessions import SIGNED_OUT, WORDS, everything, sign_out_everywhere_but


@pytest.fixture
def two(ana: Person, ben: Person) -> tuple[Person, Person]:
    """One account on two devices."""
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    register(ana)
    sign_in(ben)
    return ana, ben


def test_an_ended_session_sees_a_new_visitors_page_with_a_message(two):
    ana, ben = two
    ben.open("/progress")
    assert "Saved as Ana" in ben.text
    sign_out_everywhere_but(ana)
    page = ben.open("/progress")

    assert page.status_code == 200
    assert SIGNED_OUT in ben.text
    assert 'href="/sign-in?to=/progress"' in ben.html
    assert "Ana" not in ben.text
    assert SIGNED_OUT not in text_of(ben.open("/progress")), "it is said once"


def test_the_message_follows_a_redirect_and_is_on_no_public_page(two):
    ana, ben = two
    sign_out_everywhere_but(ana)

    assert ben.open("/account").request.path == "/keep"
    assert SIGNED_OUT in ben.text
    sign_in(ben, passphrase=ANOTHER)
    sign_out_everywhere(ana)
    ben.browser.get("/account")
    for page in ("/lessons/what-is-all", "/help", "/lessons/what-is-all"):
        assert SIGNED_OUT not in text_of(ben.open(page))


def sign_out_everywhere(person: Person) -> None:
    """End every session of the person's account but theirs, whatever its passphrase is."""
    sessions_of = table_of(SignInSession)
    with person.browser.session_transaction() as session:
        own = uuid.UUID(hex=session["session"])
    database = person.browser.application.extensions["learn.database"]
    with database.transaction() as writing:
        writing.execute(delete(sessions_of).where(sessions_of.c.id != own))


def test_a_question_page_leads_to_sign_in_and_back(two):
    ana, ben = two
    ben.open(f"/quizzes/{QUIZ}")
    here = ben.address
    sign_out_everywhere_but(ana)
    page = ben.open(here)

    assert page.status_code == 404
    assert SIGNED_OUT in ben.text
    assert f'href="/sign-in?to={here}"' in ben.html
    ben.open(f"/sign-in?to={here}")
    form = ben.form(nickname="Ana", passphrase=ANOTHER)
    assert ben.post(f"/sign-in?to={here}", form).location == here
    assert "Question 2 of" in text_of(ben.open(here))


def test_an_answer_can_be_sent_again_after_signing_in(two, rows):
    ana, ben = two
    ben.open(f"/quizzes/{QUIZ}")
    here, question = ben.address, ben.question
    sign_out_everywhere_but(ana)
    page = ben.post(here, ben.form() | right_answer(question))
    again = sent_again(ben)

    assert page.status_code == 403
    assert SIGNED_OUT in ben.text
    assert sum(row.answered_at is not None for row in rows(ana)) == 1
    sign_in(ben, passphrase=ANOTHER)
    assert ben.post(here, again).status_code == 303
    assert sum(row.answered_at is not None for row in rows(ana)) == 2
    assert "That’s right" in text_of(ben.open(here))


def sent_again(person: Person) -> dict[str, Any]:
    """Return the form that the page offers to send again."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', person.html)
    texts = re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', person.html, re.DOTALL
    )
    found: dict[str, Any] = {}
    for name, value in [*fields, *texts]:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("address", "name"),
    [("/own-words/lesson/what-is-all", "text"), ("/care-team/write", "text")],
)
def test_typed_text_is_shown_again_and_can_be_sent_again(two, address, name, connection):
    ana, ben = two
    ben.open(address.removesuffix("/write"))
    form = ben.form(**{name: WORDS})
    sign_out_everywhere_but(ana)
    before = everything(connection)
    page = ben.post(address, form)

    assert page.status_code == 403
    assert WORDS in ben.html
    assert everything(connection) == before
    again = sent_again(ben)
    sign_in(ben, passphrase=ANOTHER)
    if ben.post(address, again).status_code != 303:  # the page asks to press the button once more
        assert WORDS in ben.html
        ben.post(address, ben.form(**{name: WORDS}))
    assert ben.page.status_code == 303
    assert WORDS in ana.open("/my-data/copy.json").get_data(as_text=True)


def test_a_passphrase_is_never_shown_again(two):
    ana, ben = two
    ben.open("/account/passphrase")
    form = ben.form(current=ANOTHER, passphrase="yet another set of words")
    sign_out_everywhere_but(ana)
    ben.post("/account/passphrase", form)

    assert ben.page.status_code == 403
    assert "another set" not in ben.html


def test_a_stashed_guest_returns_after_the_session_ends(two, rows):
    ana, ben = two
    sign_out(ben)
    ben.open(f"/quizzes/{QUIZ}")
    ben.answer_right()
    guest = ben.account
    ben.open("/sign-in")
    form = ben.form(nickname="Ana", passphrase=PASSPHRASE)
    form.pop("mine", None)
    ben.post("/sign-in", form)
    assert ben.account == ana.account
    sign_out_everywhere_but(ana)
    page = ben.open("/")

    assert SIGNED_OUT in text_of(page)
    assert "Welcome back" in text_of(page)
    assert ben.account == guest
    assert ben.post("/sign-out", {}).status_code == 303
    assert ben.account == guest
