"""What rows rest on never changes: versions, shown orders, field names, and grades.

`golden/` has a copy of some questions, and what was recorded for them once. Rows in every database
were written with these values, so a difference is a mistake in the code, not in the record.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from questions.bank import load_bank
from questions.exhibits import EXHIBITS
from questions.grading import error_in, grade
from questions.kinds import KINDS
from questions.model import Response
from questions.selection import pack, shown_order

FOLDER = Path(__file__).parent / "golden"
GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
BANK = load_bank(FOLDER / "bank")


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same every time


def test_the_golden_bank_has_every_kind_of_question_and_exhibit():
    assert {*BANK.questions} == {*GOLDEN}
    assert {q.kind for q in BANK.questions.values()} == {*KINDS}
    shown = {q.exhibit.kind for q in BANK.questions.values() if q.exhibit}
    assert shown == {*EXHIBITS}


@pytest.mark.parametrize("name", GOLDEN)
def test_versions_orders_and_field_names_match_the_golden_files(name):
    question, recorded = BANK.questions[name], GOLDEN[name]

    assert question.version == recorded["version"]
    shown = [pack(question, shown_order(question, seeded(seed))) for seed in range(4)]
    assert shown == recorded["shown"]
    fields = {question.field_name(part.id) for part in question.parts} | {"answer"}
    assert sorted(fields) == recorded["fields"]


@pytest.mark.parametrize("name", GOLDEN)
def test_errors_and_grades_match_the_golden_files(name):
    question = BANK.questions[name]
    for recorded in GOLDEN[name]["responses"]:
        response = Response.from_json(recorded["response"])
        error = error_in(question, response)

        assert error == recorded["error"]
        if error is None:
            graded = grade(question, response)
            parts = [[p.part, p.right, p.misconception] for p in graded.parts]
            assert [graded.score, graded.unsure, parts] == recorded["grade"]


@pytest.mark.parametrize("question", BANK.questions.values(), ids=lambda q: q.id)
def test_the_key_is_right_and_a_near_miss_is_not(question):
    assert grade(question, question.right_response()).right
    for seed in range(5):
        missed = question.near_miss(lambda ideas: len(ideas) - 1, seeded(seed))
        assert error_in(question, missed) is None
        assert not grade(question, missed).right
