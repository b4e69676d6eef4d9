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


def test_a_figure_has_a_caption_and_a_text_alternative(small):
    figure, errors = read(small)

    assert errors == []
    assert (figure.id, figure.title) == ("marrow", "The marrow")
    assert figure.words == "A bone, cut open. The middle is soft."


def test_whitespace_between_tags_is_removed(small):
    figure, _ = read(small)

    assert figure.svg.startswith("<svg ")
    assert figure.svg.endswith(f"{PATH}</svg>")
    assert "\n" not in figure.svg


def test_text_over_several_lines_becomes_one_line(small):
    small.change(FIGURE, "A bone, cut open.", "A bone,\n    cut open.")

    assert read(small)[0].words == "A bone, cut open. The middle is soft."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (TITLE, "", "a picture needs a <title>: its caption"),
        ("The marrow", " ", "a picture needs a <title>: its caption"),
        (DESC, "", "a picture needs a <desc>: the same in words"),
        (' role="img"', "", 'a picture needs role="img"'),
    ],
)
def test_a_missing_or_forbidden_part_of_a_picture_is_an_error(small, old, new, message):
    small.change(FIGURE, old, new)

    assert [str(f) for f in read(small)[1]] == [f"{FIGURE}:1: {message}"]


REFUSED = {
    '<path d="M0 0" style="fill: red"/>': "the attribute “style”",
    "<style>path { fill: red }</style>": "<style>",
    "<style>@import url(//evil.example/x.css);</style>": "<style>",
    "<g><script>alert()</script></g>": "<script>",
    '<path d="M0 0" onload="alert()"/>': "the attribute “onload”",
    '<a href="#here"><path d="M0 0"/></a>': "<a>",
    "<foreignObject></foreignObject>": "<foreignObject>",
    '<meta http-equiv="refresh" content="0;url=//evil.example"/>': "<meta>",
    '<image href="https://evil.example/x.png"/>': "<image>",
    '<animate attributeName="href" to="javascript:alert()"/>': "<animate>",
    '<set attributeName="onload" to="alert()"/>': "<set>",
    "<svg/>": "<svg>",
    '<s:script xmlns:s="http://www.w3.org/2000/svg"/>': "<s:script>",
    '<html:form xmlns:html="http://www.w3.org/1999/xhtml"/>': "<html:form>",
    '<use href="https://evil.example/x.svg#a"/>': "href=“https://evil.example/x.svg#a”",
    '<use href="//evil.example/x.svg"/>': "href=“//evil.example/x.svg”",
    '<use href="data:image/svg+xml,x"/>': "href=“data:image/svg+xml,x”",
    '<use href="&#106;avascript:alert()"/>': "href=“javascript:alert()”",
    '<use href=" #a"/>': "href=“ #a”",
    '<use xlink:href="#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>': (
        "the attribute “xlink:href”"
    ),
    '<path d="M0 0" fill="url(https://evil.example/x)"/>': "fill=“url(https://evil.example/x)”",
    '<path d="M0 0" fill="&#117;rl(//evil.example)"/>': "fill=“url(//evil.example)”",
    '<path d="M0 0" fill="\\75 rl(//evil.example)"/>': "fill=“\\75 rl(//evil.example)”",
    '<path d="M0 0" mask="url(#a) url(//evil.example)"/>': "mask=“url(#a) url(//evil.example)”",
    '<path d="M0 0" transform="rotate(1) url(#a)"/>': "transform=“rotate(1) url(#a)”",
    '<path d="M0 0" id="a&quot; onload=&quot;x:"/>': 'id=“a" onload="x:”',
    '<g xmlns="http://www.w3.org/1999/xhtml"/>': "xmlns=“http://www.w3.org/1999/xhtml”",
    "<!--><form action='//evil.example'></form>-->": "a comment",
    "<?xml-stylesheet href='//evil.example/x.css'?>": "a processing instruction",
    "<![CDATA[<form>]]>": "a CDATA section",
}


@pytest.mark.parametrize("drawn", REFUSED)
def test_a_picture_with_scripts_or_outside_references_is_an_error(small, drawn):
    small.change(FIGURE, PATH, f"\n{drawn}")
    figure, errors = read(small)

    line = small.line(FIGURE, drawn)
    assert f"{FIGURE}:{line}: not allowed in a picture: {REFUSED[drawn]}" in map(str, errors)
    assert figure.svg == ""


def test_titles_and_descriptions_contain_only_text(small):
    small.change(FIGURE, "The marrow", "<g>The marrow</g>")

    assert [f.message for f in read(small)[1]] == ["not allowed in a picture: <g> in <title>"]


def test_entities_are_never_expanded(small):
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    small.write(FIGURE, f'<!DOCTYPE svg [<!ENTITY a0 "a">{bomb}]>{small.text(FIGURE)}')

    assert [str(f) for f in read(small)[1]] == [f"{FIGURE}:1: not allowed in a picture: a DOCTYPE"]


BOMB = "".join(f'<g id="a{n}">{f"""<use href="#a{n - 1}"/>""" * 10}</g>' for n in range(1, 10))


@pytest.mark.parametrize(
    "drawn",
    [
        f'<g id="a0"><path d="M0 0"/></g>{BOMB}',
        f'{BOMB}<g id="a0"><path d="M0 0"/></g>',
        '<g id="a0"><use href="#a0"/></g>',
        '<g id="a0"><use href="#a1"/></g><g id="a1"><use href="#a0"/></g>',
        '<mask id="a0"><path d="M0 0" mask="url(#a0)"/></mask>',
    ],
)
def test_a_picture_that_repeats_itself_without_end_is_an_error(small, drawn):
    """A browser would draw a thousand million shapes, and show nothing else until then."""
    small.change(FIGURE, PATH, drawn)
    figure, errors = read(small)

    message = "not allowed in a picture: references that draw more than 2000 shapes"
    assert [str(f) for f in errors] == [f"{FIGURE}:1: {message}"]
    assert figure.svg == ""


def test_deep_nesting_is_read(small):
    small.change(FIGURE, PATH, "<g>" * 1500 + PATH + "</g>" * 1500)

    assert read(small)[1] == []


def test_internal_references_transforms_and_text_are_allowed(small):
    small.change(
        FIGURE,
        PATH,
        '<defs><clipPath id="c.1"><path d="M0 0"/></clipPath></defs>'
        '<g clip-path="url(#c.1)" transform="translate(1,-2.5) rotate(45 0 0)">'
        '<use href="#c.1" aria-label="Step 1: (first) &amp; more"/></g>',
    )

    assert read(small)[1] == []


@pytest.mark.parametrize("before", ["", "\n\n"])
def test_broken_xml_is_an_error_with_its_line(small, before):
    small.write(FIGURE, before + small.text(FIGURE).replace("</desc>", "</dsc>"))
    figure, [error] = read(small)

    assert (error.file, error.line) == (FIGURE, small.line(FIGURE, "</dsc>"))
    assert error.message.startswith("not valid SVG: ")
    assert figure.svg == ""


def test_a_figure_that_is_not_utf_8_is_an_error(small):
    small.write(FIGURE, small.text(FIGURE).replace("bone", "b\xf6ne").encode("latin-1"))
    _, [error] = read(small)

    assert (error.file, error.line) == (FIGURE, 3)
    assert error.message.startswith("not UTF-8 text")
