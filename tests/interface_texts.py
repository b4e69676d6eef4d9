"""Texts of the interface, as `make messages` finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

ROOT = Path(__file__).parents[1]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **dict.fromkeys(re.findall(r"--keyword (\w+)", (ROOT / "Makefile").read_text())),
}
"""Functions that take a text, with the positions of their texts (None: the first)."""


def mapping() -> list[tuple[str, str, dict[str, str]]]:
    """Return the methods, patterns, and options of babel.cfg."""
    config = ConfigParser()
    config.read_string("[all]\n" + (ROOT / "learn/translations/babel.cfg").read_text())
    sections = [name for name in config.sections() if ": " in name]
    return [(*name.split(": "), dict(config[name])) for name in sections]


@cache
def extracted() -> tuple[tuple[str, int, str | tuple[str, ...]], ...]:
    """Return the file, the line, and the text (or singular and plural) of each message."""
    found = extract_from_dir(
        ROOT,
        method_map=[(pattern, method) for method, pattern, _options in mapping()],
        options_map={pattern: options for _method, pattern, options in mapping()},
        keywords=KEYWORDS,
        directory_filter=lambda path: not Path(path).name.startswith((".", "tests", "build")),
    )
    return tuple((name, line, message) for name, line, message, _comments, _context in found)


def texts_by_place() -> Iterator[tuple[str, str]]:
    """Yield each text, singular and plural apart, after its file and line."""
    for name, line, message in extracted():
        for text in message if isinstance(message, tuple) else (message,):
            yield f"{name}:{line}", text
