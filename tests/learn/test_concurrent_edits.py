"""Lines for the care team and explanations that many tabs send at the same time."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from learn.models import (
    Account,
    CareLine,
    Explanation,
)
from tests.learn.concurrency import TOGETHER, all_at_once, at_once, count, write
from tests.learn.people import Person


@pytest.fixture
def app(pooled_app: Flask) -> Flask:
    return pooled_app


def lines(app: Flask) -> list[CareLine]:
    with app.extensions["learn.database"].read_session() as session:
        return [*session.scalars(select(CareLine).order_by(CareLine.position, CareLine.id))]


def test_a_new_visitors_question_from_many_tabs_creates_one_account_and_one_line(app, content):
    ana = Person(app, content)
    ana.open("/care-team")
    cookie = ana.browser.get_cookie("learn_all").value
    form = ana.form(text="Why?")

    assert at_once(app, cookie, "/care-team/write", [form] * TOGETHER) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert [line.text for line in lines(app)] == ["Why?"]


def test_lines_added_in_many_tabs_all_have_positions_of_their_own(app, content):
    ana = Person(app, content)
    write(ana, "First?")
    cookie = ana.browser.get_cookie("learn_all").value
    some = [*content.bank.objectives][:3]
    ways = [("/care-team/write", ana.form(text=f"{i}?")) for i in range(TOGETHER)]
    ways += [("/care-team/add", ana.form(objective=some[:2]))] * 2
    ways += [("/care-team/add", ana.form(objective=some[1:]))] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found if line.text) == sorted(
        ["First?", *(f"{i}?" for i in range(TOGETHER))]
    )
    assert sorted(line.objective_id for line in found if line.objective_id) == sorted(some)
    assert [line.position for line in found] == [*range(1, TOGETHER + 5)]


def test_moves_and_ticks_in_many_tabs_lose_and_duplicate_no_line(app, content):
    ana = Person(app, content)
    ids = write(ana, *(f"{i}?" for i in range(TOGETHER)))
    cookie, form = ana.browser.get_cookie("learn_all").value, ana.form()
    ways = [(f"/care-team/lines/{i}/move", form | {"above": ids[0]}) for i in ids[1:]]
    ways += [(f"/care-team/lines/{i}/tick", form | {"asked": "yes"}) for i in ids]
    ways += [(f"/care-team/lines/{ids[1]}/remove", form)] * 2

    assert {*all_at_once(app, cookie, ways)} == {303}
    found = lines(app)
    assert sorted(line.text for line in found) == [f"{i}?" for i in range(TOGETHER) if i != 1]
    assert all(line.ticked for line in found)
    assert len({line.position for line in found}) == len(found)
    assert found[-1].text == "0?"


OWN_WORDS = "/own-words/lesson/what-is-all"


def test_a_first_text_from_many_tabs_creates_one_account_and_one_text(app, content):
    ana = Person(app, content)
    ana.open(OWN_WORDS)
    cookie = ana.browser.get_cookie("learn_all").value
    form = ana.form(text="It is a cancer of the blood.")

    assert at_once(app, cookie, OWN_WORDS, [form] * TOGETHER) == [303] * TOGETHER
    assert count(app, Account) == 1
    assert count(app, Explanation) == 1


def test_simultaneous_edits_of_one_text_are_all_kept(app, content):
    ana = Person(app, content)
    ana.open(OWN_WORDS)
    kept = ana.post(OWN_WORDS, ana.form(text="It is a cancer.")).headers["Location"]
    ana.open(f"{kept}/change")
    cookie = ana.browser.get_cookie("learn_all").value
    forms = [ana.form(text=f"Words {i}.") for i in range(TOGETHER)]

    assert at_once(app, cookie, OWN_WORDS, forms) == [303] * TOGETHER
    with app.extensions["learn.database"].read_session() as session:
        found = {*session.scalars(select(Explanation.text))}
    assert found == {f"Words {i}." for i in range(TOGETHER)}
