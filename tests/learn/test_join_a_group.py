"""Join a group by its code."""

from __future__ import annotations

import re
import uuid
from random import Random

import pytest
from sqlalchemy import select, update

from learn import join_codes, rate_limits
from learn.models import Account, Educator
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
from tests.learn.signing_in import add_credentials, sign_in

QUIZ = "/quizzes/lesson/what-is-all"


def test_the_page_explains_sharing_and_preselects_nothing(ana, room):
    ana.open(f"/join/{room.code}")

    assert "Join “ Tuesday class ”" in ana.text
    assert "Led by Nurse Kim" in ana.text
    for sentence in (
        "your first answer to each question",
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


@pytest.mark.parametrize(
    "typed", ["{code}", "{small}", " {spaced} ", "{dashless}", "“{code}”", "{wide}"]
)
def test_the_join_code_can_be_typed_in_many_ways(ana, room, typed):
    forms = {
        "code": room.code,
        "small": room.code.lower(),
        "spaced": " ".join(room.code),
        "dashless": room.code.replace("-", ""),
        "wide": "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in room.code),
    }
    page = ana.browser.get("/join", query_string={"code": typed.format(**forms)})

    assert page.status_code == 302
    assert page.location == f"/join/{room.code}"


def test_lookalike_letters_in_a_join_code_are_corrected():
    assert join_codes.parse("da9o mela c0la") == "DAOMELAKOLA"
    assert join_codes.parse("1a-Ia") == "LALA"


def test_every_join_code_is_read_back_unchanged():
    rng = Random(5)  # noqa: S311 - any codes will do
    for _ in range(500):
        code = join_codes.generate(rng)
        assert len(code) == join_codes.LENGTH
        assert join_codes.parse(join_codes.grouped(code).lower()) == code


@pytest.mark.parametrize("typed", ["", "dago", "???", "x" * 10_000, "\u202e\u0000", "<b>"])
def test_an_incomplete_join_code_is_shown_again_with_an_error(ana, typed):
    page = ana.browser.get("/join", query_string={"code": typed})
    ana.page = page

    assert page.status_code == 422
    assert "That isn’t a complete code" in ana.text
    assert 'aria-invalid="true"' in ana.html


def lets_nobody_in(person: Person, code: str) -> str:
    page = person.open(f"/join/{code}")
    assert page.status_code == 404
    return page.get_data(as_text=True)


def test_an_invalid_join_code_is_rejected_without_a_reason(ana, room):
    answers = {lets_nobody_in(ana, "DAGO-MELU-ZAPO"), lets_nobody_in(ana, "x" * 500)}
    first = room.code
    room.press("code", "renew")
    answers.add(lets_nobody_in(ana, first))
    second = room.code
    room.press("code", "close")
    answers.add(lets_nobody_in(ana, second))
    other = room.another("Archived")
    third = other.code
    other.press("settings", "archive")
    answers.add(lets_nobody_in(ana, third))
    alone = room.another("Without educators")
    room.connection.execute(update(Educator).values(removed_at=DAWN))
    answers.add(lets_nobody_in(ana, alone.code))

    assert len(answers) == 1
    assert "This code doesn’t work now" in ana.text
    assert "Please ask the person who gave it to you." in ana.text


def test_a_form_with_a_replaced_join_code_is_rejected(ana, room):
    code = room.code
    ana.open(f"/join/{code}")
    form = ana.form(sharing="totals")
    room.press("code", "renew")
    page = ana.post(f"/join/{code}", form)

    assert page.status_code == 404
    assert room.memberships(ana) == []


def test_guessing_join_codes_is_throttled_by_address(ana, ben, room, clock):
    for number in range(rate_limits.WRONG_JOIN_CODE.maximum):
        lets_nobody_in(ana, f"DAGO-MELU-ZA{number:03}")
    page = ana.open("/join/DAGO-MELU-ZAPO")

    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 15 * 60
    assert "Please wait a moment" in ana.text
    assert ana.open(f"/join/{room.code}").status_code == 429, "the right one is not told either"
    assert ana.post(f"/join/{room.code}", {"sharing": "totals"}).status_code == 429
    ben.browser.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert ben.open(f"/join/{room.code}").status_code == 200
    clock.forward(minutes=15, seconds=1)
    assert ana.open(f"/join/{room.code}").status_code == 200


def test_a_throttled_address_cannot_join(app, ana, room):
    for _ in range(rate_limits.WRONG_JOIN_CODE.maximum + 1):
        app.extensions["learn.limiter"].hit((rate_limits.WRONG_JOIN_CODE, "127.0.0.1"))

    assert ana.open(f"/join/{room.code}").status_code == 429


def test_join_forms_are_throttled_like_join_links(ana):
    for _ in range(rate_limits.WRONG_JOIN_CODE.maximum):
        assert ana.post("/join/DAGO-MELU-ZAPO", {}).status_code == 404

    assert ana.post("/join/DAGO-MELU-ZAPO", {}).status_code == 429


def test_a_class_that_types_the_right_code_is_never_throttled(ana, room):
    for _ in range(100):
        assert ana.open(f"/join/{room.code}").status_code == 200


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


def test_the_progress_page_names_the_group(ana, room):
    ana.open("/progress")
    assert "This page is just for you" in ana.text
    join(ana, room.code)
    ana.open("/progress")

    assert "You’re in the group “Tuesday class”" in ana.text
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
