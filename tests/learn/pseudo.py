"""A language that marks every text of the interface, so that what is left over can be seen."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import html5lib
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tests.interface_texts import extracted

LANGUAGE = "eo"
OPEN, CLOSE = "⟦", "⟧"
_SPOKEN = ("aria-label", "alt", "title", "placeholder", "value")
_MARKUP = (
    (r"\[\[[^\]|]*\|([^\]]*)\]\]", r"\1"),
    (r"\[\[([^\]]*)\]\]", r"\1"),
    (r"\*+|\s*\{[^{}]*\}", ""),
    (r"\\(.)", r"\1"),
)


def write_catalog(folder: Path) -> int:
    """Write the catalog of the marked language below `folder`; return how many texts it has."""
    catalog = Catalog(locale=LANGUAGE)
    for _name, _line, message in extracted():
        each = message if isinstance(message, tuple) else (message,)
        marked = [f"{OPEN}{text}{CLOSE}" for text in each]
        catalog.add(message, tuple(marked) if len(marked) > 1 else marked[0])
    folder_of_language = folder / LANGUAGE / "LC_MESSAGES"
    folder_of_language.mkdir(parents=True)
    with (folder_of_language / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    return len(catalog)


def unmarked(html: str) -> list[str]:
    """Return the texts of a page that are outside the marks and have letters."""
    texts = []
    depth = 0
    for piece in _pieces(html5lib.parse(html, namespaceHTMLElements=False)):
        kept = ""
        for character in piece:
            depth += (character == OPEN) - (character == CLOSE)
            kept += character if depth == 0 and character != CLOSE else "\n"
        texts += [part.strip() for part in kept.split("\n")]
    return [" ".join(text.split()) for text in texts if re.search(r"[^\W\d_]{2}", text)]


def plain(text: str) -> str:
    """Return the words of a content file, as a page shows them."""
    for old, new in _MARKUP:
        text = re.sub(old, new, text)
    return " ".join(unescape(text).split()).casefold()


def _pieces(element):
    if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
        if element.tail:
            yield element.tail
        return
    yield from (
        element.attrib[name]
        for name in _SPOKEN
        if name in element.attrib and (name != "value" or element.tag == "button")
    )
    if element.text:
        yield element.text
    for child in element:
        yield from _pieces(child)
    if element.tail:
        yield element.tail
