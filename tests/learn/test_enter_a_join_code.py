"""Enter a join code: how it may be typed, and how guessing is slowed down."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import update

from learn import join_codes, rate_limits
from learn.models import Educator
from tests.learn.conftest import DAWN
from tests.learn.people import Person


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
