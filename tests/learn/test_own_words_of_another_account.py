"""Explanations while an account is deleted, or a guest signs in to one."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from learn.models import Account, Explanation
from tests.learn.own_words import WORDS, WRITE, box, say, send, texts_of
from tests.learn.people import Person
from tests.learn.signing_in import add_credentials, sign_in

# An account that is gone


def delete_all(person: Person) -> None:
    person.open("/my-data/delete")
    person.post("/my-data/delete", person.form())


def test_a_text_sent_for_a_deleted_account_is_shown_again_to_a_new_guest(ana, connection):
    say(ana)
    account = ana.account
    ana.open(WRITE)
    cookie, form = ana.browser.get_cookie("learn_all").value, ana.form(text="Written meanwhile.")
    delete_all(ana)
    ana.browser.set_cookie("learn_all", cookie)  # what was on its way still has the old one
    page = ana.post(WRITE, form)

    assert page.status_code == 400
    assert box(ana) == "Written meanwhile."
    assert connection.execute(select(Account.id)).all() == []
    send(ana, box(ana))
    assert ana.account != account
    assert [row.text for row in texts_of(ana)] == ["Written meanwhile."]
    assert [*connection.scalars(select(Account.id))] == [ana.account]


def test_a_text_in_another_tab_survives_deleting_the_account(ana):
    say(ana)
    ana.open(WRITE)
    form = ana.form(text="Written meanwhile.")
    delete_all(ana)
    page = ana.post(WRITE, form)

    assert page.status_code == 400
    send(ana, box(ana))
    assert [row.text for row in texts_of(ana)] == ["Written meanwhile."]


def test_late_requests_restore_no_deleted_text(ana, app, connection):
    address = say(ana)
    cookie, token = ana.browser.get_cookie("learn_all").value, ana.hidden("csrf_token")
    delete_all(ana)
    for path, status in ((address, 404), (f"{address}/delete", 303)):
        late = app.test_client()
        late.set_cookie("learn_all", cookie)
        data = {"csrf_token": token, "point": ["no-stage"]}
        assert late.post(path, data=data).status_code == status

    assert connection.execute(select(Explanation.id)).all() == []
    assert connection.execute(select(Account.id)).all() == []


def test_a_guest_whose_first_response_was_lost_finds_their_texts(ana):
    say(ana)
    with ana.browser.session_transaction() as session:
        del session["known"]
    ana.open("/own-words")
    assert "ALL has no stage." in ana.text
    say(ana, "More.")
    ana.open("/own-words")

    assert "More." in ana.text
    assert "ALL has no stage." in ana.text


# Signing in


@pytest.mark.parametrize("wrote_before", [True, False])
def test_a_text_sent_while_signing_in_belongs_to_the_account(ana, app, connection, wrote_before):
    account = add_credentials(app, uuid.uuid4())
    if wrote_before:
        say(ana, "Before.")
    ana.open(WRITE)
    form, cookie = ana.form(text="On the way."), ana.browser.get_cookie("learn_all").value
    sign_in(ana, account)
    late = app.test_client()
    late.set_cookie("learn_all", cookie)
    page = late.post(WRITE, data=form)

    assert page.status_code == 303
    assert ana.account == account
    assert {row.text for row in texts_of(ana)} == {"On the way.", *(["Before."] * wrote_before)}
    assert [*connection.scalars(select(Account.id))] == [account]
    assert late.get_cookie("learn_all").value == cookie
    assert ana.open(page.headers["Location"]).status_code == 200


def copy_of(person: Person) -> Person:
    """Somebody with a copy of the person's cookie of now."""
    copy = Person(person.browser.application, person.content)
    copy.browser.set_cookie("learn_all", person.browser.get_cookie("learn_all").value)
    return copy


def test_a_copied_guest_cookie_replaces_no_text_of_the_account(ana, app):
    account = add_credentials(app, uuid.uuid4())
    say(ana, "Mine.")
    copy = copy_of(ana)
    copy.open(f"{ana.address}/change")
    sign_in(ana, account)
    form = copy.form(text="Not mine.")
    addresses = {copy.post(WRITE, form).headers["Location"] for _ in range(2)}

    assert len(addresses) == 1
    assert {row.text for row in texts_of(ana)} == {"Mine.", "Not mine."}
    copy.post(WRITE, form | {"text": "Mine."})
    assert [row.text for row in texts_of(ana)].count("Mine.") == 1


def test_a_copied_guest_cookie_stores_no_text_after_the_merge(ana, ben, app, clock):
    account = add_credentials(app, uuid.uuid4())
    say(ana, "Mine.")
    copy, early = copy_of(ana), copy_of(ana)
    early.open(WRITE)
    ben.open(WRITE)
    sign_in(ana, account)
    clock.forward(minutes=1)
    value = copy.browser.get_cookie("learn_all").value
    copy.open(WRITE)
    form = copy.form(text="Not mine.")
    for opened in (form["opened"], "", "x", ben.hidden("opened")):
        copy.browser.set_cookie("learn_all", value)
        page = copy.post(WRITE, form | {"opened": opened})
        assert (page.status_code, box(copy)) == (400, "Not mine.")

    assert [row.text for row in texts_of(ana)] == ["Mine."]
    assert early.post(WRITE, early.form(text="On the way.")).status_code == 303
    assert [row.text for row in texts_of(ana)] == ["Mine.", "On the way."]


def test_a_form_opened_before_signing_in_is_stored_for_the_account(ana, app):
    account = add_credentials(app, uuid.uuid4())
    ana.open(WRITE)
    form = ana.form(text=WORDS)
    sign_in(ana, account)

    assert ana.post(WRITE, form).status_code == 303
    assert ana.account == account
    assert [row.text for row in texts_of(ana)] == [WORDS]
