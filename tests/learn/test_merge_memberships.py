"""A guest who joined a group signs in."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from learn.people import queries as people
from learn.results import queries as results
from tests.learn.groups import RIGHT, ClassOf
from tests.learn.leading import (
    chosen,
    join,
    join_named,
)
from tests.learn.signing_in import add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"
DAWN, DUSK = datetime(1970, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def test_a_guests_membership_moves_to_the_account(app, ana, room):
    join_named(ana, room.code, "Guest")
    account = add_credentials(app, uuid.UUID(int=0xACC))
    sign_in(ana, account)

    (membership,) = room.memberships(ana)
    assert ana.account == account
    assert (membership.group_id, membership.nickname, membership.until) == (room.id, "Guest", None)
    ana.open("/my-groups")
    assert "“ Guest ”," in ana.text


def test_the_accounts_choice_wins_if_the_guest_joined_too(app, ana, ben, room, clock):
    account = add_credentials(app, uuid.UUID(int=0xACC))
    sign_in(ben, account)
    join(ben, room.code, "totals")
    clock.forward(hours=1)
    join_named(ana, room.code, "Guest")
    sign_in(ana, account)

    current, gone = sorted(
        room.memberships(ana), key=lambda membership: membership.until is not None
    )
    assert (current.sharing, current.until) == ("totals", None)
    assert gone.until == gone.since
    ana.open("/my-groups")
    assert "Guest" not in ana.text
    assert "as part of the totals" in ana.text
    assert "Show groups I left" not in ana.text


def test_a_replaced_guest_membership_is_remembered_for_the_answers_it_disclosed(
    app, ana, ben, room, clock
):
    account = add_credentials(app, uuid.UUID(int=0xACC))
    sign_in(ben, account)
    join(ben, room.code, "totals")
    join_named(ana, room.code, "Guest")
    clock.forward(hours=1)
    ana.open(QUIZ)
    ana.answer_right()
    answered = clock.now
    clock.forward(hours=1)
    sign_in(ana, account)

    (gone,) = [membership for membership in room.memberships(ana) if membership.until is not None]
    assert (gone.sharing, gone.until) == ("named", answered)


def test_a_membership_the_account_ended_stays_ended_after_a_merge(app, ana, ben, room, clock):
    ana.open(QUIZ)
    ana.answer_right()
    account = add_credentials(app, uuid.UUID(int=0xACC))
    sign_in(ben, account)
    join_named(ben, room.code)
    clock.forward(days=2)
    ben.open(f"/my-groups/{room.id}/leave")
    ben.post(f"/my-groups/{room.id}/leave", ben.form())
    left = clock.now
    clock.forward(days=2)
    join_named(ana, room.code, "Guest", earlier="y")
    sign_in(ana, account)

    (runs,) = [membership for membership in room.memberships(ana) if membership.until is None]
    assert runs.nickname == "Guest"
    assert runs.shares_from == left


def test_a_visitor_who_signs_in_meanwhile_is_asked_again(app, ana, room):
    ana.open(f"/join/{room.code}")
    form = ana.form(sharing="totals")
    account = add_credentials(app, uuid.UUID(int=0xACC))
    sign_in(ana, account)
    page = ana.post(f"/join/{room.code}", form)

    assert page.status_code == 400
    assert chosen(ana) == "totals"
    assert ana.post(f"/join/{room.code}", ana.form(sharing="totals")).status_code == 303
    assert room.memberships(ana)[0].account_id == account


def test_what_a_guest_gave_to_totals_is_not_shown_by_the_accounts_name(
    app, content, ana, connection, clock
):
    """Neither on the member's page nor in what is counted of members who share by name."""
    group = ClassOf(connection, content.bank)
    account, asked = add_credentials(app, uuid.UUID(int=0xACC)), [*content.bank.questions][:3]
    group.join("named", account, nickname="Ann")
    group.answer(account, {asked[0]: RIGHT})
    group.answer(ana.account, {asked[1]: RIGHT})  # before joining, to no group
    group.join("totals", ana.account)
    group.answer(ana.account, {asked[2]: RIGHT})
    with ana.browser.session_transaction() as session:
        session["known"] = 1
    clock.now = group.now
    sign_in(ana, account)
    with Session(connection) as session:
        (by_name,) = people.named_answers(session, group.id).values()
        scores = results.named_scores(session, group.id, DAWN, DUSK)

    assert {a.question for a in by_name} == {asked[0], asked[1]}
    assert {s.question for s in scores} == {asked[0], asked[1]}
