"""Questions for the care team in my own words."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from sqlalchemy import func, select

from learn.care_team.actions import MAX_LINES
from learn.models import Account, CareLine
from tests.learn.care_list import SHEET, add, do, lines, ticked_lines, typed, write
from tests.learn.people import Person


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
    assert ticked_lines(ana) == []


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


def test_a_list_of_several_devices_is_shown_in_parts_and_loses_none(ana, connection):
    """Lists come together when guests sign in. Fifty guests can't make a page that never opens."""
    write(ana, "Question 0?")
    first = connection.execute(select(CareLine.__table__)).one()._asdict()
    own = {n: uuid.UUID(int=n) for n in range(1, 2 * MAX_LINES + 1)}
    connection.execute(
        CareLine.__table__.insert(),
        [
            first | {"id": line, "text": f"Question {n}?", "position": n + 1}
            for n, line in own.items()
        ],
    )
    seen = {}
    for after in ("", f"?after={MAX_LINES}", f"?after={2 * MAX_LINES}", "?after=-1", "?after=999"):
        ana.open(SHEET + after)
        seen[after] = [int(n) for n in re.findall(r'<p dir="auto">Question (\d+)\?', ana.html)]

    assert seen[""] == seen["?after=-1"] == [*range(MAX_LINES)]
    assert seen[f"?after={MAX_LINES}"] == [*range(MAX_LINES, 2 * MAX_LINES)]
    assert seen[f"?after={2 * MAX_LINES}"] == seen["?after=999"] == [2 * MAX_LINES]
    assert "Questions 51 to 100" in ana.text
    assert f'<a href="{SHEET}?after=50"' in ana.html
    text = ana.browser.get(f"{SHEET}/questions.txt").get_data(as_text=True)
    assert text.count("Question ") == 2 * MAX_LINES + 1

    do(ana, "move", own[MAX_LINES], top="yes")
    assert next(iter(lines(ana))) == f"Question {MAX_LINES}?"
    do(ana, "tick", own[2 * MAX_LINES], asked="yes")
    ana.open(ana.page.location)
    assert f"Question {2 * MAX_LINES}?" in ana.text, "back to the part with that line"


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
