"""Remove a member from a group, let them join again, and ask for another nickname."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update

from learn.models import DisclosedAnswer, Membership
from learn.models.base import table_of
from tests.learn.groups import ClassOf, sign_in_as_educator
from tests.learn.leading import Room, join, join_named
from tests.learn.signing_in import add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"
MEMBERSHIPS = table_of(Membership)


def membership_of(room, person):
    return room.memberships(person)[-1].id


def press(room, person, what):
    """Press a button about that person."""
    membership = membership_of(room, person)
    page = "remove" if what == "remove" else ""
    room.kim.open(f"/groups/{room.id}/people/{membership}/{page}".rstrip("/"))
    form = room.kim.form()
    return room.kim.post(f"/groups/{room.id}/people/{membership}/{what}", form)


def remove(room, person):
    done = press(room, person, "remove")
    assert done.status_code == 200
    return done


def allow(room, person):
    room.kim.open(f"/groups/{room.id}/people")
    membership = room.memberships(person)[0].id
    return room.kim.post(f"/groups/{room.id}/people/{membership}/allow", room.kim.form())


def test_it_is_asked_once_what_removing_means(ana, room):
    join_named(ana, room.code, "Ana")
    page = f"/groups/{room.id}/people/{membership_of(room, ana)}"
    room.kim.open(page)
    assert f'href="{page}/remove"' in room.kim.html
    room.kim.open(f"{page}/remove")

    assert "Remove “ Ana ” from" in room.kim.text.replace("“Ana”", "“ Ana ”")
    assert (
        "They keep their answers and progress, and can finish any quiz they started."
        in room.kim.text
    )
    assert room.memberships(ana)[0].until is None, "a look removes nobody"


@pytest.mark.fast("people")
def test_a_removed_member_is_gone_from_the_group_and_keeps_their_answers(ana, room, rows):
    ana.open(QUIZ)
    join_named(ana, room.code, "Ana")
    ana.take("lesson/what-is-all")
    answers = len(rows(ana))
    said = remove(room, ana).get_data(as_text=True)
    assert "“<bdi>Ana</bdi>” is no longer in the group." in said, (
        "this once, so that nobody guesses"
    )
    assert f'href="/groups/{room.id}/people"' in said

    room.kim.open(f"/groups/{room.id}/people")
    assert "Ana" not in room.kim.text
    assert "People you removed" in room.kim.text
    for page in ("", "/people.csv", "/first-answers", "/questions"):
        room.kim.open(f"/groups/{room.id}{page}")
        assert "Ana" not in room.kim.html
    assert len(rows(ana)) == answers
    ana.open("/my-groups")
    assert "An educator removed you on November 22, 2026." in ana.text
    assert "The group no longer sees anything of yours." in ana.text
    ana.open("/progress")
    assert ana.page.status_code == 200


def test_the_code_does_not_let_a_removed_member_in_again(ana, room):
    join_named(ana, room.code, "Ana")
    remove(room, ana)
    for sharing in ("named", "totals"):
        ana.open(f"/join/{room.code}")
        assert "An educator removed you from it. Only they can let you in again." in ana.text
        ana.open("/my-groups")
        form = ana.form(sharing=sharing, nickname="Ana again")
        assert ana.post(f"/join/{room.code}", form).status_code == 200
    assert [m.until is None for m in room.memberships(ana)] == [False]

    assert allow(room, ana).location == f"/groups/{room.id}/people?done=allowed"
    room.kim.open(f"/groups/{room.id}/people")
    assert "People you removed" not in room.kim.text
    ana.open("/my-groups")
    assert "You may join again with a code." in ana.text
    assert join_named(ana, room.code, "Ana").location == "/my-groups?done=joined"
    ana.open("/my-groups")
    assert "removed you" not in ana.text, "what counts is the last time"


def test_only_the_day_of_a_removal_is_shown(ana, room):
    join_named(ana, room.code, "Ana")
    remove(room, ana)
    room.kim.open(f"/groups/{room.id}/people")

    assert "Removed on November 22, 2026" in room.kim.text
    assert "Ana" not in room.kim.html


def test_pressed_twice_it_removes_once(ana, room):
    join_named(ana, room.code, "Ana")
    membership = membership_of(room, ana)
    room.kim.open(f"/groups/{room.id}/people/{membership}/remove")
    form = room.kim.form()
    where = f"/groups/{room.id}/people/{membership}/remove"
    answers = [room.kim.post(where, form).location for _ in range(2)]

    assert answers == [None, f"/groups/{room.id}/people"]
    assert room.kim.open(where).status_code == 404


def test_somebody_who_left_or_changed_to_totals_meanwhile_is_not_removed(ana, room):
    join_named(ana, room.code, "Ana")
    membership = membership_of(room, ana)
    room.kim.open(f"/groups/{room.id}/people/{membership}/remove")
    form = room.kim.form()
    ana.open(f"/my-groups/{room.id}/change")
    ana.post(f"/my-groups/{room.id}/change", ana.form(sharing="totals"))
    where = f"/groups/{room.id}/people/{membership}/remove"

    assert room.kim.post(where, form).status_code == 404
    assert room.memberships(ana)[-1].until is None


def test_a_member_in_totals_cannot_be_removed_or_asked(ana, room):
    join(ana, room.code)
    for what in ("remove", "allow", "ask-for-nickname"):
        room.kim.open("/groups")
        where = f"/groups/{room.id}/people/{membership_of(room, ana)}/{what}"
        assert room.kim.post(where, room.kim.form()).status_code == 404
    (membership,) = room.memberships(ana)
    assert (membership.until, membership.removal, membership.rename_asked_at) == (None, "", None)


def test_a_removed_members_answers_leave_their_blocks(ana, room, connection):
    join_named(ana, room.code, "Ana")
    attempt = ana.take("lesson/what-is-all").rpartition("/")[2]
    disclosed = table_of(DisclosedAnswer)
    item = {"account_id": ana.account, "group_id": room.id, "position": 1}
    block = {"block": room.id, "block_size": 11, "disclosed_at": room.memberships(ana)[0].since}
    connection.execute(disclosed.insert(), item | block | {"attempt_id": uuid.UUID(attempt)})
    remove(room, ana)

    assert connection.scalar(select(disclosed.c.block)) is None


def test_a_member_removed_while_answering_finishes_calmly(ana, room, rows):
    join_named(ana, room.code, "Ana")
    room.kim.open(f"/groups/{room.id}/assignments/new")
    room.kim.post(
        f"/groups/{room.id}/assignments",
        room.kim.form(kind="quiz", about="some", lesson=["what-is-all"], length="5"),
    )
    ana.open("/")
    address = ana.html.split("/quizzes/assigned/")[1].split('"')[0]
    ana.open(f"/quizzes/assigned/{address}")
    remove(room, ana)

    ana.answer_right()  # the first question was open
    while 'name="question"' in ana.html or "Next question" in ana.text:
        ana.go_on()
        if 'name="question"' not in ana.html:
            break
        ana.answer_right()

    assert len([r for r in rows(ana) if r.answered_at]) >= 3
    room.kim.open(f"/groups/{room.id}")
    assert "Nobody is in this group yet." in room.kim.text


def test_signing_in_to_a_removed_account_ends_a_guests_membership(ana, ben, room, connection, app):
    """A guest who joins again and then signs in would be in it by a back door."""
    join_named(ana, room.code, "Ana")
    remove(room, ana)
    account = add_credentials(app, ana.account)
    join_named(ben, room.code, "Ana, again")
    assert sign_in(ben, account)

    now = [
        m.until is None
        for m in connection.execute(select(MEMBERSHIPS).where(MEMBERSHIPS.c.account_id == account))
    ]
    assert now == [False, False]


def test_another_nickname_is_asked_for_until_there_is_one(ana, ben, room):
    join_named(ana, room.code, "Walnut")
    join_named(ben, room.code, "wa1nut")
    room.kim.open(f"/groups/{room.id}/people")
    alike = room.kim.text.partition("Nicknames that look alike")[2]
    assert alike.partition("You can ask")[0].count("(since November 22, 2026)") == 2
    done = press(room, ben, "ask-for-nickname")
    assert done.location.endswith(f"/people/{membership_of(room, ben)}?done=asked")
    room.kim.open(done.location)
    assert "They’ll be asked for another nickname." in room.kim.text
    assert "You asked for another nickname on November 22, 2026." in room.kim.text

    for page in ("/", "/progress", "/my-groups"):
        ben.open(page)
        assert "Choose another nickname" in ben.text, page
        ana.open(page)
        assert "Choose another nickname" not in ana.text, page
    ben.open(f"/my-groups/{room.id}/change")
    ben.post(f"/my-groups/{room.id}/change", ben.form(sharing="named", nickname="Ben of the lake"))
    ben.open("/my-groups")
    assert "Choose another nickname" not in ben.text
    room.kim.open(f"/groups/{room.id}/people")
    assert "Nicknames that look alike" not in room.kim.text


def test_of_another_group_nobody_is_removed(ana, room: Room, connection, content, ben):
    join_named(ana, room.code, "Ana")
    other = ClassOf(connection, content.bank, "Another class")
    sign_in_as_educator(ben, other, "Lee")
    membership = membership_of(room, ana)
    for group in (room.id, other.id):
        for what in ("remove", "allow", "ask-for-nickname"):
            ben.open("/groups")
            form = ben.form()
            assert ben.post(f"/groups/{group}/people/{membership}/{what}", form).status_code == 404
    assert ben.open(f"/groups/{other.id}/people/{membership}/remove").status_code == 404
    assert room.memberships(ana)[0].until is None


def test_joining_is_refused_by_the_last_check_too(ana, room, connection):
    """Who is removed between the form and its check doesn't get in."""
    join_named(ana, room.code, "Ana")
    remove(room, ana)
    connection.execute(update(MEMBERSHIPS).values(removal="allowed"))
    ana.open(f"/join/{room.code}")
    form = ana.form(sharing="named", nickname="Ana")
    connection.execute(update(MEMBERSHIPS).values(removal="removed"))
    assert ana.post(f"/join/{room.code}", form).status_code == 200
    assert len(room.memberships(ana)) == 1
