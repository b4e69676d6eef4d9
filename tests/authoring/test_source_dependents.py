"""`learn source check`: the content that a change affects, and its report as JSON."""

from __future__ import annotations

import json

import pytest

from learn.authoring.source_check import (
    Dependents,
    dependents,
    to_json,
)
from tests.authoring.source_edits import HEADINGS, check, edited
from tests.library.small import BANK, SECOND
from tests.second_document import TEXT

# what hangs on it


@pytest.mark.parametrize(
    ("facts", "lessons", "objectives", "questions"),
    [
        ([], (), (), ()),
        (["F1"], ("first", "second"), ("marrow",), ("where",)),
        (["F2"], ("first",), (), ()),
        (["F3"], ("second",), ("oxygen",), ("job",)),
        (["F4"], (), (), ()),
        (["A-bones"], ("first",), ("marrow",), ("where",)),
        (["F2", "F3"], ("first", "second"), ("oxygen",), ("job",)),
        (["F1", "F3"], ("first", "second"), ("marrow", "oxygen"), ("where", "job")),
        (["F99"], (), (), ()),
    ],
)
def test_exactly_these_lessons_objectives_and_questions_depend_on_facts(
    small, facts, lessons, objectives, questions
):
    assert dependents(small.content(), facts) == Dependents(lessons, objectives, questions)


def test_a_rationale_makes_its_question_and_objective_depend_on_its_fact(small):
    small.change(BANK, 'why = "It pumps."', 'why = "It pumps."\nfacts = ["F3"]')

    assert dependents(small.content(), ["F3"]) == Dependents(
        ("second",), ("marrow", "oxygen"), ("where", "job")
    )


def test_an_objective_depends_on_a_fact_that_no_question_asks(small):
    small.change(BANK, 'facts = ["F1"]\nask_care', 'facts = ["F1", "F2"]\nask_care')

    assert dependents(small.content(), ["F2"]) == Dependents(("first",), ("marrow",), ())


def test_a_picture_depends_on_its_facts(small):
    small.change(
        SECOND,
        "## What this means for you\n",
        "!figure marrow {F3}\n\n## What this means for you\n",
    )
    small.change(SECOND, "Red cells]] carry oxygen. {F3}", "Red cells]] are here. {us}")
    small.change("bank/jobs/oxygen.toml", 'facts = ["F3"]\nask_care', 'facts = ["us"]\nask_care')

    assert dependents(small.content(), ["F3"]).lessons == ("second",)


# for machines


def test_the_json_report_has_a_fixed_shape():
    checked = edited(
        ("early in the morning", "late in the morning"),
        ("Ask before you sit down beside somebody. ", ""),
        ("# What to Bring\n", "# What to Bring\n\nParking costs nothing.\n"),
    )
    hanging = Dependents(("a-lesson",), ("an-objective",), ("a-question", "another"))

    assert json.loads(json.dumps(to_json(checked, hanging, HEADINGS))) == {
        "sections": [
            {
                "id": "S2",
                "heading": "Watering the Beds",
                "changed": ["Water the beds late in the morning, while the soil is still cool."],
                "removed": [],
                "new": [],
            },
            {
                "id": "S3",
                "heading": "What to Bring",
                "changed": [],
                "removed": [],
                "new": ["Parking costs nothing."],
            },
            {
                "id": "S5",
                "heading": "Working Near Patients",
                "changed": [],
                "removed": [["F21"]],
                "new": [],
            },
        ],
        "facts": {"anchored": 25, "changed": ["F4"], "missing": ["F21"]},
        "new_sentences": 1,
        "lessons": ["a-lesson"],
        "points": [],
        "objectives": ["an-objective"],
        "questions": ["a-question", "another"],
    }


def test_the_json_report_without_changes_has_the_same_shape():
    assert to_json(check(TEXT), Dependents((), (), ()), HEADINGS) == {
        "sections": [],
        "facts": {"anchored": 27, "changed": [], "missing": []},
        "new_sentences": 0,
        "lessons": [],
        "points": [],
        "objectives": [],
        "questions": [],
    }
