"""Each language of the interface is complete, and compiled as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from tests.interface_texts import ROOT, extracted

CATALOGS = ROOT / "learn/translations"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
Key = str | tuple[str, ...]


def errors_in(catalogs: Path) -> Iterator[str]:
    """Yield what is missing or stale in each language of the folder."""
    for file in sorted(catalogs.glob("*/LC_MESSAGES/messages.po")):
        language = file.parents[1].name
        with file.open("rb") as opened:
            written = {_singular(m.id): m for m in read_po(opened) if m.id}
        for key in dict.fromkeys(message for _name, _line, message in extracted()):
            for error in _errors_of(written.get(_singular(key)), key):
                yield f"{language}: {error}: {key}"
        compiled = file.with_suffix(".mo")
        if not compiled.exists() or _compiled(compiled) != _translations(written.values()):
            yield f"{language}: run “make messages”, and commit the .mo file"


def _errors_of(message: Message | None, key: Key) -> Iterator[str]:
    translations = _forms(message.string) if message else ()
    if not translations or not all(translations):
        yield "not translated"
    elif message and message.fuzzy:
        yield "marked as fuzzy"
    expected = {*_PLACEHOLDER.findall(" ".join(_forms(key)))}
    for text in filter(None, translations):
        if {*_PLACEHOLDER.findall(text)} - expected:
            yield "a placeholder that the text doesn't have"


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _compiled(file: Path) -> dict[Key, tuple[str, ...]]:
    with file.open("rb") as opened:
        return _translations(read_mo(opened))


def _translations(messages: Iterable[Message]) -> dict[Key, tuple[str, ...]]:
    whole = (m for m in messages if m.id and all(_forms(m.string)) and not m.fuzzy)
    return {_singular(m.id): _forms(m.string) for m in whole}


def _singular(key: Any) -> str:
    """Return what a message is found by: a text that also has a plural is there once."""
    return _forms(key)[0]


def test_each_language_is_whole_and_compiled():
    assert [*errors_in(CATALOGS)] == []


@pytest.fixture
def catalog() -> Catalog:
    """Return a catalog that translates each text as itself."""
    catalog = Catalog(locale="fr")
    for _name, _line, message in extracted():
        catalog.add(message, message)
    return catalog


def errors_of(folder: Path, catalog: Catalog, compiled: Catalog | None = None) -> list[str]:
    file = folder / "fr/LC_MESSAGES/messages.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_po(opened, catalog)
    with file.with_suffix(".mo").open("wb") as opened:
        write_mo(opened, compiled or catalog)
    return [*errors_in(folder)]


STALE = "fr: run “make messages”, and commit the .mo file"


def test_a_whole_catalog_has_no_errors(catalog, tmp_path):
    assert errors_of(tmp_path, catalog) == []


def test_a_text_that_is_missing_or_empty_or_fuzzy_is_found(catalog, tmp_path):
    catalog.delete("Lessons")
    catalog["Search"].string = ""
    catalog["Progress"].flags.add("fuzzy")

    assert sorted(errors_of(tmp_path, catalog)) == [
        "fr: marked as fuzzy: Progress",
        "fr: not translated: Lessons",
        "fr: not translated: Search",
    ]


def test_a_placeholder_that_does_not_exist_is_found(catalog, tmp_path):
    catalog["Lesson: %(title)s"].string = "Leçon : %(titre)s"

    assert errors_of(tmp_path, catalog) == [
        "fr: a placeholder that the text doesn't have: Lesson: %(title)s"
    ]


def test_a_compiled_catalog_that_is_stale_or_missing_is_found(catalog, tmp_path):
    older = Catalog(locale="fr")
    for message in catalog:
        if message.id and message.id != "Lessons":
            older.add(message.id, message.string)
    assert errors_of(tmp_path, catalog, older) == [STALE]

    (tmp_path / "fr/LC_MESSAGES/messages.mo").unlink()
    assert [*errors_in(tmp_path)] == [STALE]
