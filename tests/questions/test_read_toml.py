"""Files that would hold up the parser, or end in a traceback, are reported with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from questions.reading import TomlFile, read_utf8

LONG = "a.a" * 10_000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title = " + "[" * 5000, 1),
        ("title = " + "1" * 5000, 1),
        (f"title = 1\n{LONG} = 1\n", 2),
        (f"title = 1\n\n[{LONG}]\n", 3),
    ],
    ids=["brackets", "digits", "key", "table"],
)
def test_text_that_is_too_much_for_the_parser_is_reported(text, line):
    file = TomlFile("glossary.toml", text)

    (error,) = file.errors
    assert (error.file, error.line) == ("glossary.toml", line)
    assert error.message.startswith("not valid TOML")
    assert file.broken


def test_a_device_is_not_read():
    text, (error,) = read_utf8(Path("/dev/zero"), "figures/marrow.svg")

    assert text == ""
    assert str(error) == "figures/marrow.svg:1: not a file"
