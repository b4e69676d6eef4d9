"""An educator types in papers: a row a paper, a cell a question."""

from __future__ import annotations

import json
import re
import sys
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from learn.models import PaperSheet, PaperSitting, SignInSession
from learn.models.base import table_of
from learn.paper import letters
from learn.paper.forms import GridForm
from learn.paper.letters import CellProblem
from questions.model import Response
from tests.learn.paper_quiz import PaperQuiz, letters_only, of_parts
from tests.learn.people import text_of

SESSIONS = table_of(SignInSession)
SITTINGS = table_of(PaperSitting)


@pytest.fixture
def quiz(kim, group, connection, content):
    """A sitting of two questions with one letter, and one with several."""
    found = PaperQuiz(kim, group.id, connection)
    question_ids = letters_only(content)[:2] + of_parts(content)[:1]
    found.make(f"assignment-{group.assign(question_ids).hex}")
    return found


@pytest.mark.parametrize("write", ["{}", " {} ", "{},", "{}."])
def test_letters_are_read_however_they_are_typed(quiz, write):
    question, shown = quiz.questions[2]
    several = [e.letter for e in question.on_paper(shown)][:2]
    by_letter = letters.lettered(question, shown)
    wanted = {by_letter[letter] for letter in several}
    for between in ("", " ", ", ", "/", " and ", "; ", "+"):
        for typed in (between.join(several), between.join(several).lower()):
            cell = letters.read(write.format(typed), question, shown)
            assert cell.response, typed
            assert {*cell.response.chosen} == wanted


@pytest.mark.parametrize("typed", ["", " ", "-", "–", "—"])
def test_what_is_blank_was_not_answered(quiz, typed):
    cell = letters.read(typed, *quiz.questions[0])
    assert (cell.response, cell.problem) == (None, None)


def test_a_question_mark_is_not_sure(quiz):
    for typed in ("?", " ? ", "？"):
        assert letters.read(typed, *quiz.questions[0]).response == Response(unsure=True)


@pytest.mark.parametrize(
    "typed",
    ["Z", "1", "A Z", "A" * 10_000, "A\n" * 50, "é", "🙂", "<b>A</b>", ",", "\u202eA", "A-", "٣"],
)
def test_what_cant_be_read_is_said_and_never_guessed(quiz, typed):
    for question, shown in quiz.questions:
        cell = letters.read(typed, question, shown)
        assert (cell.response, cell.problem) == (None, CellProblem.UNKNOWN)


def test_several_letters_and_not_sure_with_letters_are_said(quiz):
    first, several = quiz.questions[0], quiz.questions[2]
    assert letters.read("A B", *first).problem is CellProblem.SEVERAL
    assert letters.read("A ?", *several).problem is CellProblem.BOTH
    assert letters.read("A A", *first).response


def test_a_response_is_written_as_it_is_typed(quiz):
    question, shown = quiz.questions[2]
    for typed in ("A", "A B", "B C", "?", ""):
        cell = letters.read(typed, question, shown)
        assert letters.written(cell.response, question, shown) == typed


def test_papers_are_saved_with_numbers_and_empty_rows_are_not(quiz):
    text = quiz.save(quiz.right(), ["", "", ""], [quiz.other(1), "?", ""], ["–", "", ""])

    assert "Papers 1 to 3 are saved." in text
    first, second, third = quiz.stored()
    assert [first[0], second[0], third[0]] == [1, 2, 3]
    for place, (question, _) in enumerate(quiz.questions, 1):
        given = Response.from_json(first[1][str(place)])
        assert {*given.chosen} == {*question.right_response().chosen}
    assert second[1]["2"] == {"unsure": True}
    assert {*second[1]} == {"1", "2"}
    assert third[1] == {}  # a blank paper is a paper


def test_the_next_page_goes_on_with_the_next_numbers(quiz):
    quiz.save(quiz.right())
    text = quiz.save([quiz.other(1), "", ""], ["", quiz.other(2), ""])

    assert "Papers 2 to 3 are saved." in text
    assert [number for number, _ in quiz.stored()] == [1, 2, 3]


def test_a_cell_that_cant_be_read_keeps_the_page_and_saves_nothing(quiz):
    quiz.open_grid()
    first, _ = quiz.questions[0]
    status = quiz.send(quiz.right(), ["Z", quiz.key(2), "a ?"], ["A B", "", ""])

    assert status == 422
    assert quiz.stored() == []
    last = "ABCDEF"[len(first.parts) - 1]
    assert f"Question 1 only has choices A to {last}." in quiz.kim.text
    assert "Question 1 takes one letter." in quiz.kim.text
    assert "Type letters or a ?, not both." in quiz.kim.text
    assert "Please fix 3 boxes. The note next to each says what you can type." in quiz.kim.text
    assert [quiz.cell(n) for n in ("2-1", "2-2", "2-3", "3-1")] == ["Z", quiz.key(2), "a ?", "A B"]
    assert quiz.kim.html.count('aria-invalid="true"') == 3
    for name in re.findall(r'aria-describedby="([^"]+)"', quiz.kim.html):
        assert f'id="{name}"' in quiz.kim.html

    assert quiz.send(quiz.right(), [quiz.key(1), "", ""], ["", "", "A"]) == 303
    assert len(quiz.stored()) == 3


@pytest.mark.parametrize(
    "typed", ["A" * 10_000, "A\x00B", "\x00", "<script>", "'; DROP TABLE paper"]
)
def test_nothing_typed_is_lost_whatever_it_is(quiz, typed):
    quiz.open_grid()
    status = quiz.send(quiz.right(), [typed, "", ""])

    assert status in {303, 422}
    if status == 422:
        assert "<script>" not in quiz.kim.html.split('id="papers"')[1]
        kept = quiz.cell("2-1").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'")
        assert kept == typed.replace("\x00", "")
        assert quiz.stored() == []


def test_check_looks_and_saves_nothing(quiz):
    quiz.open_grid()
    assert quiz.send(quiz.right(), check="1") == 200
    assert "1 paper looks fine. It isn’t saved yet." in quiz.kim.text
    assert quiz.cell("1-1") == quiz.key(1)
    assert quiz.stored() == []
    assert quiz.send(["Z", "", ""], check="1") == 422


def test_the_same_letters_are_noted_before_and_after_saving_and_nothing_is_refused(quiz):
    other = [quiz.other(1), "", ""]
    quiz.save(quiz.right(), other, ["", "?", ""])
    quiz.open_grid()
    rows = quiz.right(), ["?", "", ""], [""] * 3, ["?", "", ""], ["–", "", ""], ["", "–", ""]
    assert quiz.send(*rows, check="1") == 200
    assert "Rows 2 and 4 are the same. Did you enter one paper twice?" in quiz.kim.text
    assert "Row 1 has the same letters as paper 1. Did you enter it before?" in quiz.kim.text
    assert quiz.kim.text.count("the same") == 2, "blank papers say nothing"
    assert quiz.send(*rows) == 303
    quiz.kim.open(quiz.kim.page.location)
    assert (
        "Papers 1 and 4 have the same letters. Papers 5 and 6 have the same letters."
        in quiz.kim.text
    )
    quiz.kim.open(quiz.address)
    assert "have the same letters" not in quiz.kim.text, "said once, after saving"
    text = quiz.save([quiz.key(1), "", "?"])
    assert "have the same letters" not in text


def test_the_number_of_a_paper_is_said_to_be_written_on_the_sheet(quiz):
    quiz.open_grid()
    assert "Once they’re saved, you’ll see which number to write on each." in quiz.kim.text
    text = quiz.save(quiz.right(), ["?", "", ""])
    assert "Papers 1 to 2 are saved. Write these numbers on the sheets, in the order of" in text
    assert "Paper 3 is saved. Write this number on the sheet." in quiz.save(["", "?", ""])


def test_the_rule_says_which_questions_take_several_letters(quiz, group, content):
    several, one = of_parts(content)[:2], letters_only(content)[:2]
    for question_ids, words in [
        (one, "Each question takes one letter. If two letters are marked"),
        (
            [one[0], several[0], one[1], several[1]],
            "Questions 2 and 4 take several letters, like B C.",
        ),
        ([one[0], several[0]], "Question 2 takes several letters, like B C. Each other"),
        (several, "Every question takes several letters, like B C."),
    ]:
        quiz.make(f"assignment-{group.assign(question_ids).hex}")
        quiz.open_grid()
        assert words in quiz.kim.text
        assert ("only one is allowed" in quiz.kim.text) == (question_ids != several)


def test_a_draft_gets_as_many_rows_as_it_had(quiz):
    for rows, shown in [("25", 25), ("3", 10), ("9999", 100), ("-1", 10), ("x", 10)]:
        quiz.kim.open(f"{quiz.address}/papers?form={uuid.uuid4().hex}&rows={rows}")
        assert quiz.kim.html.count("<legend>Row ") == shown


def test_enter_checks_and_does_not_save(quiz):
    """Browsers press the first button."""
    quiz.save(quiz.right(), ["?", "", ""])
    quiz.open_grid()
    for _ in range(2):  # on a page with papers that look like others, too
        form = quiz.kim.html.split('<form method="post" id="papers"')[1]
        assert 'name="check"' in re.findall(r"<button[^>]*>", form)[0]
        assert 'form="papers"' not in quiz.kim.html
        quiz.send(quiz.right(), ["?", "", ""])
    assert "Save them anyway" in quiz.kim.html


def test_more_rows_keep_what_was_typed(quiz):
    quiz.open_grid()
    assert quiz.send(quiz.right(), ["Z", "", ""], more="1") == 200
    assert [quiz.cell("1-1"), quiz.cell("2-1"), quiz.cell("20-3")] == [quiz.key(1), "Z", ""]
    for _ in range(12):
        quiz.send(quiz.right(), more="1")
    assert quiz.cell("100-1") == ""
    assert '-101-1"' not in quiz.kim.html
    assert 'name="more"' not in quiz.kim.html
    assert "One page takes up to 100 papers." in quiz.kim.text


def test_an_empty_page_says_what_to_do(quiz):
    quiz.open_grid()
    assert quiz.send() == 422
    assert "All rows are empty." in quiz.kim.text
    quiz.open_grid()
    assert quiz.post({"csrf_token": quiz.kim.hidden("csrf_token")}) == 422


def test_a_page_that_was_open_too_long_keeps_what_was_typed(quiz):
    quiz.open_grid()
    assert quiz.send(quiz.right(), csrf_token="old") == 400
    assert "press the button again" in quiz.kim.text
    assert quiz.cell("1-1") == quiz.key(1)
    assert quiz.send(quiz.right()) == 303


def test_500_rows_say_how_many_fit_and_stay(quiz):
    quiz.open_grid()
    status = quiz.send(*([quiz.key(1), "", ""] for _ in range(500)))

    assert status == 422
    assert "One page takes up to 100 papers, and this one has 500." in quiz.kim.text
    assert quiz.cell("500-1") == quiz.key(1)
    assert quiz.stored() == []


def test_a_row_far_away_does_not_make_a_thousand_others(quiz):
    quiz.open_grid()
    assert quiz.send(["Z"], **{"9999-1": "Z", "1-99": "A", "99999-1": "A", "x-y": "A"}) == 422
    assert quiz.kim.html.count("<fieldset") == 11


def test_a_full_page_comes_back_whole_after_signing_out_elsewhere(quiz, connection):
    quiz.open_grid()
    form = quiz.kim.form() | quiz.fields(*([[quiz.key(1), "?", ""]] * 100))
    connection.execute(delete(SESSIONS))

    assert quiz.post(form) == 403
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', quiz.kim.html))
    kept = {name: value for name, value in form.items() if name != "csrf_token"}
    assert kept.items() <= hidden.items()
    assert len(kept) > 300


def test_thousands_of_rows_come_back_as_some_hundreds(quiz):
    quiz.open_grid()
    rows = {f"{n}-1": "Z" for n in range(1, 3001)}
    form = quiz.kim.form() | rows

    assert quiz.post(form) == 422
    assert quiz.kim.html.count("<fieldset") == 500
    quiz.kim.post(f"{quiz.here}/{uuid.uuid4()}/papers", form)
    assert quiz.kim.html.count("<li>Z</li>") == 500


def test_rows_of_a_quiz_that_is_gone_are_read_in_one_pass(app, monkeypatch):
    monkeypatch.setattr("learn.paper.forms._MOST_READ", 10_000)

    def events(rows):
        fields = {f"{n}-{place}": "Z" for n in range(1, rows + 1) for place in (1, 2)}
        count = 0

        def traced(*_):
            nonlocal count
            count += 1
            return traced

        with app.test_request_context(method="POST", data=fields):
            form = GridForm()
            sys.settrace(traced)
            try:
                assert len(form.as_sent) == rows
            finally:
                sys.settrace(None)
        return count

    assert events(1000) < 15 * events(100)


def test_a_full_sitting_says_how_many_fit(quiz, monkeypatch):
    monkeypatch.setattr("learn.paper.actions.MAX_PAPERS", 3)
    quiz.save(quiz.right(), [quiz.other(1), "", ""])
    quiz.open_grid()
    status = quiz.send(["", "?", ""], ["?", "", ""])

    assert status == 409
    assert "There’s room for 1 more, and you entered 2." in quiz.kim.text
    assert quiz.cell("1-2") == "?"
    assert len(quiz.stored()) == 2


def test_a_form_sent_twice_saves_once(quiz):
    quiz.open_grid()
    form = quiz.kim.form(**quiz.fields(quiz.right(), [quiz.other(1), "", ""]))
    assert quiz.post(form) == 303
    first = quiz.kim.page.location
    assert quiz.post(form) == 303  # a double tap, or Back and Save

    assert quiz.kim.page.location == first
    assert len(quiz.stored()) == 2


def test_a_form_sent_again_with_more_in_it_says_so_and_saves_only_on_request(quiz):
    quiz.open_grid()
    form = quiz.kim.form(**quiz.fields(quiz.right(), [quiz.other(1), "", ""]))
    assert quiz.post(form) == 303
    more = form | {"2-1": quiz.key(1), "3-1": "?"}
    assert quiz.post(more) == 409

    assert "This page was saved before, as papers 1 to 2." in quiz.kim.text
    assert len(quiz.stored()) == 2
    assert '-1-1"' not in quiz.kim.html  # the same as saved
    assert [quiz.cell("2-1"), quiz.cell("3-1")] == [quiz.key(1), "?"]
    again = quiz.kim.form() | {"2-1": quiz.key(1), "3-1": "?"}
    assert again["new_id"] != form["new_id"]
    assert quiz.post(again) == 303
    assert len(quiz.stored()) == 4


def test_papers_typed_in_twice_are_noticed(quiz, clock):
    rows = [quiz.right(), [quiz.other(1), "?", ""], ["", quiz.other(2), ""]]
    quiz.save(*rows)
    clock.forward(days=3)
    quiz.open_grid()
    assert quiz.send(*rows) == 409

    assert "These look like the papers you entered on " in quiz.kim.text
    assert "They have the same answers as papers 1 to 3." in quiz.kim.text
    assert len(quiz.stored()) == 3
    assert quiz.cell("2-1") == quiz.other(1)
    assert quiz.send(*rows, anyway="1") == 303
    assert [number for number, _ in quiz.stored()] == [1, 2, 3, 4, 5, 6]


def test_papers_in_another_order_and_with_others_are_noticed_too(quiz):
    one, two, three = quiz.right(), [quiz.other(1), "?", ""], ["", quiz.other(2), ""]
    quiz.save(one, two, three)
    for rows in ([three, one, two], [["?", "", ""], one, two, three], [two, three]):
        quiz.open_grid()
        assert quiz.send(*rows) == 409, rows
    quiz.open_grid()
    assert quiz.send(two, ["?", "?", ""]) == 303  # one alike is just somebody else


def test_a_single_paper_is_compared_with_the_last_one_only(quiz):
    quiz.save(quiz.right(), ["?", "", ""])
    quiz.save(quiz.right())
    quiz.open_grid()
    assert quiz.send(quiz.right()) == 409
    assert "It has the same answers as paper 3." in quiz.kim.text
    quiz.save([quiz.other(1), "", ""])
    quiz.save(quiz.right())
    assert len(quiz.stored()) == 5


def test_back_leads_to_the_same_form_until_it_is_saved(quiz):
    quiz.open_grid()
    here = quiz.kim.page.request.full_path
    form = quiz.kim.form() | {"csrf_token": ""}
    assert f"form={form['new_id']}" in here
    quiz.kim.open(here)
    assert quiz.kim.form() | {"csrf_token": ""} == form
    assert quiz.send(quiz.right()) == 303
    quiz.kim.open(here)
    assert quiz.kim.form()["new_id"] != form["new_id"]
    quiz.kim.open(f"{quiz.address}/papers?form=nope")
    assert quiz.kim.page.status_code == 200


def test_the_same_papers_in_another_sitting_of_the_quiz_are_noticed(quiz, group, content):
    rows = [quiz.right(), [quiz.other(1), "?", ""]]
    source = re.findall(r'value="(assignment-\w+)"', opened(quiz, quiz.here))[0]
    quiz.save(*rows)
    first = quiz.number
    quiz.make(source)
    quiz.open_grid()

    assert quiz.send(*rows) == 409
    assert f"as papers 1 to 2 of paper quiz {first}." in quiz.kim.text


def opened(quiz, address):
    quiz.kim.open(address)
    return quiz.kim.html


def test_a_paper_can_be_changed(quiz):
    quiz.save(quiz.right(), [quiz.other(1), "", ""])
    quiz.kim.open(f"{quiz.address}/papers/2")
    assert quiz.cell("1-1") == quiz.other(1)
    form = quiz.kim.form(**quiz.fields([quiz.key(1), "?", ""]))
    for _ in range(2):  # a double tap
        assert quiz.kim.post(f"{quiz.address}/papers/2", form).status_code == 303
    quiz.kim.open(quiz.kim.page.location)

    assert "Paper 2 was updated." in quiz.kim.text
    assert quiz.stored()[1][1]["2"] == {"unsure": True}
    assert quiz.stored()[0][1] == {
        str(n): q.right_response().to_json() for n, (q, _) in enumerate(quiz.questions, 1)
    }


def test_a_change_that_cant_be_read_is_kept_on_the_page(quiz):
    quiz.save(quiz.right())
    quiz.kim.open(f"{quiz.address}/papers/1")
    form = quiz.kim.form(**quiz.fields(["Z", quiz.key(2), ""]))
    assert quiz.kim.post(f"{quiz.address}/papers/1", form).status_code == 422
    assert quiz.cell("1-1") == "Z"
    assert quiz.kim.post(f"{quiz.address}/papers/1", form | {"csrf_token": "x"}).status_code == 400
    assert len(quiz.stored()[0][1]) == 3


def test_a_change_over_somebody_elses_is_asked_about(quiz):
    quiz.save(quiz.right())
    here = f"{quiz.address}/papers/1"
    quiz.kim.open(here)
    mine = quiz.kim.form(**quiz.fields(["?", "", ""]))
    theirs = quiz.kim.form(**quiz.fields(["", "?", ""]))
    assert quiz.kim.post(here, theirs).status_code == 303
    assert quiz.kim.post(here, mine).status_code == 409

    assert "Someone else changed this paper after you opened it." in quiz.kim.text
    assert quiz.cell("1-1") == "?"
    assert quiz.stored()[0][1] == {"2": {"unsure": True}}
    assert quiz.kim.post(here, quiz.kim.form(**quiz.fields(["?", "", ""]))).status_code == 303
    assert quiz.stored()[0][1] == {"1": {"unsure": True}}


def test_deleting_a_paper_asks_once_and_its_number_stays_free(quiz):
    quiz.save(quiz.right(), ["?", "", ""])
    quiz.kim.open(f"{quiz.address}/papers/2/delete")
    assert "Delete paper 2?" in quiz.kim.text
    assert len(quiz.stored()) == 2
    form = quiz.kim.form()
    for _ in range(2):
        assert quiz.kim.post(f"{quiz.address}/papers/2/delete", form).status_code == 303
    quiz.save([quiz.other(1), "", ""])

    assert [number for number, _ in quiz.stored()] == [1, 3]


def test_what_was_typed_for_a_deleted_sitting_is_given_back(quiz, connection):
    quiz.save(quiz.right())
    quiz.open_grid()
    form = quiz.kim.form(**quiz.fields(quiz.right(), ["", "?", ""]))
    change = quiz.kim.form(**quiz.fields(["?", "", ""]))
    connection.execute(PaperSheet.__table__.delete())
    quiz.kim.post(f"{quiz.address}/papers/1", change)
    assert quiz.kim.page.status_code == 404
    assert "Someone deleted this paper" in quiz.kim.text
    connection.execute(SITTINGS.delete())

    assert quiz.post(form) == 404
    assert "Someone deleted this paper quiz, so these papers aren’t saved." in quiz.kim.text
    assert f"<li>{' | '.join(quiz_row(form, 1))}" in quiz.kim.html
    assert "<li> | ?</li>" in quiz.kim.html


def quiz_row(form, line):
    return [form[f"{line}-{place}"] for place in (1, 2, 3)]


@pytest.mark.parametrize("number", ["0", "99999", "100000", "9" * 30, "-1", "x"])
def test_a_paper_that_isnt_there_is_not_found(quiz, number):
    quiz.save(quiz.right())
    for page in ("", "/delete"):
        quiz.kim.open(f"{quiz.address}/papers/{number}{page}")
        assert quiz.kim.page.status_code == 404


@pytest.mark.parametrize(
    "query", ["saved=0-0", "saved=x", "saved=9999999-1", "changed=²", "done=x"]
)
def test_an_address_that_was_changed_by_hand_says_nothing_was_saved(quiz, query):
    quiz.kim.open(f"{quiz.address}?{query}")
    assert quiz.kim.page.status_code == 200
    assert 'class="feedback' not in quiz.kim.html


def test_nothing_of_a_paper_leads_to_an_account(quiz, connection):
    quiz.save(quiz.right())
    for model in (PaperSitting, PaperSheet):
        for row in connection.execute(select(model.__table__)).mappings():
            assert not {"account_id", "educator", "nickname"} & {*row}
            assert quiz.kim.account.hex not in json.dumps(row, default=str).replace("-", "")


def test_a_time_is_that_of_the_site(quiz, connection, clock):
    clock.forward(days=1)
    quiz.save(quiz.right())
    (typed_at,) = connection.scalars(select(PaperSheet.typed_at))
    assert clock() - typed_at < timedelta(minutes=1)
    connection.execute(update(SITTINGS).values(last_paper=7))
    quiz.save(["?", "", ""])
    assert quiz.stored()[-1][0] == 8


def test_the_page_says_what_was_saved(quiz):
    quiz.open_grid()
    quiz.send(quiz.right())
    page = quiz.kim.browser.get(quiz.kim.page.location)
    assert "Paper 1 is saved." in text_of(page)
