"""Every fact is accounted for, or named."""

from __future__ import annotations

import pytest

from learn.authoring.coverage import coverage
from tests.library.small import BANK, FIRST, SECOND, SOURCE, TOPICS, Small


@pytest.fixture
def covered(small: Small) -> Small:
    """Content in which each taught fact is asked."""
    small.change(BANK, '["F1", "A-bones"]', '["F1", "F2", "A-bones"]')
    return small


def errors(small: Small) -> list[str]:
    return [str(error) for error in coverage(small.content()).errors]


def test_content_that_asks_everything_it_teaches_has_no_errors(covered):
    assert errors(covered) == []


def test_each_fact_lists_where_it_is_taught_and_asked(covered):
    uses = coverage(covered.content()).uses

    assert (uses["F1"].lessons, uses["F1"].questions) == (("first", "second"), ("where",))
    assert (uses["F3"].lessons, uses["F3"].questions) == (("second",), ("job",))
    assert uses["F4"].lessons == ()
    assert uses["F4"].is_accounted_for


def test_a_fact_neither_taught_nor_left_out_with_a_reason_is_reported(covered):
    covered.change(SOURCE, 'not_taught = "The number is disputed."\n', "")

    assert errors(covered) == [
        covered.at(SOURCE, '[[fact]]\nid = "F4"', "F4 is not taught, and no “not_taught” says why")
    ]


def test_a_taught_fact_without_a_question_is_reported(small):
    assert errors(small) == [
        small.at(
            SOURCE,
            '[[fact]]\nid = "F2"',
            "F2 is taught in “first”, but no question asks about it",
        )
    ]


def once(fact: str, question: str) -> str:
    return (
        f"{fact} belongs to a main topic, but “{question}” alone asks about it: "
        "add a question, or say under “asked_once” why one is enough"
    )


def test_a_fact_of_a_main_topic_needs_two_questions(covered):
    covered.change(TOPICS, 'about = "Where', 'main = true\nabout = "Where')

    assert errors(covered) == [
        covered.at(SOURCE, f'[[fact]]\nid = "{fact}"', once(fact, "where")) for fact in ("F1", "F2")
    ]


def test_a_fact_borrowed_by_another_lesson_does_not_belong_to_its_topic(covered):
    covered.change(TOPICS, 'about = "What', 'main = true\nabout = "What')

    assert errors(covered) == [covered.at(SOURCE, '[[fact]]\nid = "F3"', once("F3", "job"))]


def test_one_question_is_enough_with_a_reason(covered):
    covered.change(TOPICS, 'about = "What', 'main = true\nabout = "What')
    covered.change(
        SOURCE, 'says = "Red cells carry', 'asked_once = "It is short."\nsays = "Red cells carry'
    )

    assert errors(covered) == []


def test_a_section_without_a_lesson_is_reported(covered):
    covered.change(
        SOURCE,
        '[[fact]]\nid = "F1"',
        '[[section]]\nid = "S3"\nheading = "More"\n\n[[fact]]\nid = "F1"',
    )
    found = covered.at(
        SOURCE, '[[section]]\nid = "S3"', "S3 has no lesson, and no “not_taught” says why"
    )
    assert errors(covered) == [found]

    covered.change(SOURCE, 'heading = "More"', 'heading = "More"\nnot_taught = "A heading only."')
    assert errors(covered) == []


def test_a_misconception_without_an_answer_is_reported(covered):
    covered.change(
        BANK,
        "[misconceptions.heart]",
        '[misconceptions.liver]\nbelief = "x"\ntruth = "y"\n\n[misconceptions.heart]',
    )

    assert errors(covered) == [
        covered.at(
            BANK,
            'id = "marrow"\ntopic',
            "no wrong answer stands for the misconception “liver”",
        )
    ]


def test_the_figures_count_what_is_covered(covered):
    covered.change(SECOND, "Ask about yours. {us}", "Ask about yours. Do ask. {us}")
    figures = coverage(covered.content()).figures

    assert figures["facts accounted for"] == "4 of 4"
    assert figures["facts taught"] == "3 of 4"
    assert figures["taught facts asked"] == "3 of 3"
    assert figures["facts left out with a reason"] == "1"
    assert figures["sentences of lessons with facts"] == "9 of 9 (3 of them guidance of our own)"
    assert figures["whys with facts"] == "4 of 4"
    assert figures["misconceptions used"] == "2 of 2"
    assert figures["questions of kind choice"] == "2"
    assert figures["questions of kind order"] == "0"
    assert figures["questions with a case"] == "0 of 2"
    assert (figures["objectives"], figures["lessons"]) == ("2", "2")


def test_a_fact_shown_only_by_a_picture_counts_as_taught(covered):
    covered.change(FIRST, "Marrow is soft. {F2} ", "")

    assert coverage(covered.content()).uses["F2"].lessons == ("first",)
