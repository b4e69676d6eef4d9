"""Read which objectives were merged into others: `merged.toml` in the bank's folder.

    [who-has-ph-positive]
    into = "whom-numbers-count"
    on = 2026-11-29
    why = "Both ask which people a number counts."

Learners' rows keep the id that they were recorded with. It is resolved where they are read, so an
entry can be corrected without losing anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from questions.reading import SLUG, ContentError, Table, TomlFile

FILE = "merged.toml"


@dataclass(frozen=True, slots=True)
class Merge:
    """An objective that was merged into another one, with the date and the reason."""

    old: str
    into: str
    on: date
    why: str
    location: tuple[str, int]


def read_merged(
    folder: Path, objectives: Collection[str]
) -> tuple[Mapping[str, Merge], list[ContentError]]:
    """Read the merges by old id, and their errors; none without the file.

    `objectives` are the ids that exist now. Only merges into one of them are returned.
    """
    path = folder / FILE
    if not path.exists():
        return MappingProxyType({}), []
    file = TomlFile.read(path, f"{folder.name}/{FILE}")
    tables = dict(file.root.items())
    merges = {old: _merge(old, table) for old, table in tables.items()}
    for old, table in tables.items():
        if old in objectives:
            table.error(f"“{old}” is still an objective: remove its file, or this entry")
        if message := _error(old, merges, objectives):
            table.error(message, "into")
    sound = {old: merge for old, merge in merges.items() if merge.into in objectives}
    return MappingProxyType(sound), file.errors


def _merge(old: str, table: Table) -> Merge:
    if not SLUG.fullmatch(old):
        table.error(f"bad id “{old}”: lower case letters, digits and hyphens only")
    location = (table.file.name, table.file.line(table.path))
    merge = Merge(old, table.slug("into"), table.day("on"), table.text("why"), location)
    table.close()
    return merge


def _error(old: str, merges: Mapping[str, Merge], objectives: Collection[str]) -> str:
    """Return what is wrong with the target of a merge; empty if nothing is."""
    into = merges[old].into
    if not into or into in objectives:
        return ""
    if into not in merges:
        return f"there is no objective “{into}” to merge “{old}” into"
    end = _end(old, merges)
    if end is None:
        return f"the merge of “{old}” leads back to itself"
    if end in objectives:
        return f"“{into}” was merged itself: name the objective that exists now, “{end}”"
    return f"“{into}” was merged itself, into “{end}”, which is no objective"


def _end(old: str, merges: Mapping[str, Merge]) -> str | None:
    """Return the id at the end of a chain of merges; None for a cycle."""
    seen = {old}
    while old in merges:
        old = merges[old].into
        if old in seen:
            return None
        seen.add(old)
    return old
