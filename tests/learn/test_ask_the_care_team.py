"""Somebody collects questions for the care team."""

from __future__ import annotations

from tests.learn.edits import without_objective
from tests.learn.people import Person


def test_what_was_missed_can_be_taken_along(ana: Person, content):
    ana.take("lesson/what-is-all", right=False)
    ids = [o.id for o in content.bank.of_lesson("what-is-all")]
    form = ana.form() | {"objective": ids}
    ana.post("/care-team/add", form)
    ana.post("/care-team/add", form)
    ana.open("/care-team")

    for objective in content.bank.of_lesson("what-is-all"):
        assert ana.html.count(f"<div><p>{objective.ask_care_team}</p></div>") == 1


def test_a_question_can_be_taken_off_again(ana, content):
    ana.take("lesson/what-is-all", right=False)
    objective = content.bank.of_lesson("what-is-all")[0]
    form = ana.form() | {"objective": [objective.id]}
    ana.post("/care-team/add", form)
    for _ in range(2):
        ana.post("/care-team/remove", form)
        assert ana.page.status_code == 303
    ana.open("/care-team")

    assert objective.ask_care_team not in ana.text


def test_the_sheet_is_empty_at_first(ana):
    ana.open("/care-team")

    assert "Your list is empty for now" in ana.text


def test_a_question_that_is_not_there_changes_nothing(ana):
    ana.take("lesson/what-is-all", right=False)
    ana.post("/care-team/add", ana.form() | {"objective": ["no-such", ""]})
    ana.open("/care-team")

    assert "Your list is empty for now" in ana.text


def test_without_the_token_nothing_changes(ana, content):
    ana.take("lesson/what-is-all", right=False)
    objective = content.bank.of_lesson("what-is-all")[0]
    ana.post("/care-team/add", {"objective": [objective.id]})

    assert ana.page.status_code == 400
    assert "This page was open for a long time" in ana.text
    ana.open("/care-team")
    assert objective.ask_care_team not in ana.text


def test_nobody_sees_the_sheet_of_others(ana, ben, content):
    ana.take("lesson/what-is-all", right=False)
    objective = content.bank.of_lesson("what-is-all")[0]
    ana.post("/care-team/add", ana.form() | {"objective": [objective.id]})
    ben.take("lesson/what-is-all")
    ben.open("/care-team")

    assert objective.ask_care_team not in ben.text


def test_an_objective_that_left_the_bank_is_left_out(ana, app, content):
    ana.take("lesson/what-is-all", right=False)
    objective = content.bank.of_lesson("what-is-all")[0]
    ana.post("/care-team/add", ana.form() | {"objective": [objective.id]})
    app.extensions["learn.content"] = without_objective(content, objective.id)

    assert ana.open("/care-team").status_code == 200
    assert ana.open("/progress").status_code == 200
    assert objective.ask_care_team not in ana.text


def test_the_sheet_keeps_the_order_in_which_questions_were_added(ana, content):
    ana.take("lesson/what-is-all", right=False)
    chosen = [*content.bank.of_lesson("what-is-all")][::-1]
    ana.post("/care-team/add", ana.form() | {"objective": [o.id for o in chosen]})
    ana.open("/care-team")

    places = [ana.text.index(o.ask_care_team) for o in chosen]
    assert places == sorted(places)
