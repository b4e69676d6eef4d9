"""Read the parts of a question; shared by all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from questions.exhibits.exhibit import Exhibit
from questions.exhibits.figure import read_figure_key
from questions.figures import Figure
from questions.model import Level, Safety, Turn
from questions.reading import Table


class QuestionKeys(TypedDict):
    """Keys that all kinds of question have."""

    id: str
    objective: str
    stem: str
    vignette: str
    facts: tuple[str, ...]
    exempt: Mapping[str, str]
    safety: Safety | None
    signs: Mapping[Safety, str]
    level: Level | None
    turn: Turn | None
    exhibit: Exhibit | None


class PartKeys(TypedDict):
    """Keys that parts of all kinds have."""

    id: str
    text: str
    rationale: str
    facts: tuple[str, ...]


class References:
    """References of questions: `figures`, and misconceptions, checked once the bank is read."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self.figures = figures
        self.misconceptions: list[tuple[str, Table, str]] = []

    def misconception(self, named: str, table: Table, key: str) -> None:
        """Record the misconception that `table` names under `key`; a missing one is an error."""
        if named:
            self.misconceptions.append((named, table, key))
        elif not table.raw.get(key):
            table.error("missing key “misconception”: every wrong answer names the idea behind it")

    def figure(self, table: Table) -> Figure | None:
        """Return the figure that a part names, if any; an unknown one is an error."""
        return read_figure_key(table, self.figures) if "figure" in table.raw else None


def read_parts(table: Table, key: str, *, least: int, most: int) -> list[Table]:
    """Return the tables of the parts; too few, too many, and duplicate ids are errors."""
    entries = table.tables(key)
    if len(entries) < least:
        table.error(f"needs at least {least} [[question.{key}]]")
    if len(entries) > most:
        table.error(f"has more than {most} [[question.{key}]]")
    seen: set[str] = set()
    for entry in entries:
        part_id = entry.raw.get("id")
        if not isinstance(part_id, str):
            continue
        if part_id in seen:
            entry.error(f"the {key} id “{part_id}” is used twice in this question", "id")
        seen.add(part_id)
    return entries


def read_part(entry: Table, facts: tuple[str, ...]) -> PartKeys:
    """Read the keys of a part; its facts default to those of the question."""
    return {
        "id": entry.slug("id"),
        "text": entry.text("text"),
        "rationale": entry.text("why"),
        "facts": entry.texts("facts", default=facts),
    }
