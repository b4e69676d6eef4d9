"""Resources: where to find reliable information and support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from questions.reading import ContentError, Table, TomlFile


@dataclass(frozen=True, slots=True)
class Resource:
    """A source of information or support. `last_checked` is None until somebody has opened it.

    `place` is its file and line, for error messages.
    """

    id: str
    name: str
    publisher: str
    address: str
    about: str
    audience: str
    facts: tuple[str, ...]
    note: str
    last_checked: date | None
    place: tuple[str, int]


def read_resources(path: Path, name: str) -> tuple[tuple[Resource, ...], list[ContentError]]:
    """Read the resources in `path`, in order, and their errors."""
    file = TomlFile.read(path, name)
    resources = tuple(map(_resource, file.root.tables("resource")))
    file.root.close()
    return resources, file.errors


def _resource(table: Table) -> Resource:
    address = table.text("address")
    if address and not address.startswith("https://"):
        table.error("an address begins with https://", "address")
    never = table.raw.get("last_checked") is False
    if never:
        table.flag("last_checked")
    resource = Resource(
        id=table.slug("id"),
        name=table.text("name"),
        publisher=table.text("publisher"),
        address=address,
        about=table.text("about"),
        audience=table.text("audience"),
        facts=table.texts("facts", default=()),
        note=table.text("note", default=""),
        last_checked=None if never else table.day("last_checked"),
        place=(table.file.name, table.file.line(table.path)),
    )
    table.close()
    return resource
