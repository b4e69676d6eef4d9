"""Texts of the interface can be translated, and say nothing that hurts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
BANNED = r"\b(wrong|failed|failure|incorrect|error|victim|battle|suffer\w*|unfortunately|oops)\b"


def messages() -> list[tuple[str, str]]:
    found = []
    for name, _line, message, _comments, _context in extract_from_dir(
        ROOT / "templates",
        method_map=[("**.html", "jinja2.ext.babel_extract")],
        options_map={
            "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
        },
    ):
        each = message if isinstance(message, tuple) else (message,)
        found += [(name, text) for text in each if isinstance(text, str)]
    return found


def test_there_are_texts():
    assert len(messages()) > 100


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda p: p.relative_to(ROOT / "templates").as_posix()
)
def test_no_text_stands_outside_a_translation(path):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "", text)

    assert not re.findall(r"[A-Za-z]{2,}", text)


@pytest.mark.parametrize(("name", "text"), messages())
def test_texts_are_kind_and_plain(name, text):
    assert not re.search(BANNED, text, re.IGNORECASE), name
    assert "—" not in text, "no dashes as punctuation"
    assert "'" not in text, "typographic quotes in what people read"
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        assert len(sentence.split()) <= 22, sentence
