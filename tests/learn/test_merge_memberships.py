"""A guest who joined a group signs in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from learn.assignments.queries import list_assignments
from learn.audit_log.actions import AuditEvent
from learn.membership import actions as membership
from learn.models import Attempt, Item
from learn.people import queries as people
from learn.results import queries as results
from tests.learn.groups import MINUTE, RIGHT, ClassOf
from tests.learn.leading import (
    MEMBERSHIPS,
    chosen,
    join,
    join_named,
)
from tests.learn.people import Person, right_answer
from tests.learn.signing_in import add_credentials, sign_in

OWN = uuid.UUID(int=0xACC)
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
    account, question_ids = (
        add_credentials(app, uuid.UUID(int=0xACC)),
        [*content.bank.questions][:3],
    )
    group.join("named", account, nickname="Ann")
    group.answer(account, {question_ids[0]: RIGHT})
    group.answer(ana.account, {question_ids[1]: RIGHT})  # before joining, to no group
    group.join("totals", ana.account)
    group.answer(ana.account, {question_ids[2]: RIGHT})
    with ana.browser.session_transaction() as session:
        session["known"] = 1
    clock.now = group.now
    sign_in(ana, account)
    with Session(connection) as session:
        by_name = people.answers_of(session, group.id, account)
        scores = results.named_scores(session, group.id, DAWN, DUSK)

    assert {a.given.question for a in by_name} == {question_ids[0], question_ids[1]}
    assert {s.question for s in scores} == {question_ids[0], question_ids[1]}


@dataclass
class Own:
    """Ana's account, the guest on her other device, and a group that either may be in."""

    group: ClassOf
    guest: Person
    clock: Any
    question_ids: tuple[str, ...]

    def answer(self, who: uuid.UUID, *places: int, quiz: str = "mixed") -> uuid.UUID:
        return self.group.answer(who, {self.question_ids[place]: RIGHT for place in places}, quiz)

    def begin(self, who: uuid.UUID, quiz: str = "mixed") -> uuid.UUID:
        """Begin a quiz with one question, which is still open."""
        attempt = self.group.answer(who, {}, quiz, finished=False)
        row = {"account_id": who, "attempt_id": attempt, "position": 1, "version": "0" * 12}
        item = {"question_id": self.question_ids[9], "objective_id": "an-idea", "shown": "1"}
        self.group.connection.execute(insert(Item).values(row | item))
        return attempt

    def finish(self, attempt: uuid.UUID, question: int = 9) -> None:
        """Answer the question that is open, which somebody signed in sends later."""
        self.group.now += MINUTE
        mine = (Item.account_id == OWN) & (Item.attempt_id == attempt) & (Item.position == 1)
        given = {"answered_at": self.group.now, "score": 1.0, "response": {"unsure": True}}
        connection = self.group.connection
        connection.execute(
            update(Item).where(mine).values(given | {"question_id": self.question_ids[question]})
        )
        done = (Attempt.account_id == OWN) & (Attempt.id == attempt)
        connection.execute(update(Attempt).where(done).values(finished_at=self.group.now))

    def sign_in(self) -> None:
        with self.guest.browser.session_transaction() as session:
            session["known"] = 1
        self.group.now += MINUTE * 6
        self.clock.now = self.group.now
        assert sign_in(self.guest, OWN)

    def by_name(self) -> set[int]:
        """Which questions the group's educators see answered by name, on each of their pages."""
        with Session(self.group.connection) as session:
            on_pages = [
                people.answers_of(session, self.group.id, member.account)
                for member in people.group_members(session, self.group.id).named
            ]
            standings = people.named_standings(session, self.group.id, ZoneInfo("UTC")).values()
            scores = results.named_scores(session, self.group.id, DAWN, DUSK)
        seen = {answer.given.question for answers in on_pages for answer in answers}
        ideas = {answer.given.objective for answers in on_pages for answer in answers}
        assert {idea for started in standings for idea in started} == ideas
        assert seen == {score.question for score in scores}
        return {self.question_ids.index(question) for question in seen}

    def in_totals(self) -> set[int]:
        with Session(self.group.connection) as session:
            seen = results.totals_answers(session, self.group.id)
        return {self.question_ids.index(answer.question) for answer in seen}

    def attempts(self) -> int:
        """How many quizzes an educator sees on the member's own page."""
        with Session(self.group.connection) as session:
            return len(people.attempts_of(session, self.group.id, OWN))

    def done(self) -> tuple[int, int]:
        """How many members have finished the assignment, or only started it, in the list."""
        seen = AuditEvent(self.group.id, date(2026, 11, 22), "Kim", "group")
        with Session(self.group.connection) as session:
            (assigned,) = list_assignments(session, self.group.id, seen).assignments
        return assigned.finished, assigned.started


@pytest.fixture
def own(app, content, ana, connection, clock):
    add_credentials(app, OWN)
    group = ClassOf(connection, content.bank)
    return Own(group, ana, clock, tuple(content.bank.questions)[:10])


def test_a_membership_of_a_guest_shows_nothing_that_the_account_gave_before(own):
    """It was given elsewhere, before that account was in any group."""
    own.group.join("named", own.guest.account, nickname="Somebody")
    own.answer(OWN, 0)
    own.begin(OWN)
    own.group.now += MINUTE * 10
    own.answer(own.guest.account, 1)
    own.sign_in()
    own.answer(OWN, 2, quiz="review")

    assert own.by_name() == {1, 2}
    assert own.attempts() == 2


def test_what_a_guest_gave_before_the_accounts_last_answer_is_not_shared_after_the_merge(own):
    """It can't be told apart from what the account gave in that time."""
    own.group.join("named", own.guest.account, nickname="Somebody")
    own.answer(own.guest.account, 1)
    own.answer(OWN, 0)
    own.sign_in()
    own.answer(OWN, 2, quiz="review")

    assert own.by_name() == {2}
    assert own.attempts() == 1


def test_a_membership_in_totals_of_a_guest_counts_nothing_that_the_account_gave_before(own):
    own.group.join("totals", own.guest.account)
    own.answer(OWN, 0)
    own.group.now += MINUTE * 10
    own.answer(own.guest.account, 1)
    own.sign_in()
    own.answer(OWN, 2, quiz="review")

    assert own.in_totals() == {1, 2}


@pytest.mark.parametrize("then", ["leaves", "shares by name"])
def test_what_a_guest_gave_before_a_change_is_not_shown_by_the_accounts_name(own, then):
    own.group.join("named", OWN, nickname="Ann")
    own.group.join("totals", own.guest.account)
    own.answer(own.guest.account, 0)
    if then == "leaves":
        own.group.leave(own.guest.account)
    else:
        own.group.join("named", own.guest.account, nickname="Guest")
    own.answer(own.guest.account, 1)
    own.sign_in()

    assert own.by_name() == {1}
    assert own.attempts() == 1


def test_what_a_guest_gave_by_name_before_leaving_does_not_come_back(own):
    own.group.join("named", OWN, nickname="Ann")
    own.group.join("named", own.guest.account, nickname="Guest")
    own.answer(own.guest.account, 0)
    own.group.leave(own.guest.account)
    own.sign_in()

    assert own.by_name() == set()
    assert own.attempts() == 0


@pytest.mark.parametrize("leaves", [True, False])
def test_an_answer_in_totals_that_arrives_after_signing_in_has_no_name(own, leaves):
    own.group.join("named", OWN, nickname="Ann")
    own.group.join("totals", own.guest.account)
    begun = own.begin(own.guest.account)
    if leaves:
        own.group.leave(own.guest.account)
    own.sign_in()
    own.finish(begun)

    assert own.by_name() == set()
    assert own.attempts() == 0


def test_a_quiz_taken_in_totals_has_no_name_in_the_list_of_assignments(own):
    own.group.join("named", OWN, nickname="Ann")
    quiz = f"assignment/{own.group.assign([own.question_ids[0]]).hex}"
    own.group.join("totals", own.guest.account)
    own.answer(own.guest.account, 0, quiz=quiz)
    own.begin(own.guest.account)
    own.sign_in()

    assert own.done() == (0, 0)
    assert own.attempts() == 0
    with Session(own.group.connection) as session:
        seen = AuditEvent(own.group.id, date(2026, 11, 22), "Kim", "group")
        assert results.member_counts(session, seen, OWN).unfinished == 0


def test_a_quiz_begun_in_totals_stays_nameless_after_a_change(own, connection):
    """Its other answers may wait on a device where they were given."""
    own.group.join("totals", OWN)
    begun = own.begin(OWN)
    now = own.group.now + MINUTE
    with Session(connection) as session:
        choice = membership.SharingChoice(uuid.UUID(int=1), "Ann")
        assert membership.change(session, OWN, own.group.id, choice, now)
        session.commit()
    own.group.now = now
    own.finish(begun)
    own.answer(OWN, 1)

    assert own.by_name() == {1}


def test_a_first_answer_of_a_guest_in_totals_that_arrives_after_signing_in_has_no_name(own):
    own.group.join("named", OWN, nickname="Ann")
    own.group.join("totals", own.guest.account)
    with own.guest.browser.session_transaction() as session:
        session["known"] = 1
    own.guest.open(QUIZ)
    form = own.guest.form() | right_answer(own.guest.question)
    own.sign_in()
    own.guest.post(QUIZ, form)
    (begun,) = own.group.connection.scalars(select(Attempt.id).where(Attempt.account_id == OWN))
    own.finish(begun, question=8)

    assert own.by_name() == set()


@pytest.mark.parametrize("sharing", ["named", "totals"])
def test_the_educator_of_a_group_does_not_become_its_member_by_signing_in(own, sharing):
    own.group.lead(OWN)
    own.group.join(sharing, own.guest.account)
    own.answer(own.guest.account, 0)
    own.sign_in()

    assert own.by_name() == own.in_totals() == set()
    (gone,) = own.group.connection.execute(
        select(MEMBERSHIPS).where(MEMBERSHIPS.c.account_id == OWN)
    )
    assert gone.until is not None
