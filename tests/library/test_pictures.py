"""The pictures of our lessons: there is one in each, and five are in steps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.prose import Element, ElementKind
from tests.our_content import our_content


@pytest.fixture(scope="module")
def content() -> Content:
    return our_content()


def pictures(lesson: Lesson) -> Iterator[Element]:
    for block in lesson.text.all_blocks:
        for element in block.elements:
            if element.kind in (ElementKind.FIGURE, ElementKind.STEPS):
                yield element


def series(content: Content) -> set[str]:
    """Return the names of the pictures in steps."""
    return {
        element.name
        for lesson in content.lessons.values()
        for element in pictures(lesson)
        if element.kind is ElementKind.STEPS
    }


def test_each_lesson_has_a_picture_and_no_picture_stands_twice(content):
    names = {lesson.id: [e.name for e in pictures(lesson)] for lesson in content.lessons.values()}
    everywhere = [name for found in names.values() for name in found]

    assert [lesson for lesson, found in names.items() if not found] == []
    assert len(everywhere) == len({*everywhere}) >= 20


def test_what_happens_over_time_is_shown_in_steps(content):
    assert series(content) >= {
        "how-all-begins",
        "from-stem-cell",
        "chromosome-swap",
        "hidden-cells",
        "treatment-phases",
    }


def test_all_steps_of_a_picture_have_the_same_size_and_different_captions(content):
    for name in series(content):
        drawn = content.steps(name)
        sizes = {re.findall(r'viewBox="([^"]*)"', step.svg)[0] for step in drawn}

        assert len(sizes) == 1, name
        assert len({step.title for step in drawn}) == len({step.words for step in drawn})
        assert len({step.title for step in drawn}) == len(drawn), name


def test_a_step_is_found_by_its_number_and_not_by_its_place_in_the_alphabet(small):
    for number in (10, 2, 1):
        figure = "learn/library/figures/marrow.svg"
        small.write(figure.replace(".svg", f"-{number}.svg"), small.text(figure))

    assert [step.id for step in small.content().steps("marrow")] == [
        "marrow-1",
        "marrow-2",
        "marrow-10",
    ]


def test_pictures_of_all_show_that_treatment_goes_on_and_where_all_starts(content):
    assert "treatment usually goes on" in content.figures["four-words"].words
    assert "ALL starts here" in content.figures["blood-family-tree"].svg
    assert "carbon dioxide" in content.figures["three-jobs"].words
    third = content.figures["chromosome-swap-3"]
    assert "in the leukemia cells, and it isn’t inherited" in third.title
