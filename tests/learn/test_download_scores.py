"""A file of scores by person and question, which `learn analyse` takes as it is."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from learn.models import SharingTerms
from learn.results.learner_scores import distinct
from questions.analysis import analyze
from questions.grading import grade
from questions.model import Response
from tests.learn.edits import edited, without
from tests.learn.groups import MISSED, RIGHT, UNSURE
from tests.learn.results_pages import about, table

RED, LUNGS, PARTLY = "red-cells-job-rising", "red-cells-job-lungs-fine", "bone-marrow-describe"


def scores(kim, group, choice=""):
    page = kim.browser.get(f"/groups/{group.id}/scores.csv?{choice}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    return [*csv.reader(io.StringIO(page.data.decode("utf-8-sig")))]


def test_each_person_has_a_line_and_each_question_a_column(kim, group, content):
    partly = Response(chosen=content.bank.questions[PARTLY].right_response().chosen[1:])
    group.answer(group.join(nickname="Zoe"), {RED: RIGHT, PARTLY: partly})
    group.answer(ana := group.join(nickname="ana"), {LUNGS: UNSURE, RED: MISSED})
    group.answer(ana, {RED: RIGHT})  # not their first answer
    group.answer(group.join(nickname="Zoe"), {PARTLY: RIGHT})

    score = grade(content.bank.questions[PARTLY], partly).score
    head, first, *others = scores(kim, group)
    order = [q for q in content.bank.questions if q in (PARTLY, RED, LUNGS)]
    assert head == ["Person", *order]
    assert dict(zip(head, first, strict=True)) == {
        "Person": "ana",
        PARTLY: "",
        RED: "0.0",
        LUNGS: "0.0",
    }
    assert sorted(row[0] for row in others) == ["Zoe", "Zoe (2)"]
    found = [dict(zip(head, row, strict=True)) for row in others]
    assert sorted((row[PARTLY], row[RED], row[LUNGS]) for row in found) == sorted(
        [(str(score), "1.0", ""), ("1.0", "", "")]
    )


def test_only_people_who_agreed_to_show_single_answers_by_name_are_in_it(kim, group):
    group.answer(group.join(nickname="Agreed"), {RED: RIGHT})
    for terms in (SharingTerms.FIRST, SharingTerms.KEPT):
        group.answer(group.join(nickname=f"Under {terms}", terms=terms), {RED: RIGHT})
    for _ in range(12):
        group.answer(group.join("totals"), {RED: RIGHT})
    group.answer(left := group.join(nickname="Left"), {RED: RIGHT})
    group.leave(left)
    group.answer(group.join(nickname="Unfinished"), {RED: RIGHT}, finished=False)
    kim.open(f"/groups/{group.id}/questions")

    assert scores(kim, group) == [["Person", RED], ["Agreed", "1.0"]]
    assert "Scores by person and question" in kim.text


def test_an_answer_that_was_counted_in_totals_stays_without_a_name(kim, group, content):
    people = [group.join("totals") for _ in range(11)]
    for one in people:
        group.answer(one, {RED: RIGHT})
    kim.open(f"/groups/{group.id}")  # discloses the block
    since = group.now.replace(year=2026, month=11, day=1)
    group.join("named", people[0], "Now named", shares_from=since)

    assert scores(kim, group) == [["Person"]]


def test_without_anybody_who_agreed_the_page_has_no_link_to_it(kim, group):
    group.answer(group.join(terms=SharingTerms.FIRST), {RED: RIGHT})
    kim.open(f"/groups/{group.id}/questions")

    assert "Scores by person and question" not in kim.text
    assert scores(kim, group) == [["Person"]]


def test_filters_choose_what_is_in_it_and_the_link_keeps_them(kim, group, content):
    quiz = group.assign([RED])
    group.answer(ana := group.join(nickname="Ana"), {RED: RIGHT}, quiz=f"assignment/{quiz.hex}")
    group.answer(ana, {PARTLY: RIGHT})
    lesson = content.bank.objective_of(PARTLY).lesson

    assert scores(kim, group, f"assignment={quiz.hex}") == [["Person", RED], ["Ana", "1.0"]]
    assert scores(kim, group, f"lesson={lesson}")[0][1:] == [
        q for q in content.bank.questions if q in {PARTLY, RED} and _lesson(content, q) == lesson
    ]
    assert scores(kim, group, "from=2026-12-24") == [["Person"]]
    kim.open(f"/groups/{group.id}/questions?assignment={quiz.hex}")
    assert f"/groups/{group.id}/scores.csv?assignment={quiz.hex}" in kim.html


def _lesson(content, question):
    return content.bank.objective_of(question).lesson


def test_all_versions_of_a_question_and_one_that_left_are_a_column_each(app, kim, group, content):
    group.answer(group.join(nickname="Ana"), {RED: RIGHT, LUNGS: MISSED})
    question = replace(content.bank.questions[RED], stem="What is asked now?", version="1" * 12)
    app.extensions["learn.content"] = without(edited(content, question), LUNGS)
    group.answer(group.join(nickname="Bo"), {RED: MISSED}, versions={RED: question.version})

    assert scores(kim, group) == [
        ["Person", RED, LUNGS],
        ["Ana", "1.0", "0.0"],
        ["Bo", "0.0", ""],
    ]


def test_questions_for_practice_only_are_not_in_it(kim, group, content):
    counted = content.bank.counted
    practice = next(q.id for q in content.bank.questions.values() if q.objective not in counted)
    group.answer(group.join(nickname="Ana"), {RED: RIGHT, practice: RIGHT})

    assert scores(kim, group)[0] == ["Person", RED]


def test_learn_analyse_takes_it_as_it_is_and_finds_what_the_pages_show(
    kim, group, content, tmp_path
):
    asked = [q.id for o in content.bank.objectives.values() for q in o.questions[:1]][:6]
    quiz, columns = group.assign(asked), {q: [] for q in asked}
    rng = random.Random(4)  # noqa: S311 - always the same
    for number in range(31):
        skill = rng.random()
        given = {q: RIGHT if rng.random() < skill else UNSURE for q in asked}
        for q, how in given.items():
            columns[q].append(float(how == RIGHT))
        name = "=Ana; née 'Bo'" if number < 2 else f"Person {number}"
        group.answer(group.join(nickname=name), given, quiz=f"assignment/{quiz.hex}")
    choice = f"assignment={quiz.hex}"
    file = tmp_path / "scores.csv"
    file.write_bytes(kim.browser.get(f"/groups/{group.id}/scores.csv?{choice}").data)

    command = [sys.executable, "-m", "learn", "analyse", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    figures, expected = json.loads(done.stdout), analyze(columns)
    assert (figures["test"]["n"], figures["test"]["k"]) == (31, 6)
    assert figures["test"]["alpha"] == expected.test.alpha
    shown = about(kim, group, f"&{choice}")["Reliability (Cronbach’s alpha)"]
    assert float(shown) == figures["test"]["alpha"]
    for row in table(kim, group, "questions", f"&{choice}"):
        item = figures["items"][row["Question ID"]]
        assert float(row["Item discrimination"]) == item["discrimination"]
        assert float(row["Mean score"]) == item["facility"]


@pytest.mark.parametrize(
    ("nicknames", "names"),
    [
        (["Ana", "Ana", "Bo", "Ana"], ("Ana", "Ana (2)", "Bo", "Ana (3)")),
        (["Ana", "Ana", "Ana (2)"], ("Ana", "Ana (3)", "Ana (2)")),
        (["Ana (2)", "Ana", "Ana"], ("Ana (2)", "Ana", "Ana (3)")),
        ([], ()),
    ],
)
def test_no_two_people_have_the_same_name_in_a_file(nicknames, names):
    assert distinct(nicknames) == names
