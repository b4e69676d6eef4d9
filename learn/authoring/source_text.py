"""Split a plain-text or Markdown document into sections and sentences, and compute their digests.

A digest depends on words only: case, white space, quotes, bullets, and punctuation are ignored. So
it stays the same when typography changes, when a section is renamed or moved, and when a sentence
is split from its neighbor or joined to it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from learn.alphabet import CAPITALS

LARGEST = 2 * 1024 * 1024
_WORD = re.compile(r"[^\W_]+(?:[-'.,/][^\W_]+)*%?")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–−"), "-") | dict.fromkeys(map(ord, "—―"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # where a word may break, or not
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛ʼ"), "'")
_BULLET = re.compile(r"(\s*)(?:[•◦▪‣·*+–-]|\(?(\d{1,2})[.)])\s+")
_SENTENCE_END = re.compile(rf"(?<=[.!?])[\"”’»')\]]*\s+(?=[\"“‘«'(\[¿¡]*[{CAPITALS}0-9])")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
_UNDERLINE = re.compile(r"(=+|-+)\s*$")
_MAX_HEADING_WORDS = 12


class DocumentError(Exception):
    """Raised when a file can't be read as a document; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the last heading before it; headings are sentences too.

    `doubt` says what else it may be, for an editor to decide.
    """

    text: str
    heading: str
    is_heading: bool = False
    line: int = field(default=0, compare=False)
    doubt: str = field(default="", compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """Words that its digest is computed from."""
        return words(self.text)


def words(text: str) -> tuple[str, ...]:
    """Return the normalized words of `text`."""
    plain = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).translate(_DASHES | _QUOTES)
    return tuple(_WORD.findall(plain.casefold()))


def digest(normalized: Sequence[str]) -> str:
    """Return the digest of a sequence of words: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(" ".join(normalized).encode()).hexdigest()[:16]


def number(word: str) -> int:
    """Return a 12-bit hash of a word, which distinguishes most words without revealing them."""
    return int(hashlib.sha256(word.encode()).hexdigest()[:3], 16)


def read_file(path: Path, largest: int = LARGEST) -> str:
    """Read the text in `path`, of at most `largest` bytes. Raises DocumentError."""
    try:
        size = path.stat().st_size
        if size > largest:
            limit, has = largest / 2**20, size / 2**20
            raise DocumentError(f"{path} has {has:.1f} MB; a document has at most {limit:.0f} MB.")
        raw = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error.strerror}.") from error
    for encoding in (
        ("utf-8-sig", "utf-16") if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",)
    ):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        text = _legacy(path, raw)
    if "\0" in text:
        raise DocumentError(f"{path} is not a text file.")
    if not text.strip():
        raise DocumentError(f"{path} is empty.")
    return text


def _legacy(path: Path, raw: bytes) -> str:
    """Decode text in Windows-1252. Raises DocumentError for anything else."""
    if b"\0" in raw:
        raise DocumentError(f"{path} is not a text file.")
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{path} is not text in UTF-8. Save it as UTF-8 and try again."
        ) from error
    if any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text):
        raise DocumentError(f"{path} is not a text file.")
    return text


def read_sentences(text: str) -> list[Sentence]:
    """All sentences of a document by the first reader's rules, including headings, in order.

    They never change: ledgers that name no reader were made by them.
    """
    sentences: list[Sentence] = []
    heading = ""
    for unit in units(text):
        if unit.is_heading and words(unit.text):
            heading = unit.text
            sentences.append(Sentence(heading, heading, is_heading=True))
        else:
            parts = [p for p in _SENTENCE_END.split(unit.text) if words(p)]
            sentences += [Sentence(part, heading) for part in parts]
    return sentences


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph, list item, or heading on one line; `is_marked` if a mark makes it so."""

    text: str
    is_heading: bool
    line: int
    is_marked: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it has a bullet or a number."""
        return self.is_marked and not self.is_heading


def units(text: str) -> Iterator[Unit]:
    """Paragraphs, list items, and headings of plain text, each on one line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    paragraph: list[str] = []
    indent = -1  # of the list item that the paragraph is, or -1
    first = 1

    def done() -> Iterator[Unit]:
        if paragraph:
            whole = " ".join(" ".join(paragraph).split())
            is_heading = indent < 0 and len(paragraph) == 1 and _is_heading(whole)
            yield Unit(whole, is_heading, first, indent >= 0)
            paragraph.clear()

    for number, line in enumerate(lines, 1):
        if not line.strip():
            yield from done()
            indent = -1
        elif title := _MARKDOWN_HEADING.match(line):
            yield from done()
            yield Unit(title.group(1), True, number, True)
        elif _UNDERLINE.match(line):
            if len(paragraph) == 1 and indent < 0:
                yield Unit(" ".join(paragraph.pop().split()), True, first, True)
            else:
                yield from done()
        elif (bullet := _BULLET.match(line)) and not (
            paragraph and indent < 0 and (bullet.group(2) or "1") != "1"
        ):  # a paragraph may go on with a number that ends a sentence, such as “12.”
            yield from done()
            indent = len(bullet.group(1))
            first = number
            paragraph.append(line[bullet.end() :])
        else:
            if indent >= 0 and len(line) - len(line.lstrip()) <= indent:
                yield from done()
                indent = -1
            first = first if paragraph else number
            paragraph.append(line)
    yield from done()


def _is_heading(line: str) -> bool:
    return line[-1] not in '.:;,!”"' and 0 < len(words(line)) <= _MAX_HEADING_WORDS
