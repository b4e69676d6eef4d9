"""Join a group by its code."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import select, update

from learn.models import Account
from tests.learn.conftest import DAWN
from tests.learn.leading import (
    GROUPS,
    become_educator,
    chosen,
    join,
    join_named,
)
from tests.learn.people import Person
from tests.learn.registration import register

QUIZ = "/quizzes/lesson/what-is-all"


def test_the_page_explains_sharing_and_preselects_nothing(ana, room):
    ana.open(f"/join/{room.code}")

    assert "Join “ Tuesday class ”" in ana.text
    assert "Led by Nurse Kim" in ana.text
    for sentence in (
        "your first and your latest answer to each question",
        "at least ten other people",
        "your questions for your care team",
        "what you wrote in your own words",
        "leave at any time",
    ):
        assert sentence in ana.text
    assert chosen(ana) == ""
    assert " checked" not in ana.html


def test_viewing_the_join_page_stores_nothing(ana, room):
    ana.open(f"/join/{room.code}")

    assert room.memberships(ana) == []
    assert room.connection.scalar(select(Account.id).where(Account.id == ana.account)) is None


@pytest.mark.fast("membership")
@pytest.mark.parametrize("sharing", ["named", "totals"])
def test_a_guest_joins(somebody_new, room, sharing):
    page = join(somebody_new, room.code, sharing, nickname="Ana" if sharing == "named" else "")

    assert page.status_code == 303
    assert page.location == "/my-groups?done=joined"
    (membership,) = room.memberships(somebody_new)
    assert (membership.group_id, membership.sharing, membership.until) == (room.id, sharing, None)
    assert membership.nickname == ("Ana" if sharing == "named" else "")
    assert membership.shares_from == membership.since == DAWN
    somebody_new.open(page.location)
    assert "You’re in the group now." in somebody_new.text


def test_a_member_who_shares_in_totals_stores_no_nickname(ana, room):
    join(ana, room.code, "totals", nickname="Ana")

    assert room.memberships(ana)[0].nickname == ""


def test_a_signed_in_learners_nickname_is_filled_in(ana, room):
    register(ana, "Ana from Bonn")
    ana.open(f"/join/{room.code}")

    assert 'value="Ana from Bonn"' in ana.html
    assert "Sign in first" not in ana.text


def test_earlier_answers_are_shared_only_on_request(ana, ben, room, clock):
    for person in (ana, ben):
        person.open(QUIZ)
        person.answer_right()
    clock.forward(days=3)
    join(ana, room.code, earlier="y")
    join(ben, room.code)

    assert room.memberships(ana)[0].shares_from == DAWN
    assert room.memberships(ben)[0].shares_from == clock.now
    ana.open("/my-groups")
    assert "Your earlier answers count, too." in ana.text
    ben.open("/my-groups")
    assert "Your earlier answers count, too." not in ben.text


def test_a_visitor_without_answers_is_not_asked_about_earlier_ones(ana, room):
    ana.open(f"/join/{room.code}")

    assert 'name="earlier"' not in ana.html


def test_a_returning_member_shares_only_later_answers(ana, room, clock):
    ana.open(QUIZ)
    ana.answer_right()
    join(ana, room.code, earlier="y")
    ana.open(f"/my-groups/{room.id}/leave")
    ana.post(f"/my-groups/{room.id}/leave", ana.form())
    clock.forward(days=1)
    ana.open(f"/join/{room.code}")
    assert 'name="earlier"' not in ana.html
    assert "You were in this group before." in ana.text
    join(ana, room.code, earlier="y")

    assert room.memberships(ana)[1].shares_from == clock.now


def test_joining_twice_changes_nothing(ana, room, clock):
    join_named(ana, room.code)
    ana_page = ana.open(f"/join/{room.code}")
    assert ana_page.request.path == "/my-groups"
    assert "You’re already in this group." in ana.text
    before = room.memberships(ana)
    clock.forward(minutes=5)
    ana.open("/care-team")
    page = ana.post(f"/join/{room.code}", ana.form(sharing="totals"))

    assert page.status_code == 303
    assert page.location == "/my-groups?done=already"
    assert room.memberships(ana) == before


def test_joining_in_two_tabs_joins_once_with_the_first_choice(ana, room):
    ana.open(f"/join/{room.code}")
    first, second = ana.form(sharing="totals"), ana.form(sharing="named", nickname="Ana")
    assert ana.post(f"/join/{room.code}", first).status_code == 303
    assert "already" in ana.post(f"/join/{room.code}", second).location

    (membership,) = room.memberships(ana)
    assert membership.sharing == "totals"


def test_a_form_without_a_choice_is_asked_again(ana, room):
    page = join(ana, room.code, "", nickname="Ana")

    assert page.status_code == 422
    assert "Choose how you want to take part." in ana.text
    assert 'href="#named"' in ana.html
    assert 'value="Ana"' in ana.html
    assert room.memberships(ana) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Choose a nickname"),
        ("   ", "Choose a nickname"),
        ("\u202e\u200b", "Choose a nickname"),
        ("a" * 41, "too long"),
        ("a" * 10_000, "too long"),
        ("𝔞" * 4000, "too long"),
    ],
)
def test_an_invalid_nickname_is_asked_for_again(ana, room, typed, told):
    page = join_named(ana, room.code, typed)

    assert page.status_code == 422
    assert told in ana.text
    assert chosen(ana) == "named"
    assert room.memberships(ana) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eAna\u202c", "Ana"),
        ("A\u200bna", "Ana"),
        ("  Ana   of  Bonn ", "Ana of Bonn"),
        ("Αna", "Αna"),  # a Greek capital, as she wrote it
        ("عائشة", "عائشة"),
        ("a" * 40, "a" * 40),
        ("<script>", "<script>"),
        ("=1+1", "=1+1"),
    ],
)
def test_invisible_characters_are_removed_from_nicknames(ana, room, typed, kept):
    join_named(ana, room.code, typed)

    assert room.memberships(ana)[0].nickname == kept
    ana.open("/my-groups")
    assert "<script>" not in ana.html


def test_an_expired_form_keeps_the_choices(ana, room):
    ana.open(QUIZ)
    ana.answer_right()
    ana.open(f"/join/{room.code}")
    form = ana.form(sharing="named", nickname="Ana", earlier="y") | {"csrf_token": "old"}
    page = ana.post(f"/join/{room.code}", form)

    assert page.status_code == 400
    assert "What you chose is still here." in ana.text
    assert chosen(ana) == "named"
    assert 'value="Ana"' in ana.html
    assert re.search(r'name="earlier"[^>]* checked', ana.html)
    assert room.memberships(ana) == []
    assert (
        ana.post(f"/join/{room.code}", ana.form(sharing="named", nickname="Ana")).status_code == 303
    )


def test_joining_without_cookies_explains_the_problem(somebody_new, room):
    page = somebody_new.post(f"/join/{room.code}", {"sharing": "totals"})

    assert page.status_code == 400
    assert "your browser doesn’t accept cookies" in somebody_new.text


def test_an_educator_cannot_join_a_group_they_lead(room):
    page = room.kim.open(f"/join/{room.code}")
    assert page.status_code == 200
    assert "You lead this group" in room.kim.text
    assert f'href="/groups/{room.id}"' in room.kim.html
    room.kim.open("/care-team")
    room.kim.post(f"/join/{room.code}", room.kim.form(sharing="totals"))

    assert "You lead this group" in room.kim.text
    assert room.memberships(room.kim) == []


def test_an_educator_can_join_another_educators_group(app, content, room):
    lee = Person(app, content, uuid.UUID(int=0x222))
    become_educator(room.connection, lee, "Dr. Lee")

    assert join(lee, room.code).status_code == 303


def test_a_deleted_account_is_not_recreated_by_joining(ana, room):
    ana.open(QUIZ)
    ana.answer_right()
    deleted = ana.account
    ana.open(f"/join/{room.code}")
    form = ana.form(sharing="named", nickname="Ana")
    with ana.browser.session_transaction() as session:
        held = {**session}
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    with ana.browser.session_transaction() as session:
        session.update(held)  # another tab, whose cookie came back
    page = ana.post(f"/join/{room.code}", form)

    assert page.status_code == 400
    assert chosen(ana) == "named"
    assert room.connection.scalar(select(Account.id).where(Account.id == deleted)) is None
    assert (
        ana.post(f"/join/{room.code}", ana.form(sharing="named", nickname="Ana")).status_code == 303
    )
    assert ana.account != deleted
    assert room.connection.scalar(select(Account.id).where(Account.id == deleted)) is None


def test_the_progress_page_names_the_group(ana, room):
    ana.open("/progress")
    assert "This page is just for you" in ana.text
    join(ana, room.code)
    ana.open("/progress")

    assert "You’re in the group “Tuesday class.”" in ana.text
    assert 'href="/my-groups"' in ana.html
    assert "This page is just for you" not in ana.text


def test_my_data_counts_the_group_and_the_data_copy_contains_it(ana, room):
    join_named(ana, room.code)
    ana.open("/my-data")
    assert "1 group you joined" in ana.text
    assert '"nickname": "Ana"' in ana.browser.get("/my-data/copy.json").get_data(as_text=True)
    ana.open("/my-data/delete")
    assert "What you shared with a group is removed" in ana.text


def test_group_names_are_escaped(ana, room):
    room.connection.execute(update(GROUPS).where(GROUPS.c.id == room.id).values(name="A <b>& B"))
    ana.open(f"/join/{room.code}")

    assert "A &lt;b&gt;&amp; B" in ana.html


def test_joining_takes_few_statements(ana, room, statements):
    address = f"/join/{room.code}"
    ana.open(address)
    statements.clear()
    ana.open(address)
    assert len(statements) <= 3, statements
    join_named(ana, room.code)
    statements.clear()
    ana.open("/my-groups")
    assert len(statements) <= 4, statements
