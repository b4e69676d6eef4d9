"""Tick, move, edit, and remove questions for the care team."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, select

from learn.models import Account
from tests.learn.care_list import SHEET, add, do, lines, ticked_lines, typed, write

# Tick, move, change, take off


def test_a_line_is_marked_as_asked_and_unmarked(ana):
    write(ana, "Why?", "When?")
    line = lines(ana)["Why?"]
    for value, now in (("yes", ["Why?"]), ("yes", ["Why?"]), ("no", [])):
        do(ana, "tick", line, asked=value)
        assert ana.page.status_code == 303
        assert ticked_lines(ana) == now
    assert [*lines(ana)] == ["Why?", "When?"]


def test_a_line_moves_up_down_and_to_the_top(ana):
    write(ana, *"abcd")
    at = lines(ana)
    do(ana, "move", at["c"], above=at["b"])
    assert [*lines(ana)] == [*"acbd"]
    do(ana, "move", at["a"], below=at["c"])
    assert [*lines(ana)] == [*"cabd"]
    do(ana, "move", at["d"], top="yes")
    assert [*lines(ana)] == [*"dcab"]
    do(ana, "move", at["d"], below=at["b"])
    assert [*lines(ana)] == [*"cabd"]
    write(ana, "e")
    assert [*lines(ana)] == [*"cabde"]


def test_the_same_move_sent_twice_is_done_once(ana):
    write(ana, *"abcd")
    at = lines(ana)
    for _ in range(3):
        do(ana, "move", at["d"], above=at["c"])

    assert [*lines(ana)] == [*"abdc"]


def test_a_move_redirects_to_the_button_that_was_pressed(ana):
    write(ana, *"abcd")
    at = lines(ana)
    for above, focused in (("c", "Move up"), ("b", "Move up"), ("a", "Move down")):
        do(ana, "move", at["d"], above=at[above])
        ana.open(ana.page.headers["Location"])
        labels = re.findall(r"<(?:button|summary)[^>]* autofocus>([^<]+)", ana.html)
        assert labels == [focused]
        assert ana.html.count("<details open>") == 1


@pytest.mark.parametrize(
    "where",
    [{}, {"above": "x"}, {"above": uuid.uuid4().hex}, {"below": uuid.uuid4().hex}, {"above": "me"}],
)
def test_an_unknown_move_changes_nothing(ana, where):
    write(ana, *"abc")
    at = lines(ana)
    do(ana, "move", at["b"], **{k: at["b"] if v == "me" else v for k, v in where.items()})

    assert ana.page.status_code == 303
    assert [*lines(ana)] == [*"abc"]


@pytest.mark.parametrize("field", ["focus", "then"])
def test_removing_a_line_twice_is_not_an_error(ana, field):
    write(ana, *"abc")
    at = lines(ana)
    for _ in range(2):
        do(ana, "remove", at["b"], **{field: at["c"]})
        assert ana.page.status_code == 303
        assert at["c"] in ana.page.headers["Location"]
    do(ana, "move", at["b"], top="yes")
    do(ana, "move", at["c"], above=at["b"])
    do(ana, "tick", at["b"], asked="yes")

    assert ana.page.status_code == 303
    assert [*lines(ana)] == [*"ac"]
    assert ticked_lines(ana) == []


def test_a_suggested_question_can_be_removed_and_is_suggested_again(ana):
    ana.take("lesson/what-is-all", right=False)
    ana.open(SHEET)
    objective = re.findall(r'name="objective" value="([^"]+)"', ana.html)[0]
    add(ana, objective)
    (line,) = lines(ana).values()
    do(ana, "remove", line, then="")

    assert ana.page.headers["Location"] == SHEET
    assert lines(ana) == {}
    assert f'value="{objective}"' in ana.html


def test_a_line_in_ones_own_words_can_be_edited(ana):
    write(ana, "Wen?", "Why?")
    line = lines(ana)["Wen?"]
    do(ana, "tick", line, asked="yes")
    ana.open(f"{SHEET}/lines/{line}")
    assert typed(ana) == "Wen?"
    ana.post(ana.address, ana.form(text=" When? "))

    assert ana.page.headers["Location"] == f"{SHEET}#line-{line}"
    assert [*lines(ana)] == ["When?", "Why?"]
    assert ticked_lines(ana) == ["When?"]


@pytest.mark.parametrize(
    ("text", "token", "said"),
    [
        (" ", True, "Write a few words first"),
        ("x" * 10_000, True, "You can use up to 300 characters"),
        ("When?", False, "Please press “Save” again"),
    ],
)
def test_an_invalid_edit_stays_in_its_field(ana, text, token, said):
    write(ana, "Why?")
    ana.open(f"{SHEET}/lines/{lines(ana)['Why?']}")
    address = f"{SHEET}/lines/{lines(ana)['Why?']}"
    ana.post(address, (ana.form() if token else {}) | {"text": text})

    assert ana.page.status_code == (422 if token else 400)
    assert said in ana.text
    assert typed(ana) == text
    assert [*lines(ana)] == ["Why?"]


def test_an_edit_of_a_removed_line_stays_in_the_field(ana):
    write(ana, "Why?")
    line = lines(ana)["Why?"]
    do(ana, "remove", line)
    do(ana, "remove", line)
    assert ana.open(f"{SHEET}/lines/{line}").status_code == 404
    ana.open(SHEET)
    ana.post(f"{SHEET}/lines/{line}", ana.form(text="When?"))

    assert ana.page.status_code == 404
    assert "no longer on your list" in ana.text
    assert typed(ana) == "When?"
    ana.post(f"{SHEET}/write", ana.form(text=typed(ana)))
    assert [*lines(ana)] == ["When?"]


def test_a_suggested_question_cannot_be_edited(ana):
    ana.take("lesson/what-is-all", right=False)
    ana.open(SHEET)
    add(ana, re.findall(r'name="objective" value="([^"]+)"', ana.html)[0])
    ((words, line),) = lines(ana).items()
    assert "Edit the question" not in ana.text
    assert ana.open(f"{SHEET}/lines/{line}").status_code == 404
    ana.open(SHEET)
    ana.post(f"{SHEET}/lines/{line}", ana.form(text="Mine"))

    assert ana.page.status_code == 404
    assert lines(ana) == {words: line}


# Others, and what was deleted


def test_another_learners_list_can_neither_be_seen_nor_changed(ana, ben):
    write(ana, *"abc")
    write(ben, "x", "y")
    hers, his = lines(ana), lines(ben)

    assert ben.open(f"{SHEET}/lines/{hers['a']}").status_code == 404
    ben.open(SHEET)
    ben.post(f"{SHEET}/lines/{hers['a']}", ben.form(text="mine now"))
    assert ben.page.status_code == 404
    for what, more in (
        ("tick", {"asked": "yes"}),
        ("move", {"top": "yes"}),
        ("move", {"above": his["x"]}),
        ("remove", {}),
    ):
        do(ben, what, hers["c"], **more)
        assert ben.page.status_code == 303
    do(ben, "move", his["y"], above=hers["a"])
    assert lines(ana) == hers
    assert ticked_lines(ana) == []
    assert lines(ben) == his
    assert "a" not in ben.open(f"{SHEET}/questions.txt").get_data(as_text=True).split()


@pytest.mark.parametrize("what", ["tick", "move", "remove"])
def test_requests_without_a_cookie_change_nothing(somebody_new, what):
    somebody_new.post(f"{SHEET}/lines/{uuid.uuid4()}/{what}", {})

    assert somebody_new.page.status_code == 400
    assert somebody_new.open(f"{SHEET}/lines/{uuid.uuid4()}").status_code == 404
    assert somebody_new.open(f"{SHEET}/lines/x/{what}").status_code == 404


def test_a_text_sent_after_deleting_the_account_is_shown_again_to_a_new_guest(ana, connection):
    write(ana, "Why?")
    account, cookie = ana.account, ana.browser.get_cookie("learn_all").value
    ana.open(SHEET)
    form = ana.form(text="When?")
    ana.open("/my-data/delete")
    ana.post("/my-data/delete", ana.form())
    ana.browser.set_cookie("learn_all", cookie)
    ana.post(f"{SHEET}/write", form)

    assert ana.page.status_code == 400
    assert typed(ana) == "When?"
    assert ana.account != account
    assert connection.scalar(select(func.count()).select_from(Account)) == 0
    ana.post(f"{SHEET}/write", ana.form(text=typed(ana)))
    assert [*lines(ana)] == ["When?"]
    assert connection.scalars(select(Account.id)).all() == [ana.account]
