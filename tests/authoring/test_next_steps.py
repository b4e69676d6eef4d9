"""Errors of a content folder, in the order of its author's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from learn.authoring.next_steps import AuthoringStep, left_to_do
from questions.reading import ContentError

BANK = 'id = "cuts"\nyou_can = ""\n\n[[question]]\nid = "cuts-first"\nask = ""\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    course = tmp_path / "course"
    (course / "bank/skin").mkdir(parents=True)
    (course / "bank/skin/cuts.toml").write_text(BANK)
    return course


@pytest.mark.parametrize(
    ("file", "line", "message", "step"),
    [
        ("a/course/source.toml", 9, "“says” is empty", AuthoringStep.SOURCE),
        ("a/course/source.toml", 9, "F1 is not taught", AuthoringStep.LESSONS),
        ("a/course/source.toml", 9, "F1 is not tested", AuthoringStep.QUESTIONS),
        ("a/course/lessons/01-cuts.md", 1, "“about” is empty", AuthoringStep.LESSONS),
        ("a/course/topics.toml", 1, "“about” is empty", AuthoringStep.LESSONS),
        ("a/course/glossary.toml", 1, "no such file", AuthoringStep.LESSONS),
        ("bank/skin/cuts.toml", 2, "“you_can” is empty", AuthoringStep.OBJECTIVES),
        ("bank/skin/cuts.toml", 6, "“ask” is empty", AuthoringStep.QUESTIONS),
        ("bank/skin/cuts.toml", 1, "an objective needs questions", AuthoringStep.QUESTIONS),
        ("bank/skin/cuts.toml", 1, "cuts: question-count: 1 questions", AuthoringStep.QUESTIONS),
        ("bank/skin/gone.toml", 1, "“you_can” is empty", AuthoringStep.OBJECTIVES),
        ("bank/budget.toml", 1, "not valid TOML", AuthoringStep.QUESTIONS),
        ("a/course/figures/hand.svg", 1, "needs a title", AuthoringStep.FIGURES),
        ("a/course/pages/home.md", 5, "a page begins", AuthoringStep.PAGES),
        ("a/course/signatures.toml", 5, "no name", AuthoringStep.SIGNATURES),
    ],
)
def test_each_error_belongs_to_a_step(folder, file, line, message, step):
    left = left_to_do(folder, [ContentError(file, line, message)], 0)

    assert [*left.errors] == [step]


def test_steps_come_in_the_order_of_the_work_and_like_errors_are_one(folder):
    errors = [
        *(ContentError("a/course/pages/home.md", n, f"odd {n}") for n in range(20)),
        *(ContentError("a/course/lessons/01-cuts.md", n, f"F{n} is unknown") for n in range(3)),
        ContentError("bank/skin/cuts.toml", 2, "“you_can” is empty"),
    ]
    left = left_to_do(folder, errors, 2)

    assert left.first == "Next: write or mend the lesson in a/course/lessons/01-cuts.md."
    assert [*left.lines()] == [
        "lessons: 3 left",
        "  a/course/lessons/01-cuts.md:0: F0 is unknown (and 2 more like it)",
        "objectives: 1 left, first in bank/skin/cuts.toml",
        "pages: 20 left, first in a/course/pages/home.md",
        "signatures: 2 left, when the rest is done",
    ]


def test_a_few_errors_are_all_shown(folder):
    errors = [
        ContentError("a/course/pages/home.md", 5, "a page begins"),
        ContentError("a/course/source.toml", 9, "“says” is empty"),
    ]

    assert [*left_to_do(folder, errors, 0).lines()] == [
        "source: 1 left",
        "  a/course/source.toml:9: “says” is empty",
        "pages: 1 left",
        "  a/course/pages/home.md:5: a page begins",
    ]


def test_what_is_left_last_is_a_signature(folder):
    assert left_to_do(folder, [], 2).first == (
        f"Next: let a clinician read it: learn --content {folder} review pack --output FOLDER"
    )
    assert not left_to_do(folder, [], 0).first
