"""`learn source check`: changes in the source document."""

from __future__ import annotations

import textwrap
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.authoring.source_check import (
    check_source,
)
from learn.authoring.source_text import Sentence
from tests.authoring.source_edits import (
    ANCHORS,
    EVERY,
    FACTS,
    HEADINGS,
    READ,
    SAID,
    TWICE,
    check,
    edited,
    sections,
)
from tests.second_document import TEXT

# the made-up document itself


def test_the_test_document_fits_these_tests():
    assert len(SAID) == 24
    assert [*HEADINGS] == ["S1", "S2", "S3", "S4", "S5"]
    assert [n for n, s in enumerate(SAID, 1) if s.text == TWICE] == [8, 24]
    assert {f for facts in FACTS.values() for f in facts} == {*EVERY}
    # the second of the two equal sentences has an anchor of its own, and facts of its own
    assert sum(len(a.facts) for a in ANCHORS) == len(EVERY)


# what does not ring


def test_an_unchanged_document_has_no_changes():
    checked = check(TEXT)

    assert checked.is_unchanged
    assert checked.anchored == EVERY
    assert (checked.changed, checked.missing, checked.new_sentences) == ((), (), 0)
    assert checked.touched == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("\n", "\r\n"),
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace("- ", "• "),
        TEXT.replace("- A ", "1. A "),
        TEXT.replace("# ", "### "),
        TEXT.replace("# Caring", "Caring").replace("#", ""),
        TEXT.upper(),
        TEXT.replace(", ", " – ").replace(".", "!"),
        TEXT.replace("quiet", "“quiet”").replace("soil", "**soil**"),
        "\n".join(textwrap.fill(line, 50, break_on_hyphens=False) for line in TEXT.split("\n")),
        TEXT.replace(". ", ".\n\n"),  # each sentence a paragraph
    ],
    ids=[
        "windows",
        "hard-spaces",
        "bullets",
        "numbers",
        "headings",
        "plain-headings",
        "capitals",
        "marks",
        "emphasis",
        "wrapped",
        "paragraphs",
    ],
)
def test_typography_changes_nothing(text):
    assert text != TEXT
    assert check(text).is_unchanged


def test_a_section_that_moved_changes_nothing():
    title, water, bring, plants, patients = sections()

    assert check(f"{title}{patients}{plants}{bring}{water}").is_unchanged


def test_a_renamed_heading_changes_no_fact():
    checked = edited(("Working Near Patients", "How to Behave"))

    assert checked.anchored == EVERY
    assert [(n.text, n.is_heading) for n in checked.new] == [("How to Behave", True)]
    assert [a.facts for a in checked.removed] == [()]
    assert checked.new_sentences == 0
    assert not checked.is_unchanged


def test_an_edited_heading_is_a_change_without_a_fact():
    checked = edited(("Working Near Patients", "Working Near the Patients"))

    assert checked.anchored == EVERY
    assert [(c.anchor.facts, c.now) for c in checked.changes] == [((), "Working Near the Patients")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", while the soil is still cool", ". While the soil is still cool"),
        (" two inches into the soil, and wait", " two inches into the soil. And wait"),
        ("every season of the year. Nobody", "every season of the year, and nobody"),
        ("by noon. Wash", "by noon; wash"),
        ("let people rest. Ask", "let people rest, but ask"),
        (
            "people rest. Ask before you sit down beside somebody. If",
            "people rest: ask before you sit down beside somebody, and if",
        ),
    ],
)
def test_split_or_joined_sentences_stay_anchored(old, new):
    assert edited((old, new)).is_unchanged


# what rings


@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        ("early in the morning", "late in the morning", ["F4"]),
        ("one deep soak", "two deep soak", ["F5", "F25"]),
        ("which is a danger", "which is no danger", ["F18", "F26", "F27"]),
        ("two inches", "2 inches", ["F6"]),
    ],
)
def test_one_edited_word_reports_only_the_facts_of_its_sentence(old, new, facts):
    checked = edited((old, new))

    assert [*checked.changed] == facts
    assert checked.missing == ()
    assert checked.anchored == tuple(f for f in EVERY if f not in facts)
    assert [c.anchor.facts for c in checked.changes] == [tuple(facts)]
    assert new in checked.changes[0].now
    assert checked.new == ()
    assert checked.touched == {*facts}


def test_a_removed_paragraph_is_missing():
    _title, water, *_ = sections()
    paragraph = water.strip().split("\n\n")[1]
    checked = edited((paragraph.removesuffix(TWICE), ""))

    assert checked.missing == ("F4", "F5", "F6", "F7", "F25")
    assert (checked.changed, checked.changes, checked.new) == ((), (), ())
    assert {f for a in checked.removed for f in a.facts} == {*checked.missing}


def test_a_removed_section_is_missing_with_its_facts_and_heading():
    title, water, bring, _plants, patients = sections()
    checked = check(f"{title}{water}{bring}{patients}")

    assert checked.missing == ("F16", "F17", "F18", "F19", "F26", "F27")
    assert len(checked.removed) == 5


def test_a_new_paragraph_is_new_and_touches_no_fact():
    checked = edited(
        ("# What to Bring\n", "# What to Bring\n\nParking costs nothing. The bus stops close by.\n")
    )

    assert checked.anchored == EVERY
    assert checked.new_sentences == 2
    assert [(n.section, n.text) for n in checked.new] == [
        ("S3", "Parking costs nothing."),
        ("S3", "The bus stops close by."),
    ]
    assert (checked.changes, checked.removed) == ((), ())


def test_a_new_section_is_new_with_its_heading():
    checked = check(f"{TEXT}\n## Parking\n\nParking costs nothing.\n")

    assert [(n.text, n.is_heading) for n in checked.new] == [
        ("Parking", True),
        ("Parking costs nothing.", False),
    ]
    assert checked.new_sentences == 1
    assert checked.touched == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        ("beside somebody.", "beside somebody who reads.", ("F21",)),
        ("Speak softly", "Please do speak softly", ("F20",)),
        ("even when they are dried", "even when they are not dried", ("F17",)),
        # split in two, and one word more in the second part
        (", and wait if it feels damp", ". And wait if it feels damp, always", ("F6",)),
        # joined, and one word more
        ("let people rest. Ask", "let people rest, but never ask", ("F20", "F21")),
    ],
)
def test_added_words_change_the_sentence(old, new, facts):
    checked = edited((old, new))

    assert (checked.changed, checked.missing) == (facts, ())
    assert checked.new == ()


def test_a_split_and_extended_sentence_is_shown_whole():
    checked = edited(("while the soil is still cool", "while the soil is cool. Never at night"))

    assert checked.changed == ("F4",)
    assert checked.changes[0].now.startswith("Water the beds early in the morning")

    grown = edited((", while the soil is still cool.", ". While the soil is still cool, please."))
    assert [c.now for c in grown.changes] == [
        "Water the beds early in the morning. While the soil is still cool, please."
    ]


@pytest.mark.parametrize(("place", "fact"), [(0, "F8"), (1, "F24")])
def test_of_two_equal_sentences_one_can_be_edited(place, fact):
    parts = TEXT.split(TWICE)
    now = "Wash both hands before and after you touch the soil."
    joints = [TWICE, TWICE]
    joints[place] = now
    checked = check(parts[0] + joints[0] + parts[1] + joints[1] + parts[2])

    assert (checked.changed, checked.missing) == ((fact,), ())
    assert [(c.section, c.now) for c in checked.changes] == [(("S2", "S5")[place], now)]
    assert checked.new == ()


@pytest.mark.parametrize(("place", "fact"), [(0, "F8"), (1, "F24")])
def test_of_two_equal_sentences_one_can_be_removed(place, fact):
    parts = TEXT.split(TWICE)
    joints = [TWICE, TWICE]
    joints[place] = ""
    checked = check(parts[0] + joints[0] + parts[1] + joints[1] + parts[2])

    assert (checked.changed, checked.missing) == ((), (fact,))


def test_a_short_sentence_matches_only_a_whole_sentence():
    checked = edited(("- A sun hat\n", ""), ("drinking water", "drinking water, and a sun hat"))

    assert "F11" in checked.touched


def test_in_another_document_all_facts_are_missing():
    checked = check("# Tea\n\nBoil it first. Pour it slowly.")

    assert checked.anchored == ()
    assert {*checked.missing} == {*EVERY}
    assert checked.new_sentences == 2


@pytest.mark.parametrize("text", ["...", "# \n\n---\n"])
def test_in_an_empty_document_all_facts_are_missing(text):
    checked = check(text)

    assert checked.missing == EVERY
    assert (checked.anchored, checked.changed, checked.new) == ((), (), ())


def test_without_anchors_everything_is_new():
    checked = check_source(READ, [], HEADINGS)

    assert checked.new_sentences == 24
    assert len(checked.new) == 29


# any edit


LOOKS = st.fixed_dictionaries(
    {
        "dash": st.sampled_from([",", " –", " -", ":", " --"]),
        "quote": st.sampled_from(["", "“", '"', "‘"]),
        "bullet": st.sampled_from(["-", "•", "*", "4.", "(2)"]),
        "space": st.sampled_from([" ", "  ", "\u00a0", "\n"]),
    }
)
PARTS = st.permutations([[s for s in READ if s.heading == h] for h in HEADINGS.values()])


def written(parts: list[list[Sentence]], look: dict[str, str]) -> str:
    """Return the document again, each sentence in a paragraph of its own."""
    lines = []
    for sentence in chain.from_iterable(parts):
        text = sentence.text.replace(", ", f"{look['dash']} ")
        text = text.replace(" the ", f"{look['space']}the ")
        if sentence.is_heading:
            lines.append(f"# {sentence.text}")
        elif text[-1] in ".:":
            lines.append(f"{look['quote']}{text}")
        else:
            lines.append(f"{look['bullet']} {text}")
    return "\n\n".join(lines)


@settings(deadline=None)
@given(PARTS, LOOKS)
def test_order_of_sections_and_typography_never_change_a_fact(parts, look):
    checked = check(written(parts, look))

    assert checked.anchored == EVERY
    assert checked.is_unchanged


@settings(deadline=None)
@given(PARTS, LOOKS, st.integers(1, len(SAID)), st.integers(min_value=0, max_value=30))
def test_one_changed_word_touches_only_the_facts_of_its_sentence(parts, look, number, at):
    target = SAID[number - 1]
    tokens = target.text.split()
    at %= len(tokens)
    end = tokens[at][-1] if tokens[at][-1] in ".,:" else ""
    tokens[at] = f"zebra{end}"
    now = Sentence(" ".join(tokens), target.heading)
    parts = [[now if s is target else s for s in part] for part in parts]
    checked = check(written(parts, look))

    assert checked.touched == {*FACTS[number]}
    assert {*checked.anchored} == {*EVERY} - {*FACTS[number]}
    if len(tokens) > 3:  # else too little is left of it to tell it from a new one
        assert {*checked.changed} == {*FACTS[number]}
        assert checked.new == ()
