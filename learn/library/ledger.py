"""Ledger of the source document: its sections and facts, editors' notes, and added sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from questions.model import Safety
from questions.reading import ContentError, Table, TomlFile


@dataclass(frozen=True, slots=True)
class Document:
    """Source document that the lessons teach.

    `names` are official names in it that our texts may repeat word for word. `address` is where
    readers find it, and `last_checked` the day on which somebody last opened that; None if nobody
    has yet.
    """

    title: str
    publisher: str
    read_on: date
    reviewed_by_clinician: bool
    names: tuple[str, ...] = ()
    address: str = ""
    last_checked: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the document; `parent` is the id of the section around it.

    `not_taught` is the reason if no lesson covers it.
    """

    id: str
    heading: str
    parent: str
    not_taught: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that the document states, in our words; `not_taught` is the reason if we leave it out.

    `asked_once` is the reason if one question is enough for a fact of a main topic.
    """

    id: str
    section: str
    says: str
    not_taught: str
    asked_once: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An editor's note: what is odd in the source, and what we do about it."""

    id: str
    sections: tuple[str, ...]
    facts: tuple[str, ...]
    says: str
    we: str


@dataclass(frozen=True, slots=True)
class AddedSource:
    """A fact from another source, where the document is silent or too simple.

    `addresses` are the known addresses of the pages that the citation names.
    """

    id: str
    says: str
    citation: str
    addresses: tuple[str, ...] = ()

    @property
    def cited(self) -> tuple[str, ...]:
        """Sources that the citation names."""
        return tuple(self.citation.split("; "))


@dataclass(frozen=True, slots=True)
class Ledger:
    """All facts and where they come from; `site` is the name of the site.

    `safety_correction` is the day of the latest correction that must reach devices at once, if any.
    `illness` is what its readers, or those they care for, have; "" if the site is about none.
    `plain_illness` is the word for it that anyone who answers a phone understands.
    `safety` maps each line on when to call to the added sources it is based on. `locations` maps
    each section, fact, note, and added source to its file and line, for error messages.
    """

    site: str
    document: Document
    sections: Mapping[str, Section]
    facts: Mapping[str, Fact]
    added: Mapping[str, AddedSource]
    notes: tuple[Note, ...]
    not_covered: tuple[str, ...]
    locations: Mapping[str, tuple[str, int]]
    illness: str = ""
    plain_illness: str = ""
    safety_correction: str = ""
    safety: Mapping[Safety, tuple[str, ...]] = field(default_factory=dict)

    def knows(self, reference: str) -> bool:
        """Whether `reference` is a fact of the document or an added source."""
        return reference in self.facts or reference in self.added

    def cited(self, references: Collection[str]) -> tuple[str, ...]:
        """Return each source that the added facts among `references` cite, once."""
        added = (source for source in self.added.values() if source.id in references)
        return tuple(dict.fromkeys(name for source in added for name in source.cited))


def read_ledger(path: Path, name: str) -> tuple[Ledger, list[ContentError]]:
    """Read the ledger in `path` and its errors."""
    file = TomlFile.read(path, name)
    root = file.root
    if file.broken:
        return Ledger("", Document("", "", date.min, False), {}, {}, {}, (), (), {}), file.errors
    sections = {s.id: s for s in map(_section, root.tables("section"))}
    facts: dict[str, Fact] = {}
    for table in root.tables("fact"):
        fact = _fact(table)
        if fact.id in facts:
            table.error(f"the fact id “{fact.id}” is used twice", "id")
        if fact.section not in sections:
            table.error(f"unknown section “{fact.section}”", "section")
        facts[fact.id] = fact
    added = _all_added(root)
    notes = []
    for table in root.tables("note"):
        note = _note(table)
        notes.append(note)
        for section in note.sections:
            if section not in sections:
                table.error(f"unknown section “{section}”", "sections")
        for reference in note.facts:
            if reference not in facts:
                table.error(f"unknown fact “{reference}”", "facts")
    site = root.table("site")
    ledger = Ledger(
        site=site.text("name"),
        illness=site.text("illness", default=""),
        plain_illness=site.text("plain_illness", default="") or site.text("illness", default=""),
        safety_correction=site.text("safety_correction", default=""),
        safety=_safety(root.table("safety", required=False), added),
        document=_document(root.table("document")),
        sections=MappingProxyType(sections),
        facts=MappingProxyType(facts),
        added=MappingProxyType(added),
        notes=tuple(notes),
        not_covered=tuple(map(_not_covered, root.tables("not_covered"))),
        locations=MappingProxyType(_locations(file, name)),
    )
    site.close()
    root.close()
    return ledger, file.errors


def _all_added(root: Table) -> dict[str, AddedSource]:
    sources: dict[str, AddedSource] = {}
    for table in root.tables("added"):
        source = _added(table)
        if source.id in sources:
            table.error(f"the id “{source.id}” is used twice", "id")
        sources[source.id] = source
    return sources


def _locations(file: TomlFile, name: str) -> dict[str, tuple[str, int]]:
    locations: dict[str, tuple[str, int]] = {}
    for kind in ("section", "fact", "note", "added", "not_covered"):
        for i, row in enumerate(file.root.raw.get(kind, [])):
            id_ = row.get("id") if isinstance(row, dict) else None
            locations.setdefault(str(id_ or f"{kind} {i}"), (name, file.line((kind, i))))
    return locations


def _safety(table: Table, added: Mapping[str, AddedSource]) -> Mapping[Safety, tuple[str, ...]]:
    lines = {line: table.texts(line.value, default=()) for line in Safety}
    for line, references in lines.items():
        for reference in references:
            if reference not in added:
                table.error(f"unknown added source “{reference}”", line.value)
    table.close()
    return MappingProxyType(lines)


def _document(table: Table) -> Document:
    document = Document(
        title=table.text("title"),
        publisher=table.text("publisher"),
        read_on=table.day("read_on"),
        reviewed_by_clinician=table.flag("reviewed_by_clinician"),
        names=table.texts("names", default=()),
        address=table.text("address", default=""),
        last_checked=table.day("last_checked") if "last_checked" in table.raw else None,
    )
    if document.address and not document.address.startswith(("https://", "http://")):
        table.error("an address begins with https:// or http://", "address")
    table.close()
    return document


def _section(table: Table) -> Section:
    section = Section(
        id=table.text("id"),
        heading=table.text("heading"),
        parent=table.text("parent", default=""),
        not_taught=table.text("not_taught", default=""),
    )
    _refuse_open_question(table)
    table.close()
    return section


def _refuse_open_question(table: Table) -> None:
    """Add an error for what `learn new` asks, until an editor decides and deletes the line."""
    if doubt := table.text("ask", default=""):
        table.error(f"decide, then delete “ask”: {doubt}", "ask")


def _fact(table: Table) -> Fact:
    fact = Fact(
        id=table.text("id"),
        section=table.text("section"),
        says=table.text("says", default="" if table.raw.get("not_taught") else None),
        not_taught=table.text("not_taught", default=""),
        asked_once=table.text("asked_once", default=""),
    )
    _refuse_open_question(table)
    table.close()
    return fact


def _note(table: Table) -> Note:
    note = Note(
        id=table.text("id"),
        sections=table.texts("sections", default=()),
        facts=table.texts("facts", default=()),
        says=table.text("says"),
        we=table.text("we"),
    )
    table.close()
    return note


def _added(table: Table) -> AddedSource:
    source = AddedSource(
        id=table.text("id"),
        says=table.text("says"),
        citation=table.text("citation"),
        addresses=table.texts("addresses", default=()),
    )
    for address in source.addresses:
        if not address.startswith(("https://", "http://")):
            table.error("an address begins with https:// or http://", "addresses")
    table.close()
    return source


def _not_covered(table: Table) -> str:
    text = table.text("says")
    table.close()
    return text
