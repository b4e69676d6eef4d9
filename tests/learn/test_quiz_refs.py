"""Names of quizzes, as in addresses and in the database."""

from __future__ import annotations

import uuid

import pytest

from learn.learner.quiz_refs import AFTER_PART, MIXED, REVIEW, QuizKind, QuizRef

ASSIGNMENT = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        (MIXED, "mixed"),
        (REVIEW, "review"),
        (QuizRef(QuizKind.LESSON, "what-is-all"), "lesson/what-is-all"),
        (QuizRef(QuizKind.TOPIC, "treatment"), "topic/treatment"),
        (QuizRef(QuizKind.PATH, "this-week"), "path/this-week"),
        (QuizRef.of_assignment(ASSIGNMENT), f"assignment/{ASSIGNMENT.hex}"),
        (QuizRef.of_assignment(ASSIGNMENT, AFTER_PART), f"assignment/{ASSIGNMENT.hex}/after"),
    ],
)
def test_a_quiz_reference_is_formatted_and_parsed(ref, name):
    assert str(ref) == name
    assert QuizRef.parse(name) == ref
    assert ref.assignment == (ASSIGNMENT if ref.kind is QuizKind.ASSIGNMENT else None)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "lesson",
        "lesson/",
        "lesson/a/b",
        "path",
        "path/",
        "path/a/b",
        "mixed/",
        "mixed/x",
        "unknown",
        "unknown/x",
        "assignment/7",
        f"assignment/{ASSIGNMENT}",
        f"assignment/{ASSIGNMENT.hex}/",
        f"assignment/{ASSIGNMENT.hex}/later",
        f"assignment/{ASSIGNMENT.hex}/after/x",
    ],
)
def test_an_invalid_quiz_reference_is_rejected(name):
    assert QuizRef.parse(name) is None
