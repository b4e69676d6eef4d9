"""Sign in and sign out."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from learn.models import SignIn
from learn.models.base import table_of
from tests.learn.leading import join_named
from tests.learn.passkeys import add
from tests.learn.passkeys import sign_in as use_passkey
from tests.learn.people import Person, right_answer
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    QUIZ,
    recover,
    register,
    sign_in,
    sign_out,
)

SIGN_IN = table_of(SignIn)
WHOSE = "The answers and notes on this device are mine"
UNCHECKED = 'name="mine" value="y" aria'


@pytest.mark.fast("account")
def test_progress_is_there_on_another_device(ana, ben, rows):
    ana.open(f"/quizzes/{QUIZ}")
    ana.answer_right()
    register(ana)
    page = sign_in(ben)

    assert (page.status_code, page.headers["Location"]) == (303, "/progress")
    assert ben.account == ana.account
    assert "Saved as Ana" in ben.open("/progress").get_data(as_text=True)
    ben.open(f"/quizzes/{QUIZ}")
    ben.answer_right()
    assert sum(row.answered_at is not None for row in rows(ana)) == 2


@pytest.mark.parametrize(
    ("nickname", "passphrase"),
    [("Ana", ANOTHER), ("Nobody", PASSPHRASE), ("\ue000", PASSPHRASE), ("x" * 10_000, "y" * 9_000)],
)
def test_every_failed_sign_in_gets_the_same_answer(ana, ben, nickname, passphrase):
    register(ana)
    before = ben.account
    page = sign_in(ben, nickname, passphrase)

    assert page.status_code == 422
    assert "That nickname and passphrase don’t match" in ben.text
    assert 'href="/recover"' in ben.html
    assert passphrase not in ben.html
    assert ben.account == before


def test_empty_fields_are_asked_for(ana):
    sign_in(ana, "", "")
    assert ana.page.status_code == 422
    assert "Enter your nickname" in ana.text
    assert "Enter your passphrase" in ana.text
    sign_in(ana, "Ana", "")
    assert 'value="Ana"' in ana.html


def test_an_expired_form_keeps_the_nickname_but_not_the_passphrase(ana, ben):
    register(ana)
    ben.open("/sign-in")
    ben.post("/sign-in", {"nickname": "Ana", "passphrase": PASSPHRASE})

    assert ben.page.status_code == 400
    assert 'value="Ana"' in ben.html
    assert PASSPHRASE not in ben.html
    ben.post("/sign-in", ben.form(nickname="Ana", passphrase=PASSPHRASE))
    assert ben.page.status_code == 303


@pytest.mark.parametrize(("shared", "stays"), [({"shared": "y"}, False), ({}, True)])
def test_a_shared_computers_cookie_ends_with_the_browser_session(ana, ben, shared, stays):
    register(ana)
    sign_in(ben, **shared)

    assert (ben.browser.get_cookie("learn_all").expires is not None) == stays
    ben.open(f"/quizzes/{QUIZ}")
    ben.answer_right()
    assert (ben.browser.get_cookie("learn_all").expires is not None) == stays


def test_a_device_with_answers_is_asked_whose_they_are(ana, ben):
    ben.open("/sign-in")
    assert WHOSE not in ben.text
    ben.open(f"/quizzes/{QUIZ}")
    ben.answer_right()
    ben.open("/sign-in")

    assert WHOSE in ben.text
    assert UNCHECKED in ben.html, "it is the visitor who says so"
    ben.post("/sign-in", ben.form(nickname="Nobody", passphrase=PASSPHRASE, mine="y"))
    assert 'name="mine" value="y" checked' in ben.html, "what was checked stays so"


@pytest.mark.parametrize("address", ["/sign-in", "/recover", "/passkeys/sign-in"])
def test_the_question_whose_the_answers_are_names_what_comes_along(ben, room, address):
    late = room.another("<i>Late</i> class")
    for group in (room, late):
        join_named(ben, group.code, "Somebody")
    ben.open("/care-team/numbers")
    ben.post("/care-team/numbers", ben.form(daytime="555-010-7777"))
    ben.open(address)

    assert "you’d be in them, too: &lt;i&gt;Late&lt;/i&gt; class, Tuesday class." in ben.html
    assert "Your care team’s numbers on this device come along" in ben.text


def test_saving_progress_names_the_groups_that_come_along(ben, room):
    ben.open("/keep")
    assert "joined on this device" not in ben.text
    join_named(ben, room.code, "Somebody")
    ben.open("/keep")

    assert "you’ll be in it: Tuesday class." in ben.text


@pytest.fixture
def victim(app, content, ben, room) -> Person:
    """A browser with Ben's cookie of before he joined a group, as another site may set it."""
    ben.open("/care-team")
    early = ben.browser.get_cookie("learn_all").value
    join_named(ben, room.code, "Somebody")
    person = Person(app, content)
    person.browser.set_cookie("learn_all", early)
    return person


@pytest.mark.parametrize("address", ["/sign-in", "/recover", "/passkeys/sign-in"])
def test_an_early_copy_of_a_guests_cookie_is_asked_about_too(victim, address):
    victim.open(address)

    assert WHOSE in victim.text
    assert UNCHECKED in victim.html
    assert "Tuesday class" in victim.text


@pytest.mark.parametrize("way", ["passphrase", "code", "passkey"])
def test_nothing_is_merged_without_the_visitors_word(request, ana, room, victim, way):
    guest, code = victim.account, register(ana)
    if way == "passphrase":
        sign_in(victim)
    elif way == "code":
        recover(victim, code)
    else:
        phone = request.getfixturevalue("phone")
        add(ana, phone)
        use_passkey(victim, phone)

    assert victim.account == ana.account
    assert room.memberships(victim) == []
    victim.open("/my-groups")
    assert "Tuesday class" not in victim.text
    sign_out(victim)
    victim.open("/my-groups")
    assert victim.account == guest
    assert "Tuesday class" in victim.text, "nothing is lost"


def test_a_signed_in_visitor_is_redirected_to_their_account(ana):
    register(ana)

    assert ana.open("/sign-in").request.path == "/account"


def test_a_quiz_open_in_another_tab_still_works(ana, ben):
    register(ana)
    ben.open(f"/quizzes/{QUIZ}")
    first = ben.form() | right_answer(ben.question)
    ben.answer_right()
    ben.go_on()
    here, form = ben.address, ben.form() | right_answer(ben.question)
    sign_in(ben)

    for address, sent in ((here, form), (f"/quizzes/{QUIZ}", first)):
        assert ben.post(address, sent).status_code in {303, 400, 404, 422}, address


def test_hashes_are_renewed_after_the_parameters_change(ana, ben, app, connection):
    register(ana)
    before = connection.scalar(select(SIGN_IN.c.passphrase))
    cheap = app.extensions["learn.hasher"]
    app.extensions["learn.hasher"] = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    try:
        sign_in(ben)
        after = connection.scalar(select(SIGN_IN.c.passphrase))
        assert after != before
        assert "m=16,t=2,p=1" in after
        assert sign_in(ana).status_code == 303
        assert connection.scalar(select(SIGN_IN.c.passphrase)) == after
    finally:
        app.extensions["learn.hasher"] = cheap


def test_no_lock_is_held_while_a_passphrase_is_hashed(ana, ben, app, connection):
    """Hashing is slow on purpose: nobody waits for it while the database is locked."""
    register(ana)
    database = app.extensions["learn.database"]
    depths = []

    class Watching(PasswordHasher):
        def verify(self, *args):
            depths.append(database._writer_lock._depth if database.is_sqlite else 0)  # noqa: SLF001
            return super().verify(*args)

        def hash(self, *args, **more):
            depths.append(database._writer_lock._depth if database.is_sqlite else 0)  # noqa: SLF001
            return super().hash(*args, **more)

    cheap = app.extensions["learn.hasher"]
    app.extensions["learn.hasher"] = Watching(time_cost=1, memory_cost=8, parallelism=1)
    try:
        sign_in(ben)
        sign_in(Person(app, ben.content), passphrase=ANOTHER)
        register(Person(app, ben.content), "Kim")
    finally:
        app.extensions["learn.hasher"] = cheap
    assert len(depths) >= 3
    assert {*depths} == {0}
