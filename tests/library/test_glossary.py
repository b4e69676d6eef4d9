"""Glossary: hard words in plain words."""

from __future__ import annotations

import pytest

from learn.library.glossary import read_glossary
from tests.library.small import GLOSSARY


def test_a_term_is_found_by_any_of_its_names_in_any_case(small):
    glossary, errors = read_glossary(small.path(GLOSSARY), GLOSSARY)

    assert errors == []
    for name in ("red cell", "Red cells", "RBC", "rbc"):
        assert glossary.find(name).id == "red-cell"
    assert glossary.find("marrow").sounds_like == "MAR-oh"
    assert glossary.find("white cell") is None


def test_terms_are_sorted_alphabetically(small):
    glossary, _ = read_glossary(small.path(GLOSSARY), GLOSSARY)

    assert [*glossary.terms] == ["marrow", "red-cell"]


def test_each_term_knows_its_file_and_line(small):
    glossary, _ = read_glossary(small.path(GLOSSARY), GLOSSARY)

    assert glossary.locations == {
        "red-cell": (GLOSSARY, 1),
        "marrow": (GLOSSARY, small.line(GLOSSARY, "[marrow]")),
    }


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('sounds_like = "MAR-oh"', 'also = ["rbc"]', "[red-cell]", "“RBC” names two terms"),
        ('term = "Marrow"', 'term = "Red Cell"', "[marrow]", "“Red Cell” names two terms"),
        ('meaning = "The soft middle of bones."\n', "", "[marrow]", "missing key “meaning”"),
        ('plain = "bone"', 'plain = ""', 'plain = ""', "“plain” is empty"),
        ('facts = ["F3"]', "facts = []", "facts = []", "“facts” is empty"),
        ('also = ["red cells", "RBC"]', 'also = "RBC"', 'also = "RBC"', "“also” must be a list"),
        ("sounds_like", "sounds", 'sounds = "', "unknown key “sounds”"),
        ("[red-cell]", "odd = 1\n[red-cell]", "odd = 1", "“odd” must be a table"),
        ("[red-cell]", "[red-cell", "[red-cell", None),
    ],
)
def test_an_error_is_named_with_its_line(small, old, new, at, message):
    small.change(GLOSSARY, old, new)
    [error] = read_glossary(small.path(GLOSSARY), GLOSSARY)[1]

    assert (error.file, error.line) == (GLOSSARY, small.line(GLOSSARY, at))
    assert error.message == message or (message is None and "not valid TOML" in error.message)
