"""`learn check --language es` holds translated files against the English ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from learn.authoring.report import check, check_language
from tests.forked import learn
from tests.library.small import BANK, FIRST, GLOSSARY, SETTINGS, TOPICS, Small

ROOT = Path(__file__).parents[2]
LESSON = FIRST.replace(".md", ".es.md")
QUESTIONS = BANK.replace(".toml", ".es.toml")


def found(small: Small, language: str = "es") -> list[str]:
    return [str(error) for error in check_language(SETTINGS, small.folder, language).errors]


def translate(small: Small, name: str, *changes: tuple[str, str]) -> str:
    """Write the sibling of a file in Spanish, with these changes, and return its name."""
    text = small.text(name)
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    stem, _, ending = name.rpartition(".")
    small.write(f"{stem}.es.{ending}", text)
    return f"{stem}.es.{ending}"


def test_without_a_translation_there_is_nothing_to_compare(small):
    report = check_language(SETTINGS, small.folder, "es")

    assert report.errors == ()
    assert report.to_text() == "0 of 12 files are in “es”.\nNo errors."


def test_an_invalid_translated_lesson_is_named_with_file_and_line(small):
    small.write(LESSON, "@@@@ garbage [[[ {F99\n## ¿¿??\n!nonsense\n")
    named = found(small)

    assert named
    assert all(error.startswith(f"{LESSON}:") for error in named if "lessons/" in error)
    assert any(error.startswith(f"{LESSON}:3: unknown line “!nonsense”") for error in named)


def test_an_untranslated_file_is_counted_and_is_no_error(small):
    translate(small, TOPICS)
    report = check_language(SETTINGS, small.folder, "es")

    assert "1 of 12 files are in “es”." in report.to_text()


def test_a_translation_without_its_english_file_is_reported(small):
    small.write("learn/library/lessons/09-extra.es.md", small.text(FIRST))

    assert "learn/library/lessons/09-extra.es.md:1: there is no 09-extra.md that it translates" in (
        found(small)
    )


def test_leftover_english_text_is_reported(small):
    sibling = translate(small, FIRST)
    named = [error for error in found(small) if sibling in error]

    assert all("still in English: “" in error for error in named), named
    assert any("It makes" in error or "Blood is made" in error for error in named)


def test_a_passage_with_other_facts_is_reported(small):
    sibling = translate(small, FIRST, ("soft. {F2}", "blanda. {F1}"))
    assert [f for f in found(small) if "in English {" in f or "and in English paragraph" in f] == [
        small.at(sibling, "blanda. {F1}", "here is paragraph {F1}, and in English paragraph {F2}")
    ]


def test_an_extra_heading_is_reported(small):
    sibling = translate(small, FIRST)
    small.write(sibling, small.text(sibling) + "\n## Más\n\nAlgo más. {F1}\n")

    assert any("headings, and" in f and f.startswith(sibling) for f in found(small))


QUESTION_ERRORS = [
    ('id = "heart"', 'id = "corazon"', "“id” must be that in English: heart"),
    ('facts = ["F1", "A', 'facts = ["F2", "A', "“facts” must be that in English: F1, A-bones"),
    ('lesson = "first"', 'lesson = "second"', "“lesson” must be that in English: first"),
    ("right = true", "right = false", "“right” must be that in English: True"),
    ('misconception = "', 'missconception = "', "“missconception” is not there in English"),
]


@pytest.mark.parametrize(("old", "new", "message"), QUESTION_ERRORS, ids=lambda x: str(x)[:12])
def test_a_difference_in_what_a_translation_must_keep_is_reported(small, old, new, message):
    text = small.text(BANK)
    assert old in text, text
    small.write(QUESTIONS, text.replace(old, new, 1))
    named = found(small)

    assert any(f.startswith(QUESTIONS) and f.endswith(message) for f in named), named


def test_a_missing_question_is_reported(small):
    text = small.text(BANK)
    start = text.index("[[question]]")
    small.write(QUESTIONS, text[:start])

    assert any(f.startswith(f"{QUESTIONS}:") for f in found(small))


@pytest.mark.parametrize(
    ("meaning", "error"),
    [
        ("Una célula que lleva oxígeno.", ""),
        ("¿Qué es? Una célula.", ""),
        ("Qué es? Una célula.", "“?” without “¿”: “Qué es?”"),
        ("Una célula!", "“!” without “¡”: “Una célula!”"),
        ("Una 'célula'.", "a straight quote: “'célula'.”"),
        ("Una  célula.", "two spaces in a row: “Una célula.”"),
    ],
)
def test_spanish_punctuation_is_checked(small, meaning, error):
    sibling = translate(small, GLOSSARY, ("A cell that carries oxygen.", meaning))
    named = [f for f in found(small) if "red-cell: meaning" in f and sibling in f]

    assert [f.partition("meaning: ")[2] for f in named] == ([error] if error else [])


def test_a_translation_can_phrase_a_share_freely(small):
    small.change(FIRST, "soft. {F2}", "soft. {F2}\n\n!people 25 About 1 in 4 adults have it. {F2}")
    assert small.errors == []
    sibling = translate(small, FIRST, ("About 1 in 4 adults", "Cerca de 1 de cada 4 adultos"))
    assert not any("icon array" in f for f in found(small))
    small.write(sibling, small.text(sibling).replace("1 de cada 4", "1 de cada 5"))
    assert any("an icon array is written as" in f for f in found(small))


def test_errors_in_english_are_reported_first(small):
    small.write(LESSON, "garbage")
    small.change(FIRST, "soft. {F2}", "soft. {F9}")

    assert found(small) == [small.at(FIRST, "{F9}", "unknown fact “F9”")]
    assert str(check(SETTINGS, small.folder).errors[0]) == found(small)[0]


@pytest.mark.parametrize("way", ["option", "setting"])
def test_the_command_prints_the_error_and_exits_with_1(small, way):
    small.write(LESSON, "garbage")
    env = {**os.environ, "LEARN_CONTENT": str(small.folder)}
    arguments = ["check", "--language", "es"] if way == "option" else ["check"]
    ran = learn(*arguments, env=env if way == "option" else env | {"LEARN_LANGUAGE": "es"})

    assert ran.returncode == 1
    assert "lessons/01-first.es.md:1: " in ran.stdout


def test_an_invalid_language_is_rejected():
    ran = learn("check", "--language", "../x", env=os.environ)
    assert ran.returncode == 1
    assert "“../x” is not the code of a language, such as “es”." in ran.stderr
