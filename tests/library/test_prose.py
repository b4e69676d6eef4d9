"""Small Markdown of lessons and pages: markers, anchors, words, and front matter."""

from __future__ import annotations

import pytest

from learn.library.lessons import anchors
from learn.library.prose import (
    Span,
    SpanKind,
    count_words,
    sentences,
    slug,
    split_front,
    terms,
)
from tests.library.parsing import errors, good, parse, passages

# markers


def test_a_marker_covers_its_sentence():
    assert passages("Marrow is soft. {F1}") == [("Marrow is soft.", ("F1",))]


def test_a_marker_covers_everything_since_the_previous_marker():
    assert passages("One. Two. {F1} Three. {F2 A-x}") == [
        ("One. Two.", ("F1",)),
        ("Three.", ("F2", "A-x")),
    ]


def test_a_marker_covers_all_lines_of_its_paragraph():
    assert passages("One\ntwo.\nThree. {us}") == [("One two. Three.", ("us",))]


def test_a_marker_does_not_reach_across_an_empty_line():
    assert errors("One.\n\nTwo. {F1}") == ["1: no marker says what this rests on: “One.”"]


def test_a_passage_knows_its_sentences_and_its_line():
    [_, passage] = good("Lead. {F1}\n\nOne is here. Two is there. {F1}").passages

    assert passage.sentences == ["One is here.", "Two is there."]
    assert passage.line == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "Lead. {F1}\n\nNo marker here.",
            "3: no marker says what this rests on: “No marker here.”",
        ),
        ("Lead. {F1}\n\nOne. {F1} Two.", "3: no marker says what this rests on: “Two.”"),
        ("Lead. {F1}\n\n- One. {F1}\n- Two.", "4: no marker says what this rests on: “Two.”"),
        ("Lead. {F1}\n\n## Head\n\nTwo.", "5: no marker says what this rests on: “Two.”"),
        ("Lead. {F1}\n\nOne {F1", "3: no marker says what this rests on: “One {F1”"),
        ("Lead. {F1}\n\nOne. {}", "3: an empty marker {}"),
    ],
)
def test_a_sentence_without_a_marker_is_an_error_with_its_line(body, message):
    assert errors(body) == [message]


def test_lines_are_counted_from_the_first_line_of_the_body():
    assert parse("\nOne.", 11)[1] == ["12: no marker says what this rests on: “One.”"]


def test_only_a_line_feed_ends_a_line():
    assert errors("One\u2028two. {F1}\n\nThree.")[0].startswith("3:")


def test_a_long_sentence_is_shortened_in_its_error():
    [error] = errors("x" * 500)

    assert len(error) < 120


# spans


def spans(text: str) -> tuple[Span, ...]:
    [passage] = good(f"{text} {{F1}}").passages
    return passage.spans


def test_bold_italic_and_terms_are_rendered():
    assert spans("a **b** *c* [[d]] [[e|f]]") == (
        Span(SpanKind.TEXT, "a "),
        Span(SpanKind.STRONG, inner=(Span(SpanKind.TEXT, "b"),)),
        Span(SpanKind.TEXT, " "),
        Span(SpanKind.EM, inner=(Span(SpanKind.TEXT, "c"),)),
        Span(SpanKind.TEXT, " "),
        Span(SpanKind.TERM, "d", "d"),
        Span(SpanKind.TEXT, " "),
        Span(SpanKind.TERM, "f", "e"),
    )


def test_a_term_inside_bold_is_found():
    parsed = spans("**[[marrow|Marrow]]** and *[[stem cell]]*")

    assert [(t.name, t.text) for t in terms(parsed)] == [
        ("marrow", "Marrow"),
        ("stem cell", "stem cell"),
    ]


def test_the_plain_text_of_a_passage_has_no_markup():
    [passage] = good("**Bold [[a|b]]**, *slanted* and [[c]]. {F1}").passages

    assert passage.plain == "Bold b, slanted and c."


# anchors


def test_a_fact_links_to_its_first_passage():
    assert anchors(good("## H\n\nOne. {F1}\n\nTwo. {F1} Three. {F2}")) == {"F1": "f1", "F2": "f2"}


def test_facts_of_one_passage_share_an_anchor():
    assert anchors(good("## H\n\nOne. {F1 F2}")) == {"F1": "f1", "F2": "f1"}


def test_an_anchor_belongs_to_one_passage_only():
    by_fact = anchors(good("## H\n\nOne. {F1}\n\nTwo. {F1 F2 A-Both}"))

    assert by_fact == {"F1": "f1", "F2": "f2", "A-Both": "f2"}


def test_a_passage_in_the_body_is_preferred_to_the_main_message():
    by_fact = anchors(good("All. {F2 F1 F3}\n\n## H\n\nOne. {F1} Two. {F2}"))

    assert by_fact == {"F1": "f1", "F2": "f2", "F3": "f3"}


def test_a_fact_shown_only_by_a_figure_links_to_the_figure():
    by_fact = anchors(good("All. {F3}\n\n## H\n\n!figure x {F1 F2 F3}\n\nOne. {F1}"))

    assert by_fact == {"F1": "f1", "F2": "figure-x", "F3": "f3"}


# words and addresses


def test_sentences_end_where_a_new_one_begins():
    assert sentences("It is. Is it? “Yes!” (No.) 5 of 10.") == [
        "It is.",
        "Is it?",
        "“Yes!",
        "(No.",
        "5 of 10.",
    ]
    assert sentences("About 2.5 of these, e.g. two.") == ["About 2.5 of these, e.g. two."]
    assert sentences("") == []


def test_words_are_counted_as_a_reader_would():
    assert count_words("Don’t count – or B-cell twice, 9 of 10!") == 8
    assert good("One two. {F1}\n\n## Three\n\n!ask Four five?").words == 5


@pytest.mark.parametrize(
    ("heading", "address"),
    [("In short", "in-short"), ("What’s next?", "whats-next"), ("B-cell ALL", "b-cell-all")],
)
def test_a_heading_has_an_anchor(heading, address):
    assert slug(heading) == address


# front matter


def test_front_matter_is_separated_from_the_body():
    front, body, line = split_front("a.md", '+++\nid = "x"\n+++\nBody. {F1}\n')

    assert (front.root.text("id"), body, line) == ("x", "Body. {F1}\n", 4)
    assert front.errors == []


def test_front_matter_can_have_windows_line_endings():
    front, body, line = split_front("a.md", '+++\r\nid = "x"\r\n+++\r\n\r\nBody.\r\n')

    assert (front.root.text("id"), body, line) == ("x", "\nBody.\n", 4)


@pytest.mark.parametrize("raw", ["", "Body.", '+++\nid = "x"\n', '\n+++\nid = "x"\n+++\n'])
def test_a_text_without_front_matter_is_an_error(raw):
    front, _, _ = split_front("a.md", raw)

    assert [str(f) for f in front.errors] == [
        "a.md:1: must start with front matter between two lines of +++"
    ]


def test_a_syntax_error_in_the_front_matter_has_its_line_in_the_file():
    front, _, _ = split_front("a.md", '+++\nid = "x"\ntitle =\n+++\n')

    assert [(f.file, f.line) for f in front.errors] == [("a.md", 3)]
