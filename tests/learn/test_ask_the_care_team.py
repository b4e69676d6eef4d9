"""The list of questions for the care team: suggestions, and the list on paper."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import select, update

from learn.care_team import printing
from learn.care_team.queries import ListLine
from learn.models import Item
from tests.learn.care_list import SHEET, add, do, lines, write
from tests.learn.edits import without_objective

# Questions of ours


@pytest.mark.fast("care_team")
def test_a_missed_question_can_be_added_to_the_list(ana, content):
    ana.take("lesson/what-is-all", right=False)
    objectives = [*content.bank.of_lesson("what-is-all")]
    ana.open(SHEET)
    form = ana.form() | {"objective": [o.id for o in objectives]}
    for _ in range(2):
        ana.post("/care-team/add", form)
        assert ana.page.status_code == 303

    assert [*lines(ana)] == [o.ask_care_team for o in objectives]


def test_the_list_keeps_the_order_in_which_lines_were_added(ana, content):
    ana.take("lesson/what-is-all", right=False)
    chosen = [*content.bank.of_lesson("what-is-all")][::-1]
    add(ana, *[o.id for o in chosen])

    assert [*lines(ana)] == [o.ask_care_team for o in chosen]


def test_adding_an_unknown_question_changes_nothing(ana):
    ana.take("lesson/what-is-all", right=False)
    add(ana, "no-such", "")
    ana.open(SHEET)

    assert "Your list is empty" in ana.text


def test_without_a_valid_token_nothing_is_added(ana, content):
    ana.take("lesson/what-is-all", right=False)
    objective = content.bank.of_lesson("what-is-all")[0]
    ana.post("/care-team/add", {"objective": [objective.id]})

    assert ana.page.status_code == 400
    assert "This page was open for a long time" in ana.text
    assert lines(ana) == {}


def test_a_line_on_a_removed_objective_is_hidden_and_moves_still_work(ana, app, content):
    ana.take("lesson/what-is-all", right=False)
    objectives = [*content.bank.of_lesson("what-is-all")][:3]
    add(ana, *[o.id for o in objectives])
    app.extensions["learn.content"] = without_objective(content, objectives[1].id)
    first, last = (objectives[i].ask_care_team for i in (0, 2))

    assert [*lines(ana)] == [first, last]
    there = lines(ana)
    do(ana, "move", there[last], above=there[first])
    assert [*lines(ana)] == [last, first]
    assert objectives[1].ask_care_team not in ana.text
    assert ana.open("/progress").status_code == 200


# From the answers


def test_objectives_last_missed_or_unsure_are_suggested_until_added(ana, content):
    ana.take("lesson/what-is-all", right=False)
    objectives = {o.id: o.ask_care_team for o in content.bank.of_lesson("what-is-all")}
    offered = {o for o, ask in objectives.items() if ask in ana.open(SHEET).get_data(as_text=True)}
    assert offered == {*objectives}
    chosen = next(iter(objectives))
    add(ana, chosen)
    ana.open(SHEET)

    assert 'id="answers"' in ana.html
    assert f'value="{chosen}"' not in ana.html
    assert all(f'value="{o}"' in ana.html for o in offered - {chosen})


def test_objectives_answered_right_since_are_not_suggested(ana, clock):
    ana.take("lesson/what-is-all", right=False)
    clock.forward(hours=1)
    ana.take("lesson/what-is-all")
    ana.open(SHEET)

    assert "Based on your answers" not in ana.text


def test_a_right_answer_that_was_not_sure_is_suggested(ana):
    ana.open("/quizzes/lesson/what-is-all")
    objective = ana.question.objective
    ana.answer_right(sure="no")
    ana.go_on()
    ana.answer_right(sure="yes")
    ana.open(SHEET)

    assert re.findall(r'name="objective" value="([^"]+)"', ana.html) == [objective]


def test_five_suggestions_are_shown_and_the_rest_on_request(ana, connection):
    ana.take("topic/risk-factors", right=False)
    ana.open(SHEET)
    offered = re.findall(
        r'<button class="button button-secondary button-small" name="objective"', ana.html
    )
    before, _, after = ana.html.partition("more question")

    assert before.count('name="objective"') == 5 < len(offered)
    assert f"{len(offered) - 5} more question" in ana.text
    assert f"Add all {len(offered)}" in ana.text
    hidden = re.findall(r'<input type="hidden" name="objective" value="([^"]+)"', after)
    assert len(hidden) == len(offered)
    add(ana, *hidden)
    ana.open(SHEET)
    assert "Based on your answers" not in ana.text
    assert len(lines(ana)) == len(hidden)


def test_the_latest_suggestion_comes_first(ana, connection):
    ana.take("lesson/what-is-all", right=False)
    asked_last = connection.scalar(
        select(Item.objective_id).order_by(Item.position.desc()).limit(1)
    )
    connection.execute(update(Item).where(Item.position == 1).values(sure=False))
    ana.open(SHEET)

    assert re.findall(r'name="objective" value="([^"]+)"', ana.html)[0] == asked_last


def test_the_list_page_takes_few_statements(ana, statements):
    ana.take("topic/risk-factors", right=False)
    write(ana, "Why?")
    statements.clear()
    ana.open(SHEET)

    assert "Why?" in ana.text
    assert "Based on your answers" in ana.text
    assert len(statements) <= 2, statements


# Take along


def test_the_list_can_be_downloaded_as_text(ana):
    write(ana, "When?", "Why?", "Who?")
    do(ana, "tick", lines(ana)["When?"], asked="yes")
    page = ana.open(f"{SHEET}/questions.txt")
    text = "Questions for my care team\n\n1. Why?\n2. Who?\n\nAlready asked:\n- When?\n"

    assert page.get_data(as_text=True) == text
    assert page.content_type == "text/plain; charset=utf-8"
    assert page.headers["Content-Disposition"] == 'attachment; filename="questions.txt"'
    assert page.headers["Cache-Control"] == "no-store"
    ana.open(SHEET)
    assert f'readonly dir="auto">\n{text}</textarea>' in ana.html


def test_an_empty_list_downloads_as_text(somebody_new):
    page = somebody_new.open(f"{SHEET}/questions.txt")

    assert page.get_data(as_text=True) == "Questions for my care team\n"


def on_paper(*lengths: int) -> int:
    return printing.size(ListLine(uuid.uuid4(), None, "x" * n, ticked=False) for n in lengths)


def test_the_font_shrinks_before_the_list_needs_a_second_page():
    assert on_paper() == on_paper(60, 60) == 12
    sizes = [on_paper(*[98] * n) for n in range(1, 40)]

    assert sizes == sorted(sizes, reverse=True)
    assert {*sizes} == {12, 11, 10, 9, 8, 0}
    assert on_paper(*[98] * 12) >= 10
    assert on_paper(*[300] * 12) > 0
