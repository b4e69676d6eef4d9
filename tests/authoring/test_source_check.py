"""`learn source check`: changes in the source document, and the content they affect."""

from __future__ import annotations

import json
import textwrap
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learn.authoring.source_anchors import anchors_of
from learn.authoring.source_check import (
    Dependents,
    SourceCheck,
    check_source,
    dependents,
    to_json,
)
from learn.authoring.source_text import Sentence, read_sentences
from tests.library.small import BANK, SECOND
from tests.second_document import TEXT

READ = read_sentences(TEXT)
HEADINGS = {
    f"S{n}": heading
    for n, heading in enumerate((s.text for s in READ if s.is_heading), 1)  # in order
}
SAID = [s for s in READ if not s.is_heading]
MORE = {5: ["F25"], 18: ["F26", "F27"]}  # sentences that carry more than one fact
FACTS = {n: [f"F{n}", *MORE.get(n, [])] for n in range(1, len(SAID) + 1)}
ANCHORS = anchors_of(TEXT, HEADINGS, {READ.index(s): FACTS[n] for n, s in enumerate(SAID, 1)})
EVERY = tuple(f"F{n}" for n in range(1, 28))
TWICE = "Wash your hands before and after you touch the soil."


def check(text: str) -> SourceCheck:
    return check_source(text, ANCHORS, HEADINGS)


def edited(*changes: tuple[str, str]) -> SourceCheck:
    """Check the document after replacing these passages, each of which occurs once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return check(text)


def sections() -> list[str]:
    """Return the parts of the document, each with its heading."""
    first, *others = TEXT.split("\n## ")
    return [first, *(f"\n## {other}" for other in others)]


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
    checked = check_source(TEXT, [], HEADINGS)

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


# what hangs on it


@pytest.mark.parametrize(
    ("facts", "lessons", "objectives", "questions"),
    [
        ([], (), (), ()),
        (["F1"], ("first", "second"), ("marrow",), ("where",)),
        (["F2"], ("first",), (), ()),
        (["F3"], ("second",), ("oxygen",), ("job",)),
        (["F4"], (), (), ()),
        (["A-bones"], ("first",), ("marrow",), ("where",)),
        (["F2", "F3"], ("first", "second"), ("oxygen",), ("job",)),
        (["F1", "F3"], ("first", "second"), ("marrow", "oxygen"), ("where", "job")),
        (["F99"], (), (), ()),
    ],
)
def test_exactly_these_lessons_objectives_and_questions_depend_on_facts(
    small, facts, lessons, objectives, questions
):
    assert dependents(small.content(), facts) == Dependents(lessons, objectives, questions)


def test_a_rationale_makes_its_question_and_objective_depend_on_its_fact(small):
    small.change(BANK, 'why = "It pumps."', 'why = "It pumps."\nfacts = ["F3"]')

    assert dependents(small.content(), ["F3"]) == Dependents(
        ("second",), ("marrow", "oxygen"), ("where", "job")
    )


def test_an_objective_depends_on_a_fact_that_no_question_asks(small):
    small.change(BANK, 'facts = ["F1"]\nask_care', 'facts = ["F1", "F2"]\nask_care')

    assert dependents(small.content(), ["F2"]) == Dependents(("first",), ("marrow",), ())


def test_a_picture_depends_on_its_facts(small):
    small.change(
        SECOND,
        "## What this means for you\n",
        "!figure marrow {F3}\n\n## What this means for you\n",
    )
    small.change(SECOND, "Red cells]] carry oxygen. {F3}", "Red cells]] are here. {us}")
    small.change("bank/jobs/oxygen.toml", 'facts = ["F3"]\nask_care', 'facts = ["us"]\nask_care')

    assert dependents(small.content(), ["F3"]).lessons == ("second",)


# for machines


def test_the_json_report_has_a_fixed_shape():
    checked = edited(
        ("early in the morning", "late in the morning"),
        ("Ask before you sit down beside somebody. ", ""),
        ("# What to Bring\n", "# What to Bring\n\nParking costs nothing.\n"),
    )
    hanging = Dependents(("a-lesson",), ("an-objective",), ("a-question", "another"))

    assert json.loads(json.dumps(to_json(checked, hanging, HEADINGS))) == {
        "sections": [
            {
                "id": "S2",
                "heading": "Watering the Beds",
                "changed": ["Water the beds late in the morning, while the soil is still cool."],
                "removed": [],
                "new": [],
            },
            {
                "id": "S3",
                "heading": "What to Bring",
                "changed": [],
                "removed": [],
                "new": ["Parking costs nothing."],
            },
            {
                "id": "S5",
                "heading": "Working Near Patients",
                "changed": [],
                "removed": [["F21"]],
                "new": [],
            },
        ],
        "facts": {"anchored": 25, "changed": ["F4"], "missing": ["F21"]},
        "new_sentences": 1,
        "lessons": ["a-lesson"],
        "points": [],
        "objectives": ["an-objective"],
        "questions": ["a-question", "another"],
    }


def test_the_json_report_without_changes_has_the_same_shape():
    assert to_json(check(TEXT), Dependents((), (), ()), HEADINGS) == {
        "sections": [],
        "facts": {"anchored": 27, "changed": [], "missing": []},
        "new_sentences": 0,
        "lessons": [],
        "points": [],
        "objectives": [],
        "questions": [],
    }
