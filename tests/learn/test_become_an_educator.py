"""Invitations of educators, and removing an educator."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from learn.educators import actions, queries
from tests.learn.people import Person

PASSPHRASE = "quiet river stones"


@pytest.fixture
def invite(app, clock) -> Any:
    """Makes an invitation; its address."""

    def made(name: str = "Nurse Kim") -> str:
        token = uuid.uuid4().hex
        with app.extensions["learn.database"].transaction() as session:
            actions.invite(session, name, token, clock.now)
        return f"/educators/invite/{token}"

    return made


def register(person: Person, address: str, nickname: str = "Kim") -> None:
    """Follow the invitation, and choose a nickname."""
    person.open(address)
    person.open(f"/keep?to={address}")
    person.post(f"/keep?to={address}", person.form(nickname=nickname, passphrase=PASSPHRASE))


def accept(person: Person, address: str) -> int:
    person.open(address)
    return person.post(address, person.form()).status_code


@pytest.mark.fast("educators")
def test_an_invitation_leads_through_registration_to_the_groups(somebody_new, invite):
    address = invite()
    somebody_new.open(address)
    assert "Welcome, Nurse Kim" in somebody_new.text
    assert f'href="/keep?to={address}"' in somebody_new.html

    register(somebody_new, address)
    assert "Your recovery code" in somebody_new.html
    somebody_new.go_on()
    assert somebody_new.address == address

    assert accept(somebody_new, address) == 303
    somebody_new.open(somebody_new.page.location)
    assert somebody_new.address == "/groups"
    assert "Create a group" in somebody_new.text


def test_an_educator_is_redirected_to_their_groups(somebody_new, invite, app, content):
    address = invite()
    register(somebody_new, address)
    accept(somebody_new, address)
    elsewhere = Person(app, content)
    elsewhere.open("/sign-in")
    elsewhere.post("/sign-in", elsewhere.form(nickname="Kim", passphrase=PASSPHRASE))

    assert elsewhere.page.location == "/groups"
    for page in ("/account", "/my-groups"):
        elsewhere.open(page)
        assert 'href="/groups"' in elsewhere.html


def test_learners_see_no_link_to_groups(ana, somebody_new):
    register(ana, "/progress", "Ana")
    for page in ("/account", "/my-groups"):
        assert 'href="/groups"' not in ana.open(page).get_data(as_text=True)


@pytest.mark.parametrize(
    "to", ["https://evil.example/x", "//evil.example", "/\\evil", "javascript:x", ""]
)
def test_redirects_stay_on_this_site(somebody_new, to):
    somebody_new.open("/keep")
    form = somebody_new.form(nickname="Kim", passphrase=PASSPHRASE)
    somebody_new.page = somebody_new.browser.post("/keep", data=form, query_string={"to": to})

    assert '<a class="button" href="/progress">' in somebody_new.html


def test_an_invitation_works_once(somebody_new, ana, invite):
    address = invite()
    register(somebody_new, address)
    accept(somebody_new, address)

    assert somebody_new.open(address).status_code == 410
    assert "you’re all set" in somebody_new.text
    ana.open(address)
    assert ana.page.status_code == 410
    assert "This invitation no longer works" in ana.text
    register(ana, "/progress", "Ana")
    assert ana.post(address, {}).status_code == 410
    assert ana.open("/groups").status_code == 404


def test_an_invitation_expires_after_a_week(somebody_new, invite, clock):
    address = invite()
    register(somebody_new, address)
    somebody_new.open(address)
    form = somebody_new.form()
    clock.now += timedelta(days=7)

    assert somebody_new.post(address, form).status_code == 410
    assert somebody_new.open("/groups").status_code == 404


def test_a_guest_becomes_an_educator_only_after_registering(ana, invite):
    address = invite()
    ana.open(address)
    token = ana.browser.get("/quizzes/mixed")
    assert token.status_code == 200
    ana.post(address, {})

    assert ana.page.status_code == 200
    assert "First, set up how you’ll sign in" in ana.text


def test_accepting_an_invitation_twice_has_no_further_effect(somebody_new, invite):
    address = invite()
    register(somebody_new, address)
    somebody_new.open(address)
    form = somebody_new.form()

    assert somebody_new.post(address, form).status_code == 303
    assert somebody_new.post(address, form).status_code == 303


def test_an_unknown_invitation_looks_like_an_expired_one(somebody_new):
    assert somebody_new.open("/educators/invite/nothing").status_code == 410
    assert "This invitation no longer works" in somebody_new.text


def test_a_removed_educator_loses_access_at_once_and_can_be_invited_again(
    somebody_new, invite, app, clock
):
    address = invite()
    register(somebody_new, address)
    accept(somebody_new, address)
    somebody_new.open("/groups")
    somebody_new.post("/groups", somebody_new.form(name="Spring class"))
    with app.extensions["learn.database"].transaction() as session:
        (listed,) = queries.educators(session)
        assert (listed.name, listed.nickname, listed.groups) == ("Nurse Kim", "Kim", 1)
        actions.remove(session, listed.account, clock.now)

    assert somebody_new.open("/groups").status_code == 404
    again = invite()
    assert accept(somebody_new, again) == 303
    assert somebody_new.open("/groups").status_code == 200
    assert "Spring class" not in somebody_new.text, "whoever leads it now may add them"


def test_an_unused_invitation_of_a_removed_educator_is_void(somebody_new, invite, app, clock):
    first, second = invite(), invite()
    register(somebody_new, first)
    accept(somebody_new, first)
    with app.extensions["learn.database"].transaction() as session:
        (listed,) = queries.educators(session)
        actions.remove(session, listed.account, clock.now)

    somebody_new.open(second)
    assert somebody_new.open("/groups").status_code == 404


def test_only_a_digest_of_the_invitation_is_stored(app, invite):
    address = invite()
    with app.extensions["learn.database"].read_session() as session:
        kept = [*session.connection().exec_driver_sql("SELECT token FROM invite")]

    assert len(kept) == 1
    assert kept[0][0] not in address


def test_a_withdrawn_invitation_is_void_and_others_stay(somebody_new, invite, app, clock):
    first, second, other = invite(), invite(), invite("Dr. Lee")
    database = app.extensions["learn.database"]
    with database.transaction() as session:
        assert actions.withdraw(session, "Nurse Kim", clock.now) == 2
    for address in (first, second):
        assert somebody_new.open(address).status_code == 410
    assert somebody_new.open(other).status_code == 200
    with database.transaction() as session:
        assert actions.withdraw(session, "Nurse Kim", clock.now) == 0
        assert [i.name for i in queries.open_invitations(session, clock.now)] == ["Dr. Lee"]


def test_withdrawing_ends_nobodys_role(somebody_new, invite, app, clock):
    address = invite()
    register(somebody_new, address)
    accept(somebody_new, address)
    with app.extensions["learn.database"].transaction() as session:
        assert actions.withdraw(session, "Nurse Kim", clock.now) == 0

    assert somebody_new.open("/groups").status_code == 200
