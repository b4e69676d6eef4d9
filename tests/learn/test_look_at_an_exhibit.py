"""A question shows a report, a chart, a letter, dots, or a picture, wherever it is shown."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from learn.my_data.answers import in_words
from learn.my_data.queries import TableRows
from questions.versions import QuestionSnapshot
from tests.exhibits.files import EXHIBITS, LESSON, merged, write
from tests.learn.groups import BEGUN, MISSED, ClassOf
from tests.learn.people import text_of

MADE_UP = "Just an example, not real."
SAYS = {
    "lab": [
        "Lab report",
        "Neutrophils 0.6 thousand/µL low 1.8–7.7",
        "Hemoglobin 13.1 g/dL 12–16",
        "Glucose 210 mg/dL high below 140",
        f"{MADE_UP} Your lab’s ranges may differ.",
    ],
    "chart": ["Platelets (thousand/µL)", "March 9, 2026 95.5", MADE_UP],
    "letter": ["Dr. Lee says:", "“Your counts are back to normal.”", MADE_UP],
    "icons": ["3 of 20 people have it."],
    "figure": [
        "A bone with two numbers",
        "1 the outer layer",
        "2 the space inside",
        "What the picture shows",
        "Number 1 is on its shell",
    ],
    "options": [],
}
DRAWS = {
    "lab": ["<table", 'scope="row"'],
    "chart": ["<polyline", '<circle class="fig-head"'],
    "letter": ["<blockquote"],
    "icons": ['role="img" aria-label="3 of 20 dots are filled"', '<i class="is-filled">'],
    "figure": ['class="fig-bone"', 'data-place="2"'],
    "options": ['class="fig-red"', "<title>A spot</title>", "<desc>One round spot.</desc>"],
}

DESCRIPTIONS = {
    "lab": [
        "Neutrophils: 0.6 thousand per µL, low (range 1.8–7.7)",
        "Hemoglobin: 13.1 g per dL (range 12–16)",
        "Glucose: 210 mg per dL, high (range below 140)",
    ],
    "chart": [
        "March 2, 2026: 41 thousand per µL",
        "March 9, 2026: 95.5 thousand per µL",
        "March 23, 2026: 160 thousand per µL",
    ],
    "letter": ["Dr. Lee says:", "Your counts are back to normal."],
    "icons": ["3 of 20 people have it.", "3 of 20 dots are filled."],
    "figure": [
        "A bone, cut open. Number 1 is on its shell, number 2 in its middle.",
        "1: the outer layer",
        "2: the space inside",
    ],
}


@pytest.fixture
def shown(app, content, tmp_path):
    """All that is asked about the lesson shows something."""
    found = merged(content, write(tmp_path, content))
    app.extensions["learn.content"] = found
    return found


@pytest.fixture
def group(connection, shown):
    return ClassOf(connection, shown.bank)


def check(name: str, page: str, said: str) -> None:
    for words in SAYS[name]:
        assert words in html.unescape(said), words
    for drawing in DRAWS[name]:
        assert drawing in page, drawing
    if MADE_UP not in SAYS[name]:
        assert (MADE_UP in said) == (name == "lab")


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_is_on_the_question_and_on_its_feedback(app, ana, content, tmp_path, name):
    ana.content = app.extensions["learn.content"] = merged(content, write(tmp_path, content, name))
    ana.open(f"/quizzes/lesson/{LESSON}")

    check(name, ana.html, ana.text)
    ana.answer_wrong()
    assert "Not quite" in ana.text
    check(name, ana.html, ana.text)


@pytest.mark.parametrize("name", [*DESCRIPTIONS])
def test_an_exhibit_is_on_paper_and_on_pages_and_in_files_of_educators(kim, group, name):
    question = f"shows-{name}"
    zoe = group.join(nickname="Zoe")
    group.answer(zoe, {question: MISSED}, at=BEGUN + timedelta(days=1))
    task = group.assign([question, "shows-options"])
    here = f"/groups/{group.id}"

    for page in ("quiz", "preview"):
        kim.open(f"{here}/assignments/{task}/{page}")
        check(name, kim.html, kim.text)
        check("options", kim.html, kim.text.replace(MADE_UP, ""))
    kim.open(f"{here}/assignments/{task}/key")  # it lies beside the quiz, which has the exhibit
    assert not [words for words in SAYS[name] if words in html.unescape(kim.text)]
    check("options", kim.html, kim.text)
    kim.open(f"{here}/questions/{question}")
    check(name, kim.html, kim.text)
    kim.open(f"{here}/people")
    kim.open(re.search(rf'"({here}/people/[0-9a-f-]+)"', kim.html).group(1))
    (answered,) = re.findall(r"<dt>Nina looks at this.*?</dt>", kim.html)
    assert DESCRIPTIONS[name][0] in html.unescape(re.sub("<[^>]+>", "", answered))
    page = kim.browser.get(f"{here}/results.csv?table=questions")
    (row,) = csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")))
    assert row["Exhibit"].splitlines() == DESCRIPTIONS[name]


def test_a_picture_shown_twice_gets_unique_ids(kim, group):
    bones = ["shows-figure", "shows-options"]
    task = group.assign(bones)
    kim.open(f"/groups/{group.id}/assignments/{task}/quiz")

    assert 'id="bone-t-shows-figure"' in kim.html
    assert 'aria-labelledby="bone-t-shows-figure"' in kim.html
    assert 'id="bone-t"' not in kim.html
    kim.open(
        f"/groups/{group.id}/assignments/{task}/preview"
    )  # with the answers, and their pictures


def test_a_letter_exhibit_has_no_quotation_marks(app, ana, content, tmp_path):
    file = write(tmp_path, content, "letter")
    text = file.read_text(encoding="utf-8")
    written = text.replace("spoken = true\n", 'title = "From the clinic"\n')
    file.write_text(written, encoding="utf-8")
    app.extensions["learn.content"] = ana.content = merged(content, file)
    ana.open(f"/quizzes/lesson/{LESSON}")

    assert "From the clinic Your counts are back to normal. Sent by: Dr. Lee" in text_of(ana.page)


def test_the_data_copy_describes_an_exhibit_in_words(app, content, tmp_path):
    question = merged(content, write(tmp_path, content)).bank.questions["shows-letter"]
    columns = ("attempt_id", "position", "question_id", "version", "response", "score")
    response = question.right_response().to_json()
    items = TableRows("item", columns, (("a", 1, question.id, question.version, response, 1.0),))
    kept = {(question.id, question.version): QuestionSnapshot(question, {})}
    with app.test_request_context():
        found = in_words([items], kept)

    case = "Nina looks at this.\nDr. Lee says:\nYour counts are back to normal."
    assert found.rows == (("a", 1, case, "What does it show?", "What it says", "Right"),)


def test_each_exhibit_is_tested_in_each_place():
    assert {*SAYS} == {*DRAWS} == {*EXHIBITS} == {*DESCRIPTIONS, "options"}
