"""Figures and their text alternatives."""

from __future__ import annotations

import pytest

from questions.figures import Figure, read_figure
from questions.reading import ContentError
from tests.library.small import FIGURE, Small

TITLE = "  <title>The marrow</title>\n"
DESC = "  <desc>A bone, cut open. The middle is soft.</desc>\n"
PATH = '<path d="M0 0H9"/>'


def read(small: Small) -> tuple[Figure, list[ContentError]]:
    return read_figure(small.path(FIGURE), FIGURE)


def test_a_figure_has_a_caption_and_the_same_in_words(small):
    figure, errors = read(small)

    assert errors == []
    assert (figure.id, figure.title) == ("marrow", "The marrow")
    assert figure.words == "A bone, cut open. The middle is soft."


def test_the_space_between_tags_is_left_out(small):
    figure, _ = read(small)

    assert figure.svg.startswith("<svg ")
    assert figure.svg.endswith(f"{PATH}</svg>")
    assert "\n" not in figure.svg


def test_words_over_several_lines_are_one_line(small):
    small.change(FIGURE, "A bone, cut open.", "A bone,\n    cut open.")

    assert read(small)[0].words == "A bone, cut open. The middle is soft."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (TITLE, "", "a picture needs a <title>: its caption"),
        ("The marrow", " ", "a picture needs a <title>: its caption"),
        (DESC, "", "a picture needs a <desc>: the same in words"),
        (' role="img"', "", 'a picture needs role="img"'),
        (
            PATH,
            '<g><path style="fill: red"/></g>',
            "a picture has no style attributes: the page's policy blocks it",
        ),
        (
            PATH,
            "<style>path { fill: red }</style>",
            "a picture has no style elements: the page's policy blocks it",
        ),
        (
            PATH,
            "<g><script>alert()</script></g>",
            "a picture has no scripts: the page's policy blocks it",
        ),
    ],
)
def test_what_a_picture_lacks_or_may_not_have_is_a_fault(small, old, new, message):
    small.change(FIGURE, old, new)

    assert [str(f) for f in read(small)[1]] == [f"{FIGURE}:1: {message}"]


@pytest.mark.parametrize("before", ["", "\n\n"])
def test_broken_xml_is_a_fault_with_its_line(small, before):
    small.write(FIGURE, before + small.text(FIGURE).replace("</desc>", "</dsc>"))
    figure, [error] = read(small)

    assert (error.file, error.line) == (FIGURE, small.line(FIGURE, "</dsc>"))
    assert error.message.startswith("not valid SVG: ")
    assert figure.svg == ""


def test_a_figure_that_is_not_utf_8_is_a_fault(small):
    small.write(FIGURE, small.text(FIGURE).replace("bone", "b\xf6ne").encode("latin-1"))
    _, [error] = read(small)

    assert (error.file, error.line) == (FIGURE, 3)
    assert error.message.startswith("not UTF-8 text")
