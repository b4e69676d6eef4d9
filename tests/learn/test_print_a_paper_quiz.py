"""An educator prints a quiz on paper, with a key, under a number of its own."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, select, update

from learn.editorial.actions import hold_questions
from learn.models import Assignment, Group, PaperQuestion, PaperSheet, PaperSitting
from learn.models.base import table_of
from learn.paper import actions
from questions.kinds import KINDS
from tests.learn.conftest import DAWN
from tests.learn.groups import ClassOf, sign_in_as_educator
from tests.learn.paper_quiz import PaperQuiz, letters_only, of_parts


@pytest.fixture
def quiz(kim, group, connection):
    return PaperQuiz(kim, group.id, connection)


def count(connection, model):
    return connection.scalar(select(func.count()).select_from(model))


@pytest.mark.fast("paper")
def test_a_paper_has_a_number_and_letters_but_no_name_and_no_key(quiz, group, content):
    question_ids = letters_only(content)[:3] + of_parts(content)[:1]
    quiz.make(f"assignment-{group.assign(question_ids).hex}")
    quiz.kim.open(f"{quiz.address}/quiz")
    paper = quiz.kim.text
    quiz.kim.open(f"{quiz.address}/key")
    key = quiz.kim.text

    assert [question.id for question, _ in quiz.questions] == question_ids
    assert 1000 <= quiz.number <= 9999
    assert f"Paper quiz {quiz.number}" in paper
    assert "Paper number (leave blank):" in paper
    assert "Please don’t write your name." in paper
    assert f"Paper quiz {quiz.number}" in key
    for question, shown in quiz.questions:
        rationale = question.parts[0].rationale.split()[0]
        assert rationale in key
        for entry in question.on_paper(shown):
            letter = f"{entry.letter} {entry.part.text}"
            assert letter in paper.replace("&#39;", "'")
    assert "Right:" not in paper
    for place in range(1, 5):
        assert f"{place} {quiz.key(place)}" in key


def test_a_printed_quiz_ends_with_what_cant_wait_and_that_it_is_no_advice(quiz, group, content):
    quiz.make(f"assignment-{group.assign(letters_only(content)[:2]).hex}")
    urgent = content.pages["home"].urgent_block
    for page in ("quiz", "key"):
        quiz.kim.open(f"{quiz.address}/{page}")
        assert ("not medical advice. Ask" in quiz.kim.html.split("</main>")[0]) == (page == "quiz")
        assert quiz.kim.html.count("data-sources") == 1, page
        assert content.ledger.document.publisher in quiz.kim.text
    quiz.kim.open(f"{quiz.address}/quiz")
    last = quiz.kim.html.split("</main>")[0].rsplit('<section class="card" data-safety>', 1)[1]
    assert urgent.heading in last
    assert "Call 911" in last
    assert "Call your care team now, day or night." in last
    assert "printed-question" not in last


def test_what_cant_be_answered_with_a_letter_is_left_out_and_said(quiz, group, content):
    by_kind = {
        kind: next(
            q.id for o in content.bank.counted.values() for q in o.questions if q.kind == kind
        )
        for kind in KINDS
    }
    fits = [q for q in by_kind.values() if content.bank.questions[q].counts_chosen]
    source = f"assignment-{group.assign([*by_kind.values()]).hex}"
    quiz.kim.open(quiz.here)
    assert "2 more can’t be printed." in quiz.kim.text
    quiz.make(source)

    assert [question.id for question, _ in quiz.questions] == fits
    for page in ("", "/quiz", "/key"):
        quiz.kim.open(quiz.address + page)
        assert "2 questions in this quiz aren’t on the printed quiz." in quiz.kim.text


def test_which_quiz_to_print_is_asked_first_and_one_that_was_opened_is_chosen(quiz, group, content):
    assignment = group.assign(letters_only(content)[:3])
    quiz.kim.open(quiz.here)
    page = quiz.kim.html.split("<h1>")[1]
    asked = page.index("Which quiz do you want to print?")
    assert asked < page.index("Afterward, enter their answers")
    quiz.kim.open(f"/groups/{group.id}/assignments/{assignment}/quiz")
    quiz.kim.open(re.search(rf'"({quiz.here}[^"]*)">Print it as', quiz.kim.html).group(1))
    assert f'value="assignment-{assignment.hex}" id="source" checked' in quiz.kim.html


def test_an_assignment_without_letters_is_not_offered(quiz, group, content):
    without = [
        q.id for o in content.bank.counted.values() for q in o.questions if not q.counts_chosen
    ]
    assignment = group.assign(without[:3])
    quiz.kim.open(quiz.here)
    assert assignment.hex not in quiz.kim.html
    quiz.kim.post(quiz.here, quiz.kim.form(source=f"assignment-{assignment.hex}"))

    assert quiz.kim.page.status_code == 422
    assert "Choose which quiz to print." in quiz.kim.text


def test_a_question_under_review_is_left_out_and_said(quiz, group, content, app):
    question_ids = letters_only(content)[:3]
    assignment = group.assign(question_ids)
    with app.extensions["learn.database"].transaction() as session:
        hold_questions(session, {question_ids[1]: ["F30"]}, DAWN)
    app.extensions.pop("learn.available_content", None)
    quiz.make(f"assignment-{assignment.hex}")

    assert [question.id for question, _ in quiz.questions] == [question_ids[0], question_ids[2]]
    assert "1 question in this quiz isn’t on the printed quiz." in open_text(quiz)


def open_text(quiz):
    quiz.kim.open(quiz.address)
    return quiz.kim.text


def test_before_and_after_are_two_papers(quiz, group, content, connection):
    first, second = letters_only(content)[:2]
    assignment = group.assign([first])
    connection.execute(
        update(table_of(Assignment))
        .where(table_of(Assignment).c.id == assignment)
        .values(kind="before-after", contents={"before": [first], "after": [second]})
    )
    for part, question_ids in (("before", first), ("after", second)):
        quiz.make(f"assignment-{assignment.hex}-{part}")
        assert [question.id for question, _ in quiz.questions] == [question_ids]
        assert f"({part})" in open_text(quiz)


def test_a_short_quiz_about_a_lesson_asks_what_counts(quiz, content):
    lesson = next(iter(content.counted_lessons))
    quiz.make(f"lesson-{lesson}")

    assert 1 <= len(quiz.questions) <= 6
    for question, _ in quiz.questions:
        objective = content.bank.objective_of(question.id)
        assert question.counts_chosen
        assert (objective.lesson, objective.practice_only) == (lesson, False)


def test_sending_the_form_twice_makes_one_sitting(quiz, content, connection):
    quiz.kim.open(quiz.here)
    form = quiz.kim.form(source=f"lesson-{next(iter(content.counted_lessons))}")
    first = quiz.kim.post(quiz.here, form).location
    again = quiz.kim.post(quiz.here, form).location

    assert first == again
    assert count(connection, PaperSitting) == 1


def test_two_sittings_never_share_a_number(quiz, group, connection, app, content):
    question_ids = (actions.PrintedVersion("a", "1", "0"),)
    with app.extensions["learn.database"].transaction() as session:
        for n, numbers in enumerate(([4711], [4711, 4711, 4712]), 1):
            new = actions.NewSitting(uuid.UUID(int=n), group.id, "Quiz", question_ids, 0)
            assert actions.create(session, new, numbers, group.now)

    found = connection.scalars(select(PaperSitting.number).order_by(PaperSitting.number))
    assert [*found] == [4711, 4712]


def test_the_most_sittings_of_a_group_are_said(quiz, content, monkeypatch):
    monkeypatch.setattr(actions, "MAX_SITTINGS", 1)
    source = f"lesson-{next(iter(content.counted_lessons))}"
    quiz.make(source)
    quiz.kim.open(quiz.here)
    quiz.kim.post(quiz.here, quiz.kim.form(source=source))

    assert quiz.kim.page.status_code == 422
    assert "Delete one that you don’t need anymore." in quiz.kim.text
    assert source in re.findall(r'value="([^"]+)"(?: id="source")? checked', quiz.kim.html)


def test_an_archived_group_prints_nothing_new(quiz, group, content, connection):
    quiz.kim.open(quiz.here)
    form = quiz.kim.form(source=f"lesson-{next(iter(content.counted_lessons))}")
    connection.execute(update(table_of(Group)).values(archived_at=group.now))
    assert quiz.kim.post(quiz.here, form).status_code == 422
    assert "Restore it in its settings first." in quiz.kim.text
    assert count(connection, PaperSitting) == 0


def test_deleting_a_sitting_asks_once_and_takes_its_papers(quiz, group, content, connection):
    quiz.make(f"assignment-{group.assign(letters_only(content)[:2]).hex}")
    quiz.save(quiz.right(), [quiz.other(1), ""])
    quiz.kim.open(f"{quiz.address}/delete")
    assert "2 papers that were entered are deleted." in quiz.kim.text
    assert count(connection, PaperSheet) == 2
    form = quiz.kim.form()
    for _ in range(2):  # a double tap
        assert quiz.kim.post(f"{quiz.address}/delete", form).status_code == 303
    quiz.kim.open(quiz.kim.page.location)

    assert "The paper quiz and its papers were deleted." in quiz.kim.text
    assert [count(connection, m) for m in (PaperSitting, PaperQuestion, PaperSheet)] == [0, 0, 0]


def test_deleting_a_group_takes_its_papers(quiz, group, content, connection):
    quiz.make(f"assignment-{group.assign(letters_only(content)[:2]).hex}")
    quiz.save(quiz.right())
    connection.execute(table_of(Group).delete().where(table_of(Group).c.id == group.id))

    assert [count(connection, m) for m in (PaperSitting, PaperQuestion, PaperSheet)] == [0, 0, 0]


def test_an_educator_of_another_group_finds_nothing(quiz, group, ben, content, connection):
    quiz.make(f"assignment-{group.assign(letters_only(content)[:2]).hex}")
    quiz.save(quiz.right())
    other = ClassOf(connection, content.bank, "Another class")
    lee = sign_in_as_educator(ben, other, "Lee")
    sitting = quiz.address.rsplit("/", 1)[1]
    pages = ("", "/quiz", "/key", "/papers", "/papers/1", "/papers/1/delete", "/delete")
    for page in (*pages, "/letters.csv", "/scores.csv", "/questions.csv"):
        for whose in (group.id, other.id):
            lee.open(f"/groups/{whose}/paper/{sitting}{page}")
            assert lee.page.status_code == 404, page
    lee.open(f"/groups/{other.id}/paper")
    form = lee.form()
    for page in ("/papers", "/papers/1", "/papers/1/delete", "/delete"):
        lee.post(f"/groups/{group.id}/paper/{sitting}{page}", form)
        assert lee.page.status_code == 404, page
        lee.post(f"/groups/{other.id}/paper/{sitting}{page}", form)
        assert lee.page.status_code in {303, 404}, page

    assert count(connection, PaperSheet) == 1
