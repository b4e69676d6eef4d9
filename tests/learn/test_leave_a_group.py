"""Change what a group sees, leave it, and read its audit log."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from learn.models import AuditLog, DisclosedAnswer, Educator
from learn.models.base import table_of
from tests.learn.conftest import DAWN
from tests.learn.leading import (
    Room,
    chosen,
    join,
    join_named,
)
from tests.learn.people import Person

QUIZ = "/quizzes/lesson/what-is-all"
RELEASED = table_of(DisclosedAnswer)


def change(person: Person, group: uuid.UUID, sharing: str, **more: str):
    person.open(f"/my-groups/{group}/change")
    return person.post(f"/my-groups/{group}/change", person.form(sharing=sharing, **more))


def leave(person: Person, group: uuid.UUID):
    person.open(f"/my-groups/{group}/leave")
    return person.post(f"/my-groups/{group}/leave", person.form())


def release(connection, rows, person: Person, group: uuid.UUID) -> None:
    """Let the person's answers into the group's totals, in a block of twelve."""
    for item in rows(person):
        if item.answered_at is not None:
            connection.execute(
                insert(RELEASED).values(
                    account_id=item.account_id,
                    group_id=group,
                    attempt_id=item.attempt_id,
                    position=item.position,
                    block=uuid.UUID(int=0xB10C),
                    block_size=12,
                    disclosed_at=DAWN,
                )
            )


def blocks(connection, person: Person, group: uuid.UUID) -> list:
    return [
        tuple(row)
        for row in connection.execute(
            select(RELEASED.c.block, RELEASED.c.block_size).where(
                RELEASED.c.account_id == person.account, RELEASED.c.group_id == group
            )
        )
    ]


def look(room: Room, person: Person, day: date, view: str = "person", times: int = 1) -> None:
    room.connection.execute(
        insert(AuditLog).values(
            account_id=person.account,
            group_id=room.id,
            viewed_on=day,
            educator="Nurse Kim",
            view=view,
            times=times,
        )
    )


def test_my_groups_explains_joining_if_there_is_none(somebody_new):
    somebody_new.open("/my-groups")

    assert "You’re not in a group now." in somebody_new.text
    assert 'name="code"' in somebody_new.html


def test_my_groups_says_what_each_group_sees_and_since_when(ana, room):
    join_named(ana, room.code, "Ana")
    other = room.another("Another class")
    join(ana, other.code)
    ana.open("/my-groups")

    assert ana.text.index("Another class") < ana.text.index("Tuesday class")
    assert "Your nickname “ Ana ”," in ana.text
    assert "as part of the totals" in ana.text
    assert "Since November 22, 2026" in ana.text
    assert "Led by Nurse Kim" in ana.text


def test_changing_the_sharing_starts_a_new_membership_period(ana, room, clock):
    ana.open(QUIZ)
    ana.answer_right()
    clock.forward(days=1)
    join_named(ana, room.code, earlier="y")
    clock.forward(days=1)
    ana.open(f"/my-groups/{room.id}/change")
    assert chosen(ana) == "named"
    assert "Your earlier answers are removed" in ana.text
    page = change(ana, room.id, "totals")

    assert page.location == "/my-groups?done=changed"
    old, new = room.memberships(ana)
    assert (old.sharing, old.nickname, old.until) == ("named", "Ana", clock.now)
    assert (new.sharing, new.nickname, new.until) == ("totals", "", None)
    assert new.shares_from == new.since == clock.now


def test_a_change_sent_twice_or_in_two_tabs_is_made_once(ana, room, clock):
    join(ana, room.code)
    clock.forward(days=1)
    ana.open(f"/my-groups/{room.id}/change")
    form = ana.form(sharing="named", nickname="Ana")
    ana.post(f"/my-groups/{room.id}/change", form)
    clock.forward(seconds=1)
    ana.post(f"/my-groups/{room.id}/change", form)

    assert [(s.sharing, s.until) for s in room.memberships(ana)] == [
        ("totals", DAWN + timedelta(days=1)),
        ("named", None),
    ]


def test_changing_only_the_nickname_starts_no_new_period(ana, room, clock):
    join_named(ana, room.code, "Ana")
    (before,) = room.memberships(ana)
    clock.forward(days=1)
    change(ana, room.id, "named", nickname="Anna")

    (after,) = room.memberships(ana)
    assert after.nickname == "Anna"
    assert (after.id, after.since, after.shares_from) == (before.id, DAWN, DAWN)


def test_changing_back_shares_nothing_from_before(ana, room, clock):
    join_named(ana, room.code)
    clock.forward(days=1)
    change(ana, room.id, "totals")
    clock.forward(days=1)
    change(ana, room.id, "named", nickname="Ana")

    assert room.memberships(ana)[-1].shares_from == clock.now


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"sharing": ""}, 422),
        ({"sharing": "all"}, 422),
        ({"sharing": "named", "nickname": " "}, 422),
        ({"sharing": "named", "nickname": "Ana" * 5000}, 422),
        ({"sharing": "named", "nickname": "Ana", "csrf_token": "old"}, 400),
    ],
)
def test_an_invalid_change_changes_nothing(ana, room, given, status):
    join(ana, room.code)
    before = room.memberships(ana)
    page = change(ana, room.id, **given)

    assert page.status_code == status
    assert "Nothing has changed yet" in ana.text
    assert chosen(ana) == ("named" if given["sharing"] == "named" else "")
    assert room.memberships(ana) == before


def test_leaving_asks_for_confirmation_and_takes_effect_at_once(ana, room, clock):
    join_named(ana, room.code)
    clock.forward(days=1)
    ana.open(f"/my-groups/{room.id}/leave")
    assert "If you say yes, this happens right away" in ana.text
    assert room.memberships(ana)[0].until is None
    page = ana.post(f"/my-groups/{room.id}/leave", ana.form())

    assert page.location == "/my-groups?done=left"
    assert room.memberships(ana)[0].until == clock.now
    ana.open(page.location)
    assert "You’re no longer in the group." in ana.text
    assert "Tuesday class" not in ana.text


def test_leaving_or_changing_removes_only_ones_own_answers_from_blocks(ana, ben, room, rows, clock):
    other = room.another("Another class")
    for person in (ana, ben):
        join(person, room.code)
        person.open(QUIZ)
        person.answer_right()
        release(room.connection, rows, person, room.id)
    join(ana, other.code)
    release(room.connection, rows, ana, other.id)
    whole = [(uuid.UUID(int=0xB10C), 12)]
    assert blocks(room.connection, ana, room.id) == whole
    clock.forward(days=1)
    leave(ana, room.id)

    assert {*blocks(room.connection, ana, room.id)} == {(None, None)}
    assert blocks(room.connection, ana, other.id) == whole
    assert blocks(room.connection, ben, room.id) == whole
    change(ben, room.id, "named", nickname="Ben")
    assert {*blocks(room.connection, ben, room.id)} == {(None, None)}


def test_leaving_keeps_answers_and_progress(ana, room, rows):
    join_named(ana, room.code)
    ana.open(QUIZ)
    ana.answer_right()
    before = rows(ana)
    leave(ana, room.id)

    assert rows(ana) == before


def test_leaving_twice_has_no_further_effect(ana, room, clock):
    join(ana, room.code)
    ana.open(f"/my-groups/{room.id}/leave")
    form = ana.form()
    ana.post(f"/my-groups/{room.id}/leave", form)
    before = room.memberships(ana)
    clock.forward(days=1)
    page = ana.post(f"/my-groups/{room.id}/leave", form)

    assert page.location == "/my-groups?done=left"
    assert room.memberships(ana) == before
    assert ana.open(f"/my-groups/{room.id}/leave").request.path == "/my-groups"


def test_a_change_in_a_stale_tab_does_not_rejoin(ana, room):
    join(ana, room.code)
    ana.open(f"/my-groups/{room.id}/change")
    form = ana.form(sharing="named", nickname="Ana")
    leave(ana, room.id)
    page = ana.post(f"/my-groups/{room.id}/change", form)

    assert page.location == "/my-groups"
    assert [s.until is None for s in room.memberships(ana)] == [False]


def test_an_expired_form_does_not_leave_and_says_so(ana, room):
    join(ana, room.code)
    ana.open(f"/my-groups/{room.id}/leave")
    page = ana.post(f"/my-groups/{room.id}/leave", {"csrf_token": "old"})

    assert page.status_code == 400
    assert "You’re still in the group" in ana.text
    assert room.memberships(ana)[0].until is None


@pytest.mark.parametrize("what", ["change", "leave"])
def test_a_group_one_is_not_in_is_not_found(ana, ben, room, what):
    join(ana, room.code)
    before = room.memberships(ana)
    for address in (f"/my-groups/{room.id}/{what}", f"/my-groups/{uuid.uuid4()}/{what}"):
        assert ben.open(address).status_code == 404
        ben.open("/care-team")
        assert ben.post(address, ben.form(sharing="totals")).status_code == 404

    assert room.memberships(ana) == before


def test_former_groups_are_shown_only_on_request(ana, room, clock):
    join_named(ana, room.code)
    look(room, ana, date(2026, 11, 22))
    clock.forward(days=1)
    change(ana, room.id, "totals")
    clock.forward(days=1)
    leave(ana, room.id)
    ana.open("/my-groups")
    assert "Tuesday class" not in ana.text
    assert "Show groups I left" in ana.text
    ana.open("/my-groups?past=yes")

    assert ana.html.count("Tuesday class") == 1
    assert "You left on November 24, 2026." in ana.text
    assert "Nurse Kim looked at your page on November 22, 2026." in ana.text


def test_a_rejoined_group_is_not_listed_as_left(ana, room, clock):
    join(ana, room.code)
    leave(ana, room.id)
    clock.forward(days=1)
    join(ana, room.code)
    ana.open("/my-groups?past=yes")

    assert "Groups you left" not in ana.text
    assert "Show groups I left" not in ana.text


def test_the_audit_log_lists_the_latest_view_first(ana, ben, room):
    for person in (ana, ben):
        join_named(person, room.code)
    ana.open("/my-groups")
    assert "Nobody so far." in ana.text
    look(room, ana, date(2026, 11, 23), "group")
    look(room, ana, date(2026, 11, 24), times=2)
    look(room, ana, date(2026, 11, 24), "file")
    look(room, ben, date(2026, 11, 25), "file")
    ana.open("/my-groups")

    told = (
        "Nurse Kim saved a file with your answers on November 24, 2026.",
        "Nurse Kim looked at your page on November 24, 2026. (2 times)",
        "On November 23, 2026, Nurse Kim looked at a table of the group that includes you.",
    )
    places = [ana.text.index(line) for line in told]
    assert places == sorted(places)
    assert "November 25" not in ana.text


def test_a_long_audit_log_is_partly_collapsed(ana, room):
    join_named(ana, room.code)
    for day in range(1, 21):
        look(room, ana, date(2026, 11, day))
    ana.open("/my-groups")

    assert ana.html.count("looked at your page") == 20
    assert "<summary>Earlier</summary>" in ana.html
    first = ana.html.index("November 20, 2026")
    assert first < ana.html.index("<summary>Earlier</summary>") < ana.html.index("November 1,")


@pytest.mark.parametrize("why", ["archived", "nobody leads it"])
def test_an_archived_group_or_one_without_educators_is_shown_as_inactive(ana, room, why):
    join_named(ana, room.code)
    if why == "archived":
        room.press("settings", "archive")
    else:
        room.connection.execute(update(Educator).values(removed_at=DAWN))
    ana.open("/my-groups")

    assert "(archived)" in ana.text
    assert "This group is no longer active." in ana.text
    leave(ana, room.id)
    assert room.memberships(ana)[0].until is not None


def test_deleting_the_account_leaves_the_group(ana, room):
    join_named(ana, room.code)
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())

    assert room.connection.execute(select(table_of(AuditLog))).all() == []
    ana.open("/my-groups")
    assert "You’re not in a group now." in ana.text


def test_success_messages_come_only_from_our_own_texts(ana):
    ana.open("/my-groups?done=<script>&past")

    assert "script" not in ana.text
