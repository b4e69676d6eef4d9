"""The list of questions for the care team."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select, update

from learn.care_team import printing
from learn.care_team.actions import MAX_LINES
from learn.care_team.queries import ListLine
from learn.models import Account, CareLine, Item
from tests.learn.edits import without_objective
from tests.learn.people import Person

SHEET = "/care-team"
LINE = re.compile(
    r'<li id="line-([^"]+)".*?aria-pressed="(\w+)".*?<p dir="auto">(.*?)</p>', re.DOTALL
)


def lines(person: Person) -> dict[str, str]:
    """Return the ids of the lines by their words, in the order of the page."""
    person.open(SHEET)
    return {html.unescape(words): line for line, _, words in LINE.findall(person.html)}


def asked(person: Person) -> list[str]:
    """Return the words of the lines that are ticked."""
    person.open(SHEET)
    return [html.unescape(words) for _, on, words in LINE.findall(person.html) if on == "true"]


def write(person: Person, *questions: str) -> None:
    for question in questions:
        person.open(SHEET)
        person.post(f"{SHEET}/write", person.form(text=question))


def do(person: Person, what: str, line: str, **more: Any) -> None:
    person.open(SHEET)
    person.post(f"{SHEET}/lines/{line}/{what}", person.form(**more))


def add(person: Person, *objectives: str) -> None:
    person.open(SHEET)
    person.post(f"{SHEET}/add", person.form(objective=[*objectives]))


def typed(person: Person) -> str:
    """What stands in the box for a question of one's own."""
    match = re.search(r'<textarea id="text".*?>\n(.*?)</textarea>', person.html, re.DOTALL)
    assert match
    return html.unescape(match.group(1))


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


# Own questions


def test_a_new_visitor_can_add_a_question(somebody_new):
    assert "Your list is empty" in somebody_new.open(SHEET).get_data(as_text=True)
    write(somebody_new, "  Will I   lose\r\nmy hair? ")

    assert [*lines(somebody_new)] == ["Will I lose my hair?"]
    somebody_new.open("/my-data")
    assert "1 question you saved" in somebody_new.text
    assert "0 answers" in somebody_new.text
    somebody_new.take("lesson/what-is-all")
    assert "You’ve finished this quiz" in somebody_new.text


def test_viewing_the_list_stores_nothing(somebody_new, connection):
    somebody_new.open(SHEET)

    assert connection.scalar(select(func.count()).select_from(Account)) == 0


def test_a_new_line_is_shown_on_the_list(ana):
    write(ana, "Why?")

    assert ana.page.status_code == 303
    assert ana.page.headers["Location"] == f"{SHEET}#line-{lines(ana)['Why?']}"


def test_a_sample_question_is_added_with_one_click(somebody_new, content):
    ask = next(iter(content.lessons.values())).care_questions[0]
    somebody_new.open(SHEET)
    assert f'name="text" value="{html.escape(ask)}"' in somebody_new.html
    write(somebody_new, ask)

    assert [*lines(somebody_new)] == [ask]


@pytest.mark.parametrize(
    "text",
    [
        "متى يمكنني العودة إلى العمل؟",
        "何時出院？",
        "क्या मैं घर जा सकता हूँ?",
        "می‌خواهم بدانم",
        "<b>Is this & that “ok”?</b>",
        "'; DROP TABLE care_line; --",
        "👩‍👩‍👧 ?",
        "%(n)d {{ 7 * 7 }} %s",
        "x" * 300,
    ],
)
def test_any_text_is_stored_unchanged(ana, text):
    write(ana, text)

    assert [*lines(ana)] == [text]
    assert text in ana.open(f"{SHEET}/questions.txt").get_data(as_text=True)


def test_invisible_characters_are_removed(ana):
    write(ana, "\x00Is it\x07\x1b[31m far?\t\u2028Yes\x85no")

    assert [*lines(ana)] == ["Is it[31m far? Yes no"]


@pytest.mark.parametrize("text", ["", " \r\n\t ", "\x00\x01", "\u200b\u200d", "\u202e"])
def test_a_text_without_visible_characters_is_not_stored(ana, text):
    write(ana, text)

    assert ana.page.status_code == 422
    assert "Write a few words first." in ana.text
    assert lines(ana) == {}


@pytest.mark.parametrize("length", [301, 10_000])
def test_a_text_that_is_too_long_stays_in_its_field(ana, length):
    text = ("Why, and why now? " * length)[: length - 1] + "?"
    write(ana, text)

    assert ana.page.status_code == 422
    assert "You can use up to 300 characters." in ana.text
    assert "What you wrote is still here." in ana.text
    assert typed(ana) == text
    assert lines(ana) == {}


def test_a_text_with_an_expired_token_stays_in_its_field(ana):
    ana.open(SHEET)
    ana.post(f"{SHEET}/write", {"csrf_token": "old", "text": "Why?\r\nAnd when?"})

    assert ana.page.status_code == 400
    assert "Please press the button again." in ana.text
    assert typed(ana) == "Why?\nAnd when?"
    ana.post(f"{SHEET}/write", ana.form(text=typed(ana)))
    assert [*lines(ana)] == ["Why? And when?"]


def test_without_cookies_the_text_is_shown_again_with_an_error(app, content):
    nobody = Person(app, content)
    nobody.browser = app.test_client(use_cookies=False)
    for _ in range(2):
        nobody.post(f"{SHEET}/write", {"text": "Why?"})
        assert nobody.page.status_code == 400
        assert "your browser doesn’t accept cookies" in nobody.text
        assert typed(nobody) == "Why?"


def test_a_double_click_adds_one_line(ana):
    ana.open(SHEET)
    form = ana.form(text="Why?")
    for _ in range(3):
        assert ana.post(f"{SHEET}/write", form).status_code == 303

    assert [*lines(ana)] == ["Why?"]


def test_adding_an_asked_question_again_marks_it_as_not_asked(ana):
    write(ana, "Why?", "When?")
    line = lines(ana)["Why?"]
    do(ana, "tick", line, asked="yes")
    write(ana, "Why?")

    assert lines(ana) == {"Why?": line, "When?": lines(ana)["When?"]}
    assert asked(ana) == []


def test_a_full_list_accepts_no_line_and_loses_none(ana, connection, content):
    write(ana, "Question 0?")
    first = connection.execute(select(CareLine.__table__)).one()._asdict()
    connection.execute(
        CareLine.__table__.insert(),
        [
            first | {"id": uuid.uuid4(), "text": f"Question {n}?", "position": n + 1}
            for n in range(1, MAX_LINES)
        ],
    )
    write(ana, "One more?")
    assert ana.page.status_code == 422
    assert "It has room for 50 questions" in ana.text
    assert typed(ana) == "One more?"
    add(ana, next(iter(content.bank.objectives)))
    assert ana.page.status_code == 422
    assert "Not all of them were added" in ana.text
    write(ana, "Question 7?")  # which is there
    assert ana.page.status_code == 303
    assert [*lines(ana)] == [f"Question {n}?" for n in range(MAX_LINES)]


def test_of_several_lines_those_that_fit_are_added(ana, connection, content):
    write(ana, *[f"Question {n}?" for n in range(3)])
    first = connection.execute(select(CareLine.__table__).limit(1)).one()._asdict()
    connection.execute(
        CareLine.__table__.insert(),
        [
            first | {"id": uuid.uuid4(), "text": f"More {n}?", "position": n}
            for n in range(10, 10 + MAX_LINES - 4)
        ],
    )
    objectives = [*content.bank.objectives.values()][:2]
    add(ana, *[o.id for o in objectives])

    assert ana.page.status_code == 422
    assert [*lines(ana)][-1] == objectives[0].ask_care_team
    assert len(lines(ana)) == MAX_LINES


# Tick, move, change, take off


def test_a_line_is_marked_as_asked_and_unmarked(ana):
    write(ana, "Why?", "When?")
    line = lines(ana)["Why?"]
    for value, now in (("yes", ["Why?"]), ("yes", ["Why?"]), ("no", [])):
        do(ana, "tick", line, asked=value)
        assert ana.page.status_code == 303
        assert asked(ana) == now
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
    assert asked(ana) == []


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
    assert asked(ana) == ["When?"]


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
    assert asked(ana) == []
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
    return printing.size(ListLine(uuid.uuid4(), None, "x" * n, asked=False) for n in lengths)


def test_the_font_shrinks_before_the_list_needs_a_second_page():
    assert on_paper() == on_paper(60, 60) == 12
    sizes = [on_paper(*[98] * n) for n in range(1, 40)]

    assert sizes == sorted(sizes, reverse=True)
    assert {*sizes} == {12, 11, 10, 9, 8, 0}
    assert on_paper(*[98] * 12) >= 10
    assert on_paper(*[300] * 12) > 0
