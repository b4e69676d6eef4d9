"""Editorial bars: checks beyond structure, which a content folder sets for itself.

A folder names its bars in `checks.toml`. Errors of structure (files, references, coverage, runs of
the source's words, stored versions, and texts that let a fever wait) fail in every folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from questions.reading import ContentError, TomlFile

FILE = "checks.toml"


class Bar(StrEnum):
    """A group of editorial checks."""

    READING_LEVEL = "reading-level"  # lengths, hard words, passive voice, school grade
    LANGUAGE = "language"  # hurtful words, spelling, quotes and dashes
    VOICE = "voice"  # joined sentences, contractions, denials, odd phrases, claims without a source
    ITEM_WRITING = "item-writing"  # the rules for questions
    BUDGETS = "budgets"  # how many warnings each rule may have
    SAFETY_LINES = "safety-lines"  # what to do about a sign of illness in a question
    SCORE_SHEETS = "score-sheets"  # how clear each lesson is, as two readers found it


ALL = frozenset(Bar)


@dataclass(frozen=True, slots=True)
class EditorialBars:
    """Bars that a folder sets, and its budget of warnings by rule."""

    names: frozenset[Bar] = ALL
    budget: Mapping[str, int] = field(default_factory=dict)


def read_bars(folder: Path) -> tuple[frozenset[Bar], list[ContentError]]:
    """Return the bars that the folder sets, none without the file, and the errors in it."""
    path = folder / FILE
    if not path.exists():
        return frozenset(), []
    file = TomlFile.read(path, f"{folder.parent.name}/{folder.name}/{FILE}")
    named: tuple[str, ...] = ()
    if not file.broken:
        named = file.root.texts("bars", default=())
        for unknown in [bar for bar in named if bar not in set(Bar)]:
            file.root.error(f"unknown bar “{unknown}”: {', '.join(Bar)}", "bars")
        file.root.close()
    return frozenset(Bar(bar) for bar in named if bar in set(Bar)), file.errors


def hint(bars: frozenset[Bar]) -> str:
    """One line on the bars that a folder doesn't set; empty if it sets all."""
    missing = [bar.value for bar in Bar if bar not in bars]
    return f"Not checked, as {FILE} doesn’t name it: {', '.join(missing)}." if missing else ""
