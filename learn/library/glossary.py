"""Glossary of medical terms, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from learn.alphabet import sort_key
from questions.reading import ContentError, TomlFile


@dataclass(frozen=True, slots=True)
class Term:
    """A medical term. `plain` replaces it when the reading level is measured.

    `spanish` is its name in Spanish, or empty. An `everyday` word isn't explained in lessons.
    """

    id: str
    term: str
    also: tuple[str, ...]
    sounds_like: str
    meaning: str
    spanish: str
    facts: tuple[str, ...]
    plain: str
    everyday: bool = False


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms by id, sorted by name; `names` maps every name to its term.

    `locations` maps each term to its file and line, for error messages.
    """

    terms: Mapping[str, Term]
    names: Mapping[str, Term]
    locations: Mapping[str, tuple[str, int]]

    def find(self, name: str) -> Term | None:
        """Return the term called `name`, in any case, or None."""
        return self.names.get(name.lower())


def read_glossary(path: Path, name: str) -> tuple[Glossary, list[ContentError]]:
    """Read the glossary in `path` and its errors."""
    file = TomlFile.read(path, name)
    terms: list[Term] = []
    for term_id, table in file.root.items():
        term = Term(
            id=term_id,
            term=table.text("term"),
            also=table.texts("also", default=()),
            sounds_like=table.text("sounds_like", default=""),
            meaning=table.text("meaning"),
            spanish=table.text("spanish", default=""),
            facts=table.texts("facts"),
            plain=table.text("plain"),
            everyday=table.flag("everyday"),
        )
        table.close()
        terms.append(term)
    terms.sort(key=lambda t: sort_key(t.term))
    names: dict[str, Term] = {}
    locations = {t.id: (name, file.line((t.id,))) for t in terms}
    for term in terms:
        for called in (term.term, *term.also):
            if names.setdefault(called.lower(), term) is not term:
                file.add(locations[term.id][1], f"“{called}” names two terms")
    glossary = Glossary(
        terms=MappingProxyType({t.id: t for t in terms}),
        names=MappingProxyType(names),
        locations=MappingProxyType(locations),
    )
    return glossary, file.errors
