"""Every error in the content is named with its file and line."""

from __future__ import annotations

import re

import pytest

from learn.library.read_content import load_content
from questions.reading import InvalidContentError
from tests.library.small import (
    ABOUT,
    BANK,
    FIGURE,
    FIRST,
    GLOSSARY,
    SECOND,
    SETTINGS,
    SOURCE,
    TOPICS,
)

SLIPS = [
    # file, what is changed, into what, what then stands on the line of the error, the error
    # facts
    (FIRST, "soft. {F2}", "soft. {F9}", "{F9}", "unknown fact “F9”"),
    (ABOUT, "[[marrow]]. {us}", "[[marrow]]. {F9}", "{F9}", "unknown fact “F9”"),
    (FIRST, "!figure marrow {F2}", "!figure marrow {F9}", "{F9}", "unknown fact “F9”"),
    (GLOSSARY, '["F2", "us"]', '["F9", "us"]', "[marrow]", "unknown fact “F9”"),
    (
        BANK,
        '["F1"]\nask_care',
        '["F1", "F9"]\nask_care',
        'id = "marrow"\ntopic',
        "unknown fact “F9”",
    ),
    (BANK, '["F1", "A-bones"]', '["F1", "F9"]', 'id = "where"', "unknown fact “F9”"),
    (
        BANK,
        'why = "It pumps."',
        'why = "It pumps."\nfacts = ["F9"]',
        'id = "where"',
        "unknown fact “F9”",
    ),
    (
        FIRST,
        "blood. {F1} Flat",
        "blood. {F1 F3} Flat",
        "{F1 F3}",
        "F3 belongs to S2: say under “borrows” why",
    ),
    (SECOND, 'F1 = "Cells', 'F2 = "Cells', "{F1}", "F1 belongs to S1: say under “borrows” why"),
    (
        FIRST,
        "!figure marrow {F2}",
        "!figure marrow {F3}",
        "{F3}",
        "F3 belongs to S2: say under “borrows” why",
    ),
    (
        FIRST,
        "soft. {F2}",
        "soft. {F2 F4}",
        "{F2 F4}",
        "F4 is not taught: The number is disputed.",
    ),
    (
        FIRST,
        "!figure marrow {F2}",
        "!figure marrow {F4}",
        "{F4}",
        "F4 is not taught: The number is disputed.",
    ),
    (
        BANK,
        '["F1"]\nask_care',
        '["F3"]\nask_care',
        'id = "marrow"\ntopic',
        "F3 is not taught in the lesson “first”",
    ),
    (
        BANK,
        '["F1", "A-bones"]',
        '["F1", "F3"]',
        'id = "where"',
        "F3 is not taught in the lesson “first”",
    ),
    (
        FIRST,
        "your marrow. {us}",
        "your marrow. {A-other}",
        "{A-other}",
        "unknown fact “A-other”",
    ),
    # names
    (
        FIRST,
        "[[marrow]]",
        "[[spleen|the spleen]]",
        "[[spleen|",
        "“spleen” is not in the glossary",
    ),
    (
        FIRST,
        "Marrow is soft",
        "**[[Spleen]]** is soft",
        "[[Spleen]]",
        "“Spleen” is not in the glossary",
    ),
    (ABOUT, "[[marrow]]", "[[spleen]]", "[[spleen]]", "“spleen” is not in the glossary"),
    (FIRST, "!figure marrow", "!figure spleen", "!figure spleen", "unknown figure “spleen”"),
    (FIRST, '["S1"]', '["S1", "S9"]', "+++\nid", "unknown section “S9”"),
    (FIRST, 'topic = "cells"', 'topic = "spleen"', "+++\nid", "unknown topic “spleen”"),
    (
        BANK,
        'lesson = "first"',
        'lesson = "third"',
        'id = "marrow"\ntopic',
        "unknown lesson “third”",
    ),
    # front matter
    (
        FIRST,
        "+++\nid",
        "id",
        'id = "first"',
        "must start with front matter between two lines of +++",
    ),
    (FIRST, 'title = "Where', "title = Where", "title =", "not valid TOML: Invalid value "),
    (FIRST, 'title = "Where blood is made"\n', "", 'id = "first"', "missing key “title”"),
    (FIRST, 'about = "The marrow."', 'about = ""', "about =", "“about” is empty"),
    (
        FIRST,
        "reviewed_on = 2026-03-01",
        'reviewed_on = "May"',
        "reviewed_on",
        "“reviewed_on” must be a date",
    ),
    (
        FIRST,
        'about = "The marrow."',
        'about = "x"\nauthor = "Ana"',
        "author",
        "unknown key “author”",
    ),
    (
        FIRST,
        'id = "first"',
        'id = "First"',
        'id = "First"',
        "bad id “First”: lower case letters, digits and hyphens only",
    ),
    (
        SECOND,
        'F1 = "Cells come from the marrow."',
        "F1 = true",
        "F1 = true",
        "“F1” must be a text",
    ),
    (SECOND, 'id = "second"', 'id = "first"', "+++\nid", "id “first” twice"),
    (ABOUT, 'title = "About us"\n', "", 'id = "about"', "missing key “title”"),
    (ABOUT, 'title = "About us"', 'title = "x"\ntopic = "x"', "topic =", "unknown key “topic”"),
    (
        ABOUT,
        "+++\nid",
        "id",
        'id = "about"',
        "must start with front matter between two lines of +++",
    ),
    # prose
    (
        FIRST,
        " {A-bones}",
        "",
        "Flat bones",
        "no marker says what this rests on: “Flat bones hold a lot.”",
    ),
    (
        FIRST,
        "## What this means for you",
        "## The soft middle!",
        "middle!",
        "the heading “The soft middle!” is used twice",
    ),
    (
        FIRST,
        "## What this means for you",
        "## A bones",
        "A bones",
        "the heading “A bones” has the address of A-bones: change its words",
    ),
    (FIRST, "!figure marrow {F2}", "!video marrow", "!video", "unknown line “!video”"),
    (ABOUT, "{{emergency_number}}", "{{crisis_line}}", "Call", "unknown fact “crisis_line”"),
    # the question for the care team, and the main message
    (
        FIRST,
        "!ask How is my marrow?",
        "",
        "+++\nid",
        "a lesson ends with one or more !ask lines: questions for the care team",
    ),
    (
        FIRST,
        "!ask How is my marrow?",
        "!ask",
        "!ask",
        "a question is written as !ask What are my choices?",
    ),
    (
        FIRST,
        "!ask How is my marrow?",
        "!ask Why? {us}",
        "!ask",
        "a question for the care team has no marker",
    ),
    (
        FIRST,
        "!ask How is my marrow?",
        f"!ask {'Why? ' * 61}",
        "!ask",
        "304 characters: a question has at most 300",
    ),
    (
        FIRST,
        "!ask How is my marrow?",
        "!ask Why?\n!ask  Why? ",
        "## What this",
        "the question “Why?” is asked twice",
    ),
    (
        FIRST,
        "!figure marrow",
        "!ask Why?\n!figure marrow",
        "+++\nid",
        "a lesson ends with one or more !ask lines: questions for the care team",
    ),
    (
        FIRST,
        "!ask How is my marrow?",
        "!ask How is my marrow?\n\n## More\n\nMore. {us}",
        "+++\nid",
        "a lesson ends with one or more !ask lines: questions for the care team",
    ),
    (
        FIRST,
        "Blood is made in the [[marrow]]. {F1}\n",
        "",
        "\n\n## The soft",
        "a lesson begins with its main message",
    ),
    # pictures and topics
    (FIGURE, ' role="img"', "", "<svg", 'a picture needs role="img"'),
    (TOPICS, 'about = "What they do."\n', "", "[jobs]", "missing key “about”"),
    (TOPICS, 'about = "What they do."', 'about = "x"\nodd = 1', "odd", "unknown key “odd”"),
    (SOURCE, 'id = "F2"', 'id = "F1" # twice', "# twice", "the fact id “F1” is used twice"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=[s[-1] for s in SLIPS])
def test_an_error_is_named_with_its_file_and_line(small, slip):
    name, old, new, at, message = slip
    small.change(name, old, new)

    assert small.at(name, at, message) in small.errors


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            (FIRST, "lot. {A-bones}", "lot. {F1}\n\nFlat bones count. {us}"),
            (BANK, 'id = "where"', "A-bones is not taught in the lesson “first”"),
        ),
        (
            (BANK, 'lesson = "first"', 'lesson = "second"'),
            (FIRST, "+++\nid", "no objective belongs to this lesson"),
        ),
        (
            (TOPICS, "[jobs]", "[work]"),
            (SECOND, "+++\nid", "unknown topic “jobs”"),
        ),
        (
            (TOPICS, "[cells]", "[work]"),
            (BANK, 'id = "marrow"\ntopic', "unknown topic “cells”"),
        ),
        (
            (GLOSSARY, 'term = "Marrow"', 'term = "Spleen"'),
            (ABOUT, "[[marrow]]", "“marrow” is not in the glossary"),
        ),
        (
            (SOURCE, 'id = "A-bones"', 'id = "A-others"'),
            (FIRST, "{A-bones}", "unknown fact “A-bones”"),
        ),
    ],
)
def test_a_change_in_one_file_can_be_an_error_in_another(small, change, error):
    small.change(*change)

    assert small.at(*error) in small.errors


def test_one_error_is_reported_once_and_nothing_else(small):
    small.change(FIRST, "soft. {F2}", "soft. {F2 F9}")

    assert small.errors == [small.at(FIRST, "{F2 F9}", "unknown fact “F9”")]


def test_every_lesson_ends_with_a_question_for_the_care_team(small):
    head, _, body = small.text(FIRST).rpartition("+++\n")
    small.write(FIRST, head + "+++\nMade in the marrow. {F1 A-bones}\n\n!ask How is it?\n")

    assert body
    assert small.errors == [
        f"{FIRST}:1: a lesson ends with one or more !ask lines: questions for the care team"
    ]


def test_a_question_based_on_guidance_needs_it_in_its_lesson(small):
    small.change(BANK, '["F1", "A-bones"]', '["us"]')
    assert small.errors == []

    small.change(FIRST, "your marrow. {us}", "your marrow. {F1}")
    assert small.errors == [
        small.at(BANK, 'id = "where"', "us is not taught in the lesson “first”")
    ]


@pytest.mark.parametrize("name", [FIRST, ABOUT, FIGURE, BANK, SOURCE, GLOSSARY, TOPICS])
def test_a_file_that_is_not_utf_8_is_an_error(small, name):
    text = small.text(name)
    small.write(name, text.encode() + b"\n# \xff")
    last = text.count("\n") + 2

    assert any(re.match(rf"{name}:{last}: not UTF-8 text", error) for error in small.errors)


@pytest.mark.parametrize("name", [SOURCE, GLOSSARY, TOPICS])
def test_a_missing_required_file_is_an_error(small, name):
    small.path(name).unlink()

    with pytest.raises(InvalidContentError, match=f"{name}:1: no such file"):
        small.read()


def test_all_errors_of_all_files_are_reported_at_once(small):
    small.change(FIRST, "lot. {A-bones}", "lot.")
    small.change(BANK, 'why = "It is."\n', "")
    small.change(FIGURE, "</desc>", "</dsc>")

    with pytest.raises(InvalidContentError) as error:
        load_content(SETTINGS, small.folder)
    assert {f.file for f in error.value.errors} >= {FIRST, BANK, FIGURE}
