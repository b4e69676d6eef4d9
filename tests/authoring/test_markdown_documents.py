"""Read Markdown: its words alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learn.authoring.documents.blocks import BOLD_DOUBT, CODE_DOUBT, LINK_DOUBT
from learn.authoring.documents.read import read_text


def sentences(text: str) -> list[str]:
    return [s.text for s in read_text(text).sentences if not s.is_heading]


def headings(text: str) -> list[str]:
    return [s.text for s in read_text(text).sentences if s.is_heading]


FRONT = """\
---
title: "Caring for a cut"   # for the tab
lang: es
tags:
- skin
- home
date: 2026-02-03
---

Wash it.

## Later

Dry it.
"""


@pytest.mark.parametrize(
    "text",
    [
        FRONT,
        FRONT.replace("\n", "\r\n"),
        "\ufeff" + FRONT,
        '+++\ntitle = "Caring for a cut"\nlang = "es"\ndate = 2026-02-03\n+++\n\nWash it.\n\n## Later\n\nDry it.\n',  # noqa: E501
    ],
    ids=["yaml", "windows", "mark", "toml"],
)
def test_front_matter_gives_its_title_and_no_sentence(text):
    read = read_text(text)

    assert [s.text for s in read.sentences] == ["Wash it.", "Later", "Dry it."]
    assert read.title == "Caring for a cut"


def test_two_rules_with_text_between_are_no_front_matter():
    assert sentences("---\n\nWash it. Now.\n\n---\n\nDry it.") == ["Wash it.", "Now.", "Dry it."]


def test_front_matter_that_never_ends_is_text():
    assert "Wash it." in " ".join(sentences("---\ntitle: x\n\nWash it."))


def test_each_row_of_a_table_is_a_sentence_with_the_heads_of_its_columns():
    assert sentences(
        "| Age | Cups |\n| --- | :-: |\n| Over 9 | 2 a day. More is fine |\n| Under 9 | 1 \\| 2 |\n"
    ) == ["Age: Over 9; Cups: 2 a day. More is fine", "Age: Under 9; Cups: 1 | 2"]


def test_a_wrapped_item_is_one_even_without_an_indent():
    assert sentences("- a nurse for blood, called a\nhematology nurse\n- a cook") == [
        "a nurse for blood, called a hematology nurse",
        "a cook",
    ]


def test_nested_lists_and_quotes_are_read_part_by_part():
    text = "> Eat well.\n>\n> - fruit\n>   - a pear\n>   - a plum\n> - bread\n\n1. Sit"

    assert sentences(text) == [
        "Eat well.", "fruit", "a pear", "a plum", "bread", "Sit",
    ]  # fmt: skip


@pytest.mark.parametrize("bullet", ["•", "◦", "●", "-", "*", "+", "1.", "2)"])
def test_bullets_of_copied_pages_make_items_too(bullet):
    assert sentences(f"You need:\n\n{bullet} Gloves\n{bullet} A hat") == [
        "You need:", "Gloves", "A hat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Call [a nurse](https://a.example/1 'now').", "Call [a nurse](/2)."),
        ("Call [a nurse][n].\n\n[n]: https://a.example", "Call [a nurse][n].\n\n[n]: /b"),
        ("See ![red](a.png) it.", "See ![blue](b.png 'b') it."),
        ("See https://a.example/x?y=1.", "See www.b.example/z."),
        ("See <https://a.example/x>.", "See <https://b.example>."),
        ("Call *a* **nurse** now.", "Call a nurse now."),
        ("Call <b>a nurse</b> now.", "Call <i class='x'>a nurse</i> now."),
        ("Call a nurse.\n\n<!-- 2025\n\nold -->", "Call a nurse.\n\n<!-- 2026 -->"),
        ("Call a nurse.[^1]", "Call a nurse.[^note]"),
        ("Call a nurse.\n{: .lead}", "Call a nurse.\n{: .intro}"),
        ("{:toc}\n\nCall a nurse.", "[TOC]\n\nCall a nurse."),
        ("{{< video 1 >}}\n\nCall.", "{% include x.html %}\n\nCall."),
        ("## When {#a}\n\nCall.", "When {#b}\n----\n\nCall."),
    ],
)
def test_addresses_marks_and_pictures_are_no_part_of_a_sentence(text, other):
    read = [s.words for s in read_text(text).sentences]

    assert read
    assert read == [s.words for s in read_text(other).sentences]


def test_no_short_line_is_guessed_to_be_a_heading():
    text = "## What is it?\n\n[For nurses](/n)\n\nIt is a cut.\n\nNot deep\n\n<p>Wash it</p>"

    assert headings(text) == ["What is it?"]
    assert sentences(text) == ["For nurses", "It is a cut.", "Not deep", "Wash it"]


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("[For nurses](/n)", LINK_DOUBT),
        ("**What to do**", BOLD_DOUBT),
        ("    wash --hands", CODE_DOUBT),
        ("**Wash it.**", ""),
        ("Ask [a nurse](/n)", ""),
        ("- [For nurses](/n)", ""),
    ],
)
def test_a_line_that_may_be_something_else_has_a_doubt(line, doubt):
    [_heading, sentence] = read_text(f"# Cuts\n\n{line}").sentences

    assert (sentence.doubt, sentence.line) == (doubt, 3)


def test_html_blocks_are_read_for_their_words():
    assert sentences(
        "<div class='x'>\n<h3>When</h3>\n<p>Call a nurse. Wait.</p>\n<script>let a = 'b'</script>\n"
        "<table><tr><th>Age<th>Cups<tr><td>9<td>2</table></div>"
    ) == ["Call a nurse.", "Wait.", "Age: 9; Cups: 2"]


def test_a_line_break_ends_what_doesnt_go_on():
    assert sentences("**Nurse**  \nCall at noon<br>or later") == ["Nurse", "Call at noon or later"]


def test_the_lines_of_the_file_are_counted_with_its_front_matter():
    assert [s.line for s in read_text(FRONT).sentences] == [10, 12, 14]


@given(st.text(alphabet="#*_-|>`<!=[](){}\n ab.+:~\\&;1", max_size=120))
def test_any_text_can_be_read(text):
    for sentence in read_text(text).sentences:
        assert sentence.words
        assert sentence.text == " ".join(sentence.text.split())
