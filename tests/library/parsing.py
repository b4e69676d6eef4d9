"""Parse a text of a lesson, and name what comes of it."""

from __future__ import annotations

from learn.library.prose import (
    Text,
    read_text,
)
from questions.reading import TomlFile


def parse(body: str, first_line: int = 1) -> tuple[Text, list[str]]:
    """Return the text, and its errors as `line: message`."""
    file = TomlFile("a.md", "")
    text = read_text(file, body, first_line)
    return text, [f"{f.line}: {f.message}" for f in file.errors]


def good(body: str) -> Text:
    text, errors = parse(body)
    assert errors == []
    return text


def errors(body: str) -> list[str]:
    return parse(body)[1]


def passages(body: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(p.plain, p.facts) for p in good(body).passages]
