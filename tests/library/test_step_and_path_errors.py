"""Errors in pictures in steps and in paths are named with file and line."""

from __future__ import annotations

import re

import pytest

from tests.library.small import (
    BANK,
    FIGURE,
    FIRST,
    PATHS,
    TOPICS,
)


def in_steps(small, *numbers: int) -> None:
    """Show the picture in these steps in the first lesson."""
    for number in numbers:
        small.write(FIGURE.replace(".svg", f"-{number}.svg"), small.text(FIGURE))
    small.change(FIRST, "!figure marrow {F2}", "!steps marrow {F2}")


def test_a_picture_in_steps_with_all_its_steps_is_no_error(small):
    in_steps(small, 1, 2, 3)

    assert small.errors == []


@pytest.mark.parametrize(
    ("drawn", "missing"),
    [((), (1, 2)), ((1,), (2,)), ((2,), (1,)), ((1, 2, 4, 11), (3, *range(5, 11)))],
)
def test_each_missing_step_of_a_picture_is_an_error(small, drawn, missing):
    in_steps(small, *drawn)

    assert small.errors == [
        small.at(FIRST, "!steps", f"the picture in steps “marrow” has no figure “marrow-{number}”")
        for number in sorted(missing, key=str)
    ]


@pytest.mark.parametrize(
    ("left_out", "why"),
    [("title", "its caption"), ("desc", "the same in words")],
)
def test_a_step_without_a_caption_or_text_is_an_error(small, left_out, why):
    in_steps(small, 1, 2)
    step = FIGURE.replace(".svg", "-2.svg")
    text = small.text(step)
    small.write(step, re.sub(f"<{left_out}>.*</{left_out}>", "", text))

    assert small.errors == [f"{step}:1: a picture needs a <{left_out}>: {why}"]


_PATH = """\
[first-days]
title = "First days"
door = "I am new here"
about = "Start here."
rest = "The rest can wait."
lessons = {}
"""


def test_a_library_may_have_no_paths_or_its_own(small):
    assert small.content().paths == {}
    small.write(PATHS, _PATH.format('["second", "first"]'))

    assert small.content().paths["first-days"].lessons == ("second", "first")


@pytest.mark.parametrize(
    ("lessons", "why"),
    [
        ('["first", "third"]', "unknown lesson “third”"),
        ('["first", "second", "first"]', "the lesson “first” stands twice"),
        ("[]", "“lessons” is empty"),
    ],
)
def test_a_path_of_unknown_doubled_or_no_lessons_is_an_error(small, lessons, why):
    small.write(PATHS, _PATH.format(lessons))

    assert small.errors == [small.at(PATHS, "lessons = ", why)]


def write_quiz(small, *questions: str, lessons: str = '["first", "second"]') -> None:
    """Write a path whose own quiz has these questions."""
    listed = ", ".join(f'"{question}"' for question in questions)
    small.write(PATHS, f"{_PATH.format(lessons)}quiz = [{listed}]\n")


def test_a_path_may_name_its_own_quiz_or_none(small):
    small.write(PATHS, _PATH.format('["first"]'))
    assert small.content().paths["first-days"].quiz == ()
    write_quiz(small, "where", lessons='["first"]')

    assert small.content().paths["first-days"].quiz == ("where",)


@pytest.mark.parametrize(
    ("questions", "lessons", "why"),
    [
        (["nowhere"], '["first"]', "there is no question “nowhere”, or it was retired"),
        (["where", "where"], '["first"]', "the question “where” stands twice"),
        (
            ["where"],
            '["second"]',
            "“where” is about the lesson “first”, which isn’t on the path",
        ),
    ],
)
def test_a_question_that_is_unknown_doubled_or_not_on_the_path_is_an_error(
    small, questions, lessons, why
):
    write_quiz(small, *questions, lessons=lessons)

    assert small.errors == [small.at(PATHS, "quiz = ", why)]


def test_a_question_that_was_retired_is_an_error(small):
    write_quiz(small, "where")
    assert small.errors == []
    small.change(BANK, 'id = "where"', 'id = "where-now"')

    why = "there is no question “where”, or it was retired"
    assert small.errors == [small.at(PATHS, "quiz = ", why)]


def test_a_question_that_takes_more_than_one_tap_is_an_error(small):
    write_quiz(small, "where")
    small.change(BANK, 'kind = "choice"', 'kind = "choices"')

    why = "“where” needs more than one tap: a path’s quiz has one answer to choose"
    assert small.at(PATHS, "quiz = ", why) in small.errors


def test_a_question_that_is_hard_to_hear_is_an_error(small):
    write_quiz(small, "where")
    small.change(BANK, 'lesson = "first"', 'lesson = "first"\nhard_to_hear = true')

    why = "“where” is about what is hard to hear, so nobody begins with it"
    assert small.errors == [small.at(PATHS, "quiz = ", why)]


def test_the_quiz_of_a_path_is_short_and_its_name_fits_into_the_database(small):
    write_quiz(small, *(f"no-{n}" for n in range(5)))
    assert small.at(PATHS, "quiz = ", "a path’s quiz has 4 questions at most") in small.errors

    write_quiz(small, "where")
    small.change(PATHS, "[first-days]", f"[{'x' * 76}]")
    why = "with a quiz, its id has 75 characters at most"
    assert small.errors == [small.at(PATHS, "[xxx", why)]


@pytest.mark.parametrize("key", ["title", "door", "about", "rest", "lessons"])
def test_a_path_without_one_of_its_texts_is_an_error(small, key):
    small.write(PATHS, re.sub(rf"^{key} = .*\n", "", _PATH.format('["first"]'), flags=re.MULTILINE))

    assert small.errors == [small.at(PATHS, "[first-days]", f"missing key “{key}”")]


def test_a_heading_for_lessons_to_choose_from_needs_a_sentence(small):
    heading = small.text(TOPICS).partition("\n")[0]
    small.change(TOPICS, heading, f'{heading}\nchoose = "Read one of these"')

    assert small.errors == [small.at(TOPICS, heading, "missing key “choose_about”")]


def test_what_is_behind_a_door_may_be_said(small):
    path = _PATH.format('["first"]')
    small.write(PATHS, path)
    assert small.content().paths["first-days"].leads == ""
    small.write(PATHS, path.replace("about = ", 'leads = "What to read first"\nabout = '))

    assert small.content().paths["first-days"].leads == "What to read first"


def test_the_part_that_cannot_wait_is_one_of_its_page(small):
    page = "learn/library/pages/home.md"
    assert small.content().pages["home"].urgent_block is None
    first = small.text(page).partition("\n\n")[0]
    small.change(page, first, first.replace('id = "home"', 'id = "home"\nurgent = "call-now"'))
    assert small.errors == [small.at(page, "urgent = ", "the page has no part “call-now”")]

    small.write(page, small.text(page) + "\n## Call now\n\nCall. {us}\n")
    assert small.content().pages["home"].urgent_block.heading == "Call now"


def test_questions_in_the_words_of_a_path_are_as_many_as_those_of_the_lesson(small):
    asks = small.content().lessons["first"].care_questions
    path = _PATH.format('["first"]')
    own = ", ".join(f'"How is my child’s {n}?"' for n in range(len(asks)))
    small.write(PATHS, f"{path}\n[first-days.own_asks]\nfirst = [{own}]\n")
    content = small.content()
    assert content.care_questions(content.paths["first-days"])[0] == "How is my child’s 0?"
    assert "How is my child’s 0?" in content.all_care_questions

    more = f'first = [{own}, "And?"]\nsecond = ["Why?"]'
    small.write(PATHS, f"{path}\n[first-days.own_asks]\n{more}\n")
    assert [error.partition(": ")[2] for error in small.errors] == [
        f"“first” has {len(asks)} questions, and {len(asks) + 1} in “own_asks”",
        "the lesson “second” isn’t on the path",
    ]


def test_a_part_that_is_folded_is_one_of_its_page(small):
    page = "learn/library/pages/help.md"
    first = small.text(page).partition("\n\n")[0]
    small.change(page, first, first.replace('id = "help"', 'id = "help"\nfolded = ["later"]'))
    assert small.errors == [small.at(page, "folded = ", "the page has no part “later”")]

    small.write(page, small.text(page) + "\n## Later\n\nThis can wait. {us}\n")
    assert small.content().pages["help"].folded == ("later",)


def test_topics_next_to_one_another_may_share_a_heading(small):
    apart = [section.title for section in small.content().sections]
    assert len(apart) == 2
    topics = small.text(TOPICS)
    small.write(TOPICS, re.sub(r"(?m)^(title = .*)$", r'\1\nsection = "Start here"', topics))
    shared = small.content().sections

    assert [section.title for section in shared] == ["Start here"]
    assert shared[0].lessons == tuple(small.content().lessons.values())


def test_parts_that_can_wait_belong_to_lessons_of_the_path(small):
    path = _PATH.format('["first"]')
    part = small.content().lessons["first"].text.blocks[-1].id
    small.write(PATHS, f'{path}\n[first-days.wait]\nfirst = ["{part}"]\n')
    content = small.content()
    found = content.paths["first-days"]
    assert found.wait == {"first": (part,)}
    lesson = content.lessons["first"]
    assert lesson.time(found.wait["first"]) < lesson.time()

    small.write(PATHS, f'{path}\n[first-days.wait]\nfirst = ["nowhere"]\nsecond = ["{part}"]\n')
    assert small.errors == [
        small.at(PATHS, "lessons = ", "“first” has no part “nowhere”"),
        small.at(PATHS, "second = ", "the lesson “second” isn’t on the path"),
    ]
