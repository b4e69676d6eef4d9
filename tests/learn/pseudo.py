"""A language that marks every text of the interface, so that what is left over can be seen."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

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
    parser = _Pieces()
    parser.feed(html)
    parser.close()
    for piece in parser.found:
        for part in re.split(f"([{OPEN}{CLOSE}\n])", piece):
            depth += (part == OPEN) - (part == CLOSE)
            if depth == 0 and part not in {OPEN, CLOSE}:
                texts.append(part.strip())
    return [" ".join(text.split()) for text in texts if re.search(r"[^\W\d_]{2}", text)]


def plain(text: str) -> str:
    """Return the words of a content file, as a page shows them."""
    for old, new in _MARKUP:
        text = re.sub(old, new, text)
    return " ".join(unescape(text).split()).casefold()


class _Pieces(HTMLParser):
    """Collects the texts that people read or hear, in order; the client checks the HTML itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found = [""]
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in {"script", "style"}
        values = dict(attrs)
        if not self._is_code:
            self.found += (
                values[name] or ""
                for name in _SPOKEN
                if name in values and (name != "value" or tag == "button")
            )
        self.found.append("")

    def handle_endtag(self, _tag: str) -> None:
        self._is_code = False
        self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.found[-1] += data
