"""Unkind words, spelling, and typography in every visible text."""

from __future__ import annotations

import pytest

from learn.authoring.language import all_texts, language
from tests.library.small import ABOUT, BANK, FIGURE, FIRST, GLOSSARY, SOURCE, TOPICS, Small


def errors(small: Small) -> list[str]:
    return [str(error) for error in language(small.content())]


def about(small: Small, words: str) -> list[str]:
    """What is said about `words` as the why of an answer."""
    small.change(BANK, 'why = "It pumps."', f"why = '''{words}'''")
    return [error.partition("where: heart: why: ")[2] for error in errors(small)]


@pytest.mark.parametrize(
    "word",
    [
        *("wrong", "Wrongly", "fail", "failed", "failure", "incorrect", "error", "errors"),
        *("victim", "battle", "battling", "suffer", "suffering", "Unfortunately", "obviously"),
        *("simply", "of course", "Of course"),
    ],
)
def test_words_on_the_list_are_reported(small, word):
    assert about(small, f"It is {word} here.") == [f"a word we do not use: “{word}”"]


@pytest.mark.parametrize(
    "word",
    [
        *("tumour", "Tumours", "leukaemia", "anaemia", "haemoglobin", "colour", "coloured"),
        *("behaviour", "centre", "fibres", "paediatric", "diarrhoea", "oesophageal", "organise"),
        *("recognised", "randomisation", "programme", "practise", "whilst", "judgement"),
        *("realise", "analysed", "labelled", "counselling", "grey", "foetal", "defence"),
    ],
)
def test_british_spellings_are_reported(small, word):
    assert about(small, f"It is {word} here.") == [f"British spelling: “{word}”"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("It's here.", "a straight quote: “It's”"),
        ('Say "yes" now.', 'a straight quote: “"yes"”'),
        ("It is—now—here.", "a dash as punctuation: “is—now—here.”"),
        ("It is – now.", "a dash as punctuation: “is – now.”"),
        ("It is - now.", "a dash as punctuation: “is - now.”"),
        ("It is -- now.", "a dash as punctuation: “is -- now.”"),
        ("It is  here.", "two spaces in a row: “is here.”"),
        ("Most ALL patients know.", "a person is not the illness: “ALL patients”"),
    ],
)
def test_punctuation_and_names_are_checked(small, words, error):
    assert error in about(small, words)


@pytest.mark.parametrize(
    "words",
    [
        *("About 5–10 of them, on pages 102–110.", "“It’s Sam’s,” she said.", "A well-known word."),
        *("An organism, an organ, an emphasis, an analysis.", "A center, a program, a practice."),
        *("Simple, not simply put.".replace("simply", "easily"), "Wrongful.", "All patients know."),
    ],
)
def test_correct_text_passes(small, words):
    assert about(small, words) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        (FIRST, "It makes blood.", "An error. {F1} It makes blood.", ("An error", "")),
        (FIRST, "## The soft", "## An error: the soft", ("## An error", "")),
        (FIRST, "!ask How", "!ask An error? How", ("## What this means", "!ask: ")),
        (FIRST, 'title = "Where', 'title = "An error where', ("+++\nid", "title: ")),
        (FIRST, 'about = "The', 'about = "An error. The', ("+++\nid", "about: ")),
        (ABOUT, "We read", "An error. We read", ("An error", "")),
        (ABOUT, 'title = "About', 'title = "An error. About', ("+++\nid", "title: ")),
        (BANK, "You can tell", "An error. You can tell", ('id = "marrow"\ntopic', "you_can: ")),
        (
            BANK,
            'ask_care_team = "How',
            'ask_care_team = "An error? How',
            ('id = "marrow"\ntopic', "ask_care_team: "),
        ),
        (BANK, "The heart makes", "An error makes", ('id = "marrow"\ntopic', "heart: belief: ")),
        (BANK, "It pumps blood.", "An error.", ('id = "marrow"\ntopic', "heart: truth: ")),
        (
            BANK,
            'ask = "Where',
            'case = "An error."\nask = "Where',
            ('id = "where"', "where: case: "),
        ),
        (BANK, "Where is blood", "An error? Where is blood", ('id = "where"', "where: ask: ")),
        (BANK, "In the heart", "An error", ('id = "where"', "where: heart: text: ")),
        (GLOSSARY, "The soft middle", "An error", ("[marrow]", "marrow: meaning: ")),
        (TOPICS, "Where they", "An error where they", ("[cells]", "about: ")),
        (FIGURE, "A bone, cut", "An error, cut", ("<svg", "desc: ")),
        (FIGURE, "The marrow", "An error", ("<svg", "title: ")),
        (FIGURE, "<path", '<text x="1">An error</text><path', ("<svg", "text: ")),
        (SOURCE, "The number differs", "An error differs", ("[[note]]", "D1: ")),
        (SOURCE, "We leave it", "An error. We leave it", ("[[note]]", "D1: ")),
        (SOURCE, "Flat bones", "An error", ("[[added]]", "A-bones: ")),
        (SOURCE, "A Handbook", "An error", ("[[added]]", "A-bones: ")),
        (SOURCE, "Costs.", "An error.", ("[[not_covered]]", "not_covered: ")),
        (SOURCE, "Marrow is soft", "An error", ('[[fact]]\nid = "F2"', "F2: ")),
        (SOURCE, "The number is", "An error is", ('[[fact]]\nid = "F4"', "F4: ")),
    ],
)
def test_every_text_is_checked_and_named_by_its_place(small, file, old, new, error):
    small.change(file, old, new)
    at, where = error

    assert errors(small) == [small.at(file, at, f"{where}a word we do not use: “error”")]


def test_the_targets_of_a_match_are_checked(small):
    small.change(
        "bank/jobs/oxygen.toml",
        "[[question]]",
        """\
[[question]]
id = "pairs"
kind = "match"
ask = "Which job?"
facts = ["F3"]
[question.targets]
a = "Carries oxygen"
b = "Fights with an error"
[[question.row]]
id = "red"
text = "Red"
target = "a"
why = "x"
misconception = "fight"
[[question.row]]
id = "white"
text = "White"
target = "b"
why = "x"
misconception = "fight"
[[question]]""",
    )

    assert "pairs: target b: a word we do not use: “error”" in errors(small)[0]


def test_resources_are_checked(small):
    small.write(
        "learn/library/resources.toml",
        """\
# Where to find help.

[[resource]]
id = "clinic"
name = "A clinic"
publisher = "A clinic"
address = "https://clinic.example/"
about = "Tells of an error."
audience = "All"
last_checked = false
""",
    )

    assert errors(small) == [
        "learn/library/resources.toml:3: clinic: about: a word we do not use: “error”"
    ]


def test_official_names_are_exempt(small):
    small.change(SOURCE, "A Handbook", "Haematology Letters")
    assert len(errors(small)) == 1

    small.change(SOURCE, 'publisher = "A', 'names = ["Haematology Letters"]\npublisher = "A')
    assert errors(small) == []


def test_other_names_of_a_term_can_have_another_spelling(small):
    small.change(GLOSSARY, '"RBC"', '"RBC", "haemocyte"')

    assert errors(small) == []


def test_no_text_of_the_content_is_left_out(small):
    texts = {said.text for said in all_texts(small.content())}

    assert {"Where blood is made", "How is my marrow?", "They do.", "Costs.", "The marrow"} <= texts
