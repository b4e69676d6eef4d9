"""Reading the parts of a question, the same for every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from questions.model import Safety
from questions.reading import Table


class QuestionKeys(TypedDict):
    """The keys that questions of every kind have, as read."""

    id: str
    objective: str
    stem: str
    vignette: str
    facts: tuple[str, ...]
    exempt: Mapping[str, str]
    safety: Safety | None


class PartKeys(TypedDict):
    """The keys that parts of every kind have, as read."""

    id: str
    text: str
    rationale: str
    facts: tuple[str, ...]


class References:
    """The misconceptions that questions name, checked when the whole bank is read."""

    def __init__(self) -> None:
        self.misconceptions: list[tuple[str, Table, str]] = []

    def misconception(self, named: str, table: Table, key: str) -> None:
        """Note that `table` names a misconception under `key`; a missing one is a fault."""
        if named:
            self.misconceptions.append((named, table, key))
        elif not table.raw.get(key):
            table.fault("missing key “misconception”: every wrong answer names the idea behind it")


def read_parts(table: Table, key: str, *, least: int, most: int) -> list[Table]:
    """The tables of the parts; too few, too many, and ids used twice are faults."""
    entries = table.tables(key)
    if len(entries) < least:
        table.fault(f"needs at least {least} [[question.{key}]]")
    if len(entries) > most:
        table.fault(f"has more than {most} [[question.{key}]]")
    seen: set[str] = set()
    for entry in entries:
        own = entry.raw.get("id")
        if not isinstance(own, str):
            continue
        if own in seen:
            entry.fault(f"the {key} id “{own}” is used twice in this question", "id")
        seen.add(own)
    return entries


def read_part(entry: Table, facts: tuple[str, ...]) -> PartKeys:
    """The keys of a part; without facts of its own, it rests on those of its question."""
    return {
        "id": entry.slug("id"),
        "text": entry.text("text"),
        "rationale": entry.text("why"),
        "facts": entry.texts("facts", default=facts),
    }
