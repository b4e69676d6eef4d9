"""Points of a lesson: ideas to mention in an explanation."""

from __future__ import annotations

import importlib.util

import pytest

from learn.authoring import reading_level as level
from learn.authoring.coverage import coverage
from learn.authoring.language import language
from learn.authoring.overlap import overlap, runs_of
from learn.authoring.source_check import dependents
from tests.library.small import BANK, FIRST, Small
from tests.our_content import our_content

POINTS = """
[[point]]
id = "made"
text = "Blood comes from the marrow."
facts = ["F1"]

[[point]]
id = "soft"
text = "Marrow is soft. It is in the bones."
facts = ["F2", "us"]

[[point]]
id = "flat"
text = "Some flat bones hold much."
facts = ["A-bones"]
+++

Blood is made"""
LAST = '[[point]]\nid = "flat"\ntext = "Some flat bones hold much."\nfacts = ["A-bones"]\n'


@pytest.fixture
def small(small: Small) -> Small:
    """Tiny content with three points in its first lesson, and none in its second."""
    small.change(FIRST, "+++\n\nBlood is made", POINTS)
    return small


def test_every_lesson_of_ours_has_points():
    for lesson in our_content().lessons.values():
        assert 3 <= len(lesson.points) <= 5, lesson.id


def test_points_are_read_with_their_facts(small):
    content = small.content()
    points = content.lessons["first"].points

    assert [(p.id, p.text, p.facts) for p in points] == [
        ("made", "Blood comes from the marrow.", ("F1",)),
        ("soft", "Marrow is soft. It is in the bones.", ("F2", "us")),
        ("flat", "Some flat bones hold much.", ("A-bones",)),
    ]
    assert points[1].line == small.line(FIRST, '[[point]]\nid = "soft"')
    assert content.lessons["second"].points == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('id = "soft"', 'id = "made" # twice', "# twice", "the point “made” stands twice"),
        (
            'id = "soft"',
            'id = "Soft one"',
            '"Soft one"',
            "bad id “Soft one”: lower case letters, digits and hyphens only",
        ),
        ('id = "soft"\n', "", "[[point]]\ntext", "missing key “id”"),
        ('text = "Some flat bones hold much."\n', "", LAST[:22], "missing key “text”"),
        ('\nfacts = ["A-bones"]', "", LAST[:22], "missing key “facts”"),
        ('["A-bones"]', "[]", "facts = []", "“facts” is empty"),
        ('["A-bones"]', '["F9"]', LAST[:22], "unknown fact “F9”"),
        ('["A-bones"]', '["F3"]', LAST[:22], "F3 is not taught in the lesson “first”"),
        (
            '["F2", "us"]',
            '["us", "F2"]',
            '["us", "F2"]',
            "a point rests on a fact first, and then on “us”",
        ),
        ("hold much.", "hold much", "hold much", "a point is a whole sentence"),
        (
            "Some flat bones hold much.",
            f"{'a ' * 15}b.",
            "a b.",
            "16 words: a point has at most 15",
        ),
        (
            'facts = ["A-bones"]',
            'facts = ["A-bones"]\nwhy = "x"',
            'why = "x"',
            "unknown key “why”",
        ),
        (LAST, "", '[[point]]\nid = "made"', "2 points: a lesson has 3 to 5, or none"),
        (
            LAST,
            LAST + "".join(LAST.replace("flat", f"flat-{n}") for n in range(3)),
            '[[point]]\nid = "made"',
            "6 points: a lesson has 3 to 5, or none",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_an_error_of_a_point_is_named_with_its_file_and_line(small, old, new, at, message):
    small.change(FIRST, old, new)

    assert small.errors == [small.at(FIRST, at, message)]


def test_a_point_can_end_with_punctuation_inside_quotation_marks(small):
    small.change(FIRST, "hold much.", "hold “much.”")

    assert small.errors == []


def test_malformed_points_are_an_error(small):
    head, _, rest = small.text(FIRST).partition("\n[[point]]")
    small.write(FIRST, f"{head}point = 'x'\n+++\n{rest.partition('+++')[2]}")

    assert small.errors == [small.at(FIRST, "point = 'x'", "“point” must be a list")]


# they are learner text like any other


def test_the_language_of_points_is_checked(small):
    small.change(FIRST, "Some flat bones hold", "Obviously, flat bones have")

    assert [str(f) for f in language(small.content())] == [
        small.at(FIRST, LAST[:22], "point flat: a word we do not use: “Obviously”")
    ]


def test_points_share_no_eight_words_with_the_source(small):
    small.change(FIRST, "Some flat bones hold much.", "One two three four five six seven eight.")
    runs = runs_of("Zero one two three four five six seven eight nine.")

    assert [str(f) for f in overlap(small.content(), runs)] == [
        small.at(
            FIRST,
            '[[point]]\nid = "flat"',
            "point flat: these are the source’s own words: "
            "“one two three four five six seven eight”",
        )
    ]


def test_a_passive_point_counts_toward_its_lesson(small):
    small.change(FIRST, "Blood is made in", "Blood comes from")
    small.change(FIRST, "Some flat bones hold much.", "Much is held in bones. It is kept there.")
    line = small.line(FIRST, '[[point]]\nid = "flat"')
    errors = [f for f in level.reading_level(small.content()) if "passive" in f.message]

    assert f"line {line} “Much is held in bones.”; line {line} “It is kept there.”" in str(
        errors[0]
    )


@pytest.mark.skipif(
    importlib.util.find_spec("textstat") is None, reason="textstat is for development"
)
def test_the_reading_grade_of_points_is_measured_separately(small):
    content = small.content()
    lesson = content.lessons["first"]
    grades = level.measure(content)

    assert grades is not None
    assert [g.points is None for g in grades.lessons] == [False, True]
    assert level.plain_points(lesson, level.TermMatcher(content.glossary)).splitlines() == [
        "Blood comes from the bone.",
        "bone is soft. It is in the bones.",
        "Some flat bones hold much.",
    ]


@pytest.mark.parametrize(("points", "count"), [(6.5, 0), (6.6, 1), (None, 0)])
def test_the_reading_grade_of_points_is_limited(small, points, count):
    grades = level.ReadingGrades((level.ReadingGrade("first", 1, 1, points),), 1, 1)

    assert len(level.too_hard(small.content(), grades)) == count


def test_the_report_counts_points(small):
    figures = coverage(small.content()).figures

    assert figures["lessons with points"] == "1 of 2"
    assert figures["points with facts"] == "3 of 3"


def test_a_point_depends_on_each_of_its_facts(small):
    small.change(BANK, '"A-bones"', '"F1"')

    assert dependents(small.content(), ["A-bones"]).points == ("first/flat",)
    assert dependents(small.content(), ["F1", "F2"]).points == ("first/made", "first/soft")
    assert dependents(small.content(), ["F3"]).points == ()
