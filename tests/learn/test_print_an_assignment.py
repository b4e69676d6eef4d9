"""An educator prints an assigned quiz and its key."""

from __future__ import annotations

import html
import uuid
from dataclasses import replace

import pytest
from markupsafe import escape

from learn.models import QuestionHold
from questions.kinds import Match
from tests.learn.classroom import ASSIGNMENTS, ask, lead
from tests.learn.conftest import DAWN
from tests.learn.edits import edited
from tests.learn.people import Person

LESSON = "what-is-all"
QUIZ = {"kind": "quiz", "about": "some", "lesson": [LESSON], "length": "5"}


@pytest.fixture
def eva(app, content):
    """An educator who leads the Tuesday class."""
    person = Person(app, content, uuid.UUID(int=0xE7A))
    lead(app, person)
    return person


def test_the_printed_quiz_and_its_key_have_the_same_questions_and_answers(eva, content):
    assignment = ask(eva, kind="quiz", about="all", length="20")
    here = f"{ASSIGNMENTS}/{assignment.id}"
    eva.open(f"{here}/quiz")
    quiz = eva.text
    eva.open(f"{here}/key")
    key = eva.text

    assert "Please don’t write your name. This isn’t for a grade." in quiz
    assert "Name (optional)" not in quiz
    asks = [content.bank.questions[name].stem for name in assignment.contents["questions"]]
    document = content.ledger.document
    for page in (quiz, key):
        assert f"based on the page “{document.title}” by {document.publisher}" in page
        assert "Not yet reviewed by a clinician." in page
        after = 0
        for ask_ in asks:  # some ask “Is he right?” about different cases
            after = page.index(_as_html(ask_), after) + 1
    for name in assignment.contents["questions"]:
        question = content.bank.questions[name]
        for part in question.parts:
            assert _as_html(part.text) in quiz
            assert _as_html(part.text.removesuffix(".")) in key  # where its answer follows
            assert _as_html(part.rationale) in key
            assert _as_html(part.rationale) not in quiz
        assert _as_html(content.bank.objectives[question.objective].to_teach) in key


def test_the_key_uses_the_letters_of_the_printed_quiz(eva, content):
    assignment = ask(eva, kind="quiz", about="all", length="20")
    pages = {}
    for what in ("quiz", "key"):
        eva.open(f"{ASSIGNMENTS}/{assignment.id}/{what}")
        pages[what] = [
            part.split("I’m not sure")[0] for part in eva.html.split('class="printed-question"')
        ][1:]
    checked = 0
    for name, quiz, key in zip(
        assignment.contents["questions"], pages["quiz"], pages["key"], strict=True
    ):
        question = content.bank.questions[name]
        for option in question.parts if question.counts_chosen else ():
            text = str(_as_html(option.text))
            (letter,) = {
                line.split("<b>")[1][0] for line in quiz.splitlines() if f"<span>{text}<" in line
            }
            (line,) = (
                row
                for row in key.splitlines()
                if f"<b>{letter}</b>" in row and row.startswith("<li")
            )
            assert text in line
            assert ('class="is-right"' in line) == option.right
            belief = {
                m.id: m.belief for m in content.bank.objectives[question.objective].misconceptions
            }
            if option.misconception in belief:
                within = belief[option.misconception].translate(str.maketrans("“”", "‘’"))
                assert f"“{_as_html(within)}" in line
            checked += 1
    assert checked > 20


def test_a_key_line_that_ends_with_a_period_has_no_second_period_before_its_answer(
    app, eva, content
):
    asking = {q.objective for q in content.bank.questions.values() if isinstance(q, Match)}
    objective = next(o for o in content.bank.counted if o in asking)  # all its questions fit
    assignment = ask(eva, kind="quiz", about="some", objective=[objective], length="20")
    questions = map(content.bank.questions.get, assignment.contents["questions"])
    matches = [q for q in questions if isinstance(q, Match)]
    changed = content
    for question in matches:
        rows = tuple(replace(r, text=f"{r.text.rstrip('.?')}.") for r in question.parts)
        changed = edited(changed, replace(question, parts=rows))
    app.extensions["learn.content"] = changed
    eva.open(f"{ASSIGNMENTS}/{assignment.id}/key")

    for question in matches:
        for row in question.parts:
            said = f"{row.text.rstrip('.?')}: {question.targets[row.target]}"
            assert said in html.unescape(eva.text)
    assert matches


def test_before_and_after_quizzes_print_as_two_sheets(eva):
    assignment = ask(eva, kind="before-after", about="all")
    eva.open(f"{ASSIGNMENTS}/{assignment.id}/quiz")

    assert eva.html.count('class="printed-quiz"') == 2
    assert eva.html.count('class="printed-question"') == 12


def test_assigned_lessons_have_no_printed_quiz(eva):
    assignment = ask(eva, kind="lessons", lesson=[LESSON])

    assert eva.open(f"{ASSIGNMENTS}/{assignment.id}/quiz").status_code == 404


def test_questions_removed_from_the_bank_are_not_printed(app, eva, connection):
    assignment = ask(eva, **QUIZ)
    connection.execute(_put_on_hold(assignment.contents["questions"][0]))
    app.extensions.pop("learn.available_content", None)
    eva.open(f"{ASSIGNMENTS}/{assignment.id}/quiz")

    assert eva.html.count('class="printed-question"') == 4
    eva.open(ASSIGNMENTS)
    assert "4 questions" in eva.text


def _put_on_hold(question):
    return QuestionHold.__table__.insert().values(question_id=question, fact="F1", since=DAWN)


def _as_html(text):
    return " ".join(str(escape(text)).split())
