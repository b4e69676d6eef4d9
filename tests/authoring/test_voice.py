"""Lessons sound as a nurse would talk, and every claim has a source."""

from __future__ import annotations

import pytest

from learn.authoring.voice import voice
from tests.library.small import ABOUT, BANK, FIGURE, FIRST, GLOSSARY, SOURCE, TOPICS, Small

LONG = "Soft marrow fills the bones and it makes blood all day. {F1} "
LESSON = f"""\
+++
id = "first"
title = "Where blood is made"
topic = "cells"
sections = ["S1"]
about = "The marrow."
reviewed_on = 2026-03-01
reviewed_by = "the editors"
+++

Blood is made in the [[marrow]], which is the soft middle of your bones. {{F1 F2}}

## The soft middle

{LONG * 11}
HERE
Flat bones hold a lot of it, and they do this all your life. {{A-bones}}

## What this means for you

You can ask about your marrow when you see your team next week. {{us}}

!ask How is my marrow?
"""


@pytest.fixture
def small(tmp_path) -> Small:
    """A lesson of 14 long sentences, so that one more is within every share."""
    found = Small(tmp_path)
    found.write(FIRST, LESSON.replace("HERE\n", ""))
    return found


def voice_errors(small: Small) -> list[str]:
    found = (str(error) for error in voice(small.content()))
    return [error.removeprefix(f"{FIRST}:") for error in found if error.startswith(FIRST)]


def voice_errors_with(small: Small, words: str) -> list[str]:
    """Return what `voice` reports once `words` stand in the lesson."""
    small.write(FIRST, LESSON.replace("HERE", words))
    return [error.partition(": ")[2] for error in voice_errors(small)]


def test_a_lesson_that_reads_well_has_no_errors(small):
    assert voice_errors(small) == []


@pytest.mark.parametrize(
    "long",
    [
        "do not",
        "does not",
        "is not",
        "cannot",
        "They are",
        "you are",
        "have not",
        "It is",
        "There is",
    ],
)
def test_a_contraction_is_wanted_where_people_use_one(small, long):
    assert voice_errors_with(small, f"{long} what people would say aloud to a friend. {{us}}") == [
        f"people would use a contraction: “{long}”"
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Ask your team what it is, and where they are.",
        "Your team can show you where it is in your results.",
        "You can ask how it will go if you don’t know.",
    ],
)
def test_no_contraction_is_wanted_where_none_is_possible(small, words):
    assert voice_errors_with(small, f"{words} {{us}}") == []


@pytest.mark.parametrize(
    ("odd", "better"),
    [
        ("goes astray", "doesn’t mature the way it should"),
        ("whom", "who"),
        ("on the internet", "online"),
        ("is to blame", "it’s not your fault"),
        ("feel ill", "sick"),
    ],
)
def test_an_odd_phrase_comes_with_a_better_one(small, odd, better):
    errors = voice_errors_with(
        small, f"Say something that {odd} in this long sentence of ours. {{us}}"
    )

    assert len(errors) == 1
    assert errors[0].startswith("this sounds odd: “")
    assert errors[0].endswith(f"better: {better}")


@pytest.mark.parametrize(
    ("file", "old"),
    [
        (ABOUT, "We read one page"),
        (GLOSSARY, "A cell that carries"),
        (TOPICS, "Where they are made"),
        (FIGURE, "A bone, cut open"),
        (BANK, "You can tell where"),
    ],
)
def test_odd_phrases_are_found_in_every_text_of_ours(small, file, old):
    small.change(file, old, f"It goes astray. {old}")

    assert [error for error in voice(small.content()) if "goes astray" in str(error)]


@pytest.mark.parametrize(
    "words",
    [
        "A fever means something here, as anyone will tell you.",
        "Most people take aspirin for this when they’re at home.",
        "About 5 of these things happen to people every year.",
        "Imatinib is what your doctor will often choose for it.",
        "This is inherited in families, as many people think it is.",
    ],
)
def test_a_medical_claim_names_its_source(small, words):
    [error] = voice_errors_with(small, f"{words} {{us}}")

    assert error.endswith("is a medical claim: name its source, not only “us”")
    assert voice_errors_with(small, f"{words} {{A-bones}}") == []


@pytest.mark.parametrize(
    "words",
    [
        "Do you have a fever or a rash right now, today?",
        "The page “What a fever means” tells you more about all this.",
    ],
)
def test_a_question_and_a_title_claim_nothing(small, words):
    assert voice_errors_with(small, f"{words} {{us}}") == []


@pytest.mark.parametrize("who", ["our source", "The editors", "Our editors"])
def test_nobody_speaks_of_the_source_in_a_lesson(small, who):
    [error] = voice_errors_with(small, f"{who} tell you nothing about this, as you may see. {{us}}")

    assert error.startswith(f"readers have no use for “{who}” here")


def test_short_sentences_are_few(small):
    short = "It makes your blood in there. {F1} "

    assert voice_errors_with(small, short * 3) == []
    [error] = voice_errors_with(small, short * 4)
    assert error.startswith("4 of 18 sentences have 6 words or fewer, 1 in 5 at most: line 15 “It")


def test_sentences_are_long_enough_on_average(small):
    [error] = voice_errors_with(small, "It makes your blood all day long. {F1} " * 40)

    assert error.startswith("8.2 words a sentence of running text: at least 10 on average")


def test_what_to_do_in_an_emergency_may_be_short(small):
    small.change(
        SOURCE,
        '[[section]]\nid = "S1"',
        '[safety]\ncall-911 = ["A-bones"]\n\n[[section]]\nid = "S1"',
    )

    assert voice_errors_with(small, "Call them now. {A-bones} " * 9) == []


def test_denials_are_few(small):
    denial = "This isn’t something that will ever come back to haunt you. {us} "

    assert voice_errors_with(small, denial * 2) == []
    [error] = voice_errors_with(small, denial * 3)
    assert error.startswith("3 of 17 sentences say what isn’t so, 1 in 6 at most: line 15 “This")


def test_saying_what_a_fact_denies_is_no_denial(small):
    small.change(SOURCE, 'says = "Marrow is soft."', 'says = "Marrow is not hard."')

    assert (
        voice_errors_with(small, "This isn’t something that is as hard as a bone is. {F2} " * 4)
        == []
    )


def test_a_condition_is_no_denial(small):
    words = "If you can’t reach them, go there with someone from your family. {us} "

    assert voice_errors_with(small, words * 4) == []


@pytest.mark.parametrize("rule", ["short-sentences", "negations"])
def test_a_lesson_is_exempt_with_a_reason(small, rule):
    words = "It isn’t so. {us} " * 6
    assert len(voice_errors_with(small, words)) == 3
    exempt = LESSON.replace('topic = "cells"', f'topic = "cells"\nexempt = {{ {rule} = "why" }}')
    small.write(FIRST, exempt.replace("HERE", words))

    assert len(voice_errors(small)) == {"short-sentences": 1, "negations": 2}[rule]


def test_an_exemption_names_a_rule(small):
    small.change(FIRST, 'topic = "cells"', 'topic = "cells"\nexempt = { words = "why" }')

    assert "1: unknown rule “words” under “exempt”: negations, short-sentences" in voice_errors(
        small
    )


def test_a_term_is_explained_where_it_stands_first(small):
    [error] = voice_errors_with(
        small, "Every red cell is made there too, as you may have heard. {F1}"
    )
    assert error == "say here what “red cell” means: on paper there is no glossary"

    assert (
        voice_errors_with(small, "Every red cell is made there too, to carry oxygen for you. {F1}")
        == []
    )


def test_an_everyday_term_needs_no_explanation(small):
    small.change(GLOSSARY, 'plain = "cell"', 'plain = "cell"\neveryday = true')

    assert (
        voice_errors_with(small, "Every red cell is made there too, as you may have heard. {F1}")
        == []
    )
