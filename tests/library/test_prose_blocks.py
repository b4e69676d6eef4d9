"""Blocks of a lesson: lists, pictures, pauses, and questions for the care team."""

from __future__ import annotations

import pytest

from learn.library.lessons import anchors
from learn.library.prose import (
    Element,
    ElementKind,
)
from tests.library.parsing import errors, good


def kinds(elements: tuple[Element, ...]) -> list[ElementKind]:
    return [element.kind for element in elements]


def test_headings_split_the_text_into_blocks():
    text = good("Lead. {F1}\n\n## One thing\n\nA. {F1}\n\n## Another’s thing!\n\nB. {F1}")

    assert (text.lead.id, text.lead.heading) == ("", "")
    assert [(b.id, b.heading, b.line) for b in text.blocks] == [
        ("one-thing", "One thing", 3),
        ("anothers-thing", "Another’s thing!", 7),
    ]
    assert text.all_blocks == (text.lead, *text.blocks)


@pytest.mark.parametrize("heading", ["Same", "same!", "SAME"])
def test_a_heading_used_twice_is_an_error(heading):
    assert errors(f"## Same\n\n## Other\n\n## {heading}\n") == [
        f"5: the heading “{heading}” is used twice"
    ]


@pytest.mark.parametrize("line", ["# One", "### Three", "##None"])
def test_only_second_level_headings_are_allowed(line):
    assert errors(f"Lead. {{F1}}\n\n{line}\n") == [
        "3: only headings of the second level (##) are used"
    ]


def test_a_list_has_a_row_for_each_item():
    text = good("- One. {F1}\n- Two. {F2} And\n  more. {F3}\n\nAfter. {F4}")
    first, second = text.lead.elements

    assert kinds(text.lead.elements) == [ElementKind.LIST, ElementKind.PARAGRAPH]
    assert [[p.plain for p in row] for row in first.rows] == [["One."], ["Two.", "And more."]]
    assert [p.line for row in first.rows for p in row] == [1, 2, 2]
    assert second.line == 5


def test_a_list_can_follow_a_paragraph_without_an_empty_line():
    assert kinds(good("These: {F1}\n- One. {F1}\n- Two. {F1}").lead.elements) == [
        ElementKind.PARAGRAPH,
        ElementKind.LIST,
    ]


def test_a_figure_has_a_name_and_facts():
    [figure] = good("!figure four-words {F1 F2}").lead.elements

    assert (figure.kind, figure.name, figure.facts) == (
        ElementKind.FIGURE,
        "four-words",
        ("F1", "F2"),
    )


def test_a_figure_separates_two_paragraphs():
    assert kinds(good("One. {F1}\n!figure x {F1}\nTwo. {F1}").lead.elements) == [
        ElementKind.PARAGRAPH,
        ElementKind.FIGURE,
        ElementKind.PARAGRAPH,
    ]


@pytest.mark.parametrize(
    "line", ["!figure x", "!figure X {F1}", "!figure {F1}", "!figure x {F1} y"]
)
def test_a_malformed_figure_is_an_error(line):
    assert errors(f"\n{line}") == ["2: a figure is written as !figure its-name {F1 F2}"]


def test_a_picture_in_steps_has_a_name_and_facts():
    [picture] = good("!steps how-it-begins {F1 F2}").lead.elements

    assert (picture.kind, picture.name, picture.facts) == (
        ElementKind.STEPS,
        "how-it-begins",
        ("F1", "F2"),
    )


@pytest.mark.parametrize("line", ["!steps x", "!steps X {F1}", "!steps {F1}", "!steps x {F1} y"])
def test_a_picture_in_steps_that_is_written_badly_is_an_error(line):
    assert errors(f"\n{line}") == ["2: a picture in steps is written as !steps its-name {F1 F2}"]


@pytest.mark.parametrize(("line", "said"), [("!video x", "!video"), ("!asks", "!asks"), ("!", "!")])
def test_an_unknown_directive_is_an_error(line, said):
    assert errors(f"\n\n{line}") == [f"3: unknown line “{said}”"]


@pytest.mark.parametrize(
    ("count", "share"), [(25, "25 out of 100"), (25, "1 in 4"), (80, "4 in 5"), (7, "7 in 100")]
)
def test_an_icon_array_shows_the_share_its_text_names(count, share):
    [people] = good(f"!people {count} About {share} adults have it. {{F1}}").lead.elements

    assert (people.kind, people.count) == (ElementKind.PEOPLE, count)
    assert [p.plain for p in people.rows[0]] == [f"About {share} adults have it."]


@pytest.mark.parametrize(
    "line",
    [
        "!people 25 About 20 out of 100 have it. {F1}",
        "!people 25 About 1 in 5 have it. {F1}",
        "!people 25 About 11 in 40 have it. {F1}",
        "!people 25 Some have it. {F1}",
        "!people 0 About 0 out of 100 have it. {F1}",
        "!people many About 25 out of 100 have it. {F1}",
    ],
)
def test_an_icon_array_that_differs_from_its_text_is_an_error(line):
    [error] = errors(line)

    assert error.startswith("1: an icon array is written as !people 25 About 25 out of 100 ")


def test_a_pause_has_a_question_and_an_answer_with_its_facts():
    text = good("!pause Which cells carry oxygen? | Red ones do. {F1} They’re [[red]]. {F2}")
    [pause] = text.lead.elements

    assert (pause.kind, pause.prompt) == (ElementKind.PAUSE, "Which cells carry oxygen?")
    assert [(p.plain, p.facts) for p in pause.rows[0]] == [
        ("Red ones do.", ("F1",)),
        ("They’re red.", ("F2",)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "!pause Which cells carry oxygen?",
        "!pause Which cells carry oxygen? |",
        "!pause Which cells carry oxygen? | {F1}",
        "!pause Think about oxygen. | Red ones do. {F1}",
        "!pause | Red ones do. {F1}",
        "!pause Which? | Red ones. {F1} | White ones. {F2}",
    ],
)
def test_a_pause_without_a_question_or_an_answer_is_an_error(line):
    [error] = errors(f"Lead. {{F1}}\n\n{line}")

    assert error.startswith("3: a pause is written as !pause ")


def test_the_answer_of_a_pause_says_what_it_rests_on():
    assert errors("!pause Which? | Red ones do. {F1} They’re red.") == [
        "1: no marker says what this rests on: “They’re red.”"
    ]


def test_a_fact_never_leads_to_the_folded_answer_of_a_pause():
    text = good("## H\n\n!pause Which? | Red ones. {F1 F2}\n\nRed ones do. {F1}")

    assert anchors(text) == {"F1": "f1"}
    assert [*text.blocks[0].facts] == ["F1"]


def test_the_words_of_a_pause_are_no_running_text():
    assert good("One two. {F1}\n\n!pause Three? | Four. {F1}").words == 2


def test_a_question_for_the_care_team_belongs_to_its_block():
    text = good("Lead. {F1}\n\n## For you\n\nAsk. {us}\n\n!ask  What now? ")

    assert [b.care_questions for b in text.all_blocks] == [(), ("What now?",)]


def test_a_block_may_have_several_questions_in_their_order():
    text = good("Lead. {F1}\n\n## For you\n\nAsk. {us}\n\n!ask One?\n!ask Two?\n\n!ask Three?")

    assert text.care_questions == ("One?", "Two?", "Three?")
    assert text.words == 5


def test_a_block_knows_all_facts_it_is_based_on():
    text = good("One. {F1}\n\n!figure x {F2}\n\n- Two. {F3 us}")

    assert [*text.lead.facts] == ["F1", "F3", "us", "F2"]
