"""What every reader returns: the blocks of a document, with their doubts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class BlockKind(Enum):
    """What a block is."""

    HEADING = auto()
    TEXT = auto()
    ITEM = auto()  # where an item of a list begins
    ROW = auto()  # of a table: one statement, whatever its punctuation


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, list item, row, or heading on one line.

    `doubt` says what else it may be, for an editor to decide; `line` is 0 where a format has none.
    `is_first` marks the first row of a table.
    """

    text: str
    kind: BlockKind = BlockKind.TEXT
    line: int = 0
    doubt: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class BlockDocument:
    """A document that was read. `language` is a code such as “es”, or "" if nothing names it.

    `notes` say, one a line, what the reader can't know about the whole.
    """

    blocks: tuple[TextBlock, ...]
    title: str = ""
    language: str = ""
    notes: tuple[str, ...] = ()


LINK_DOUBT = "Only a link: is it something to teach, or the way to another page?"
BOLD_DOUBT = "A bold line of its own: is it a heading, or text?"
CODE_DOUBT = "It stands as code: is it something to teach?"
HEADING_DOUBT = "A short line without a full stop: is it a heading, or text?"
FOLDED_DOUBT = "It opens a folded part: is it a heading, or text?"
HEADS_DOUBT = "The first row of a table: is it the heads of its columns, or a fact?"
HYPHEN_DOUBT = "A hyphen at the end of a line: does it belong to the word?"
PLACES_DOUBT = "A table, put together by where its words stand: are its rows and heads right?"
SIZE_DOUBT = "A heading by its larger letters: is it one, or text?"

_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"”“]+")
_AFTER_ADDRESS = ".,;:!?)]}’'*_"
_EMPTY_BRACKETS = re.compile(r"\(\s?\)|\[\s?\]|<\s?>")
_SPACE_BEFORE = re.compile(r"(?<=\w) +(?=[.,;:!?](?:\s|$))")
_UNSEEN = {
    c: " " if chr(c).isspace() else None
    for c in [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    if chr(c) not in "\n\t"
} | {0x200E: None, 0x200F: None, 0xFFFE: None, 0xFFFF: None}


def names(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def plain(text: str) -> str:
    """Return text on one line, without web addresses and marks that nobody sees."""
    text = " ".join(text.translate(_UNSEEN).split())
    if "www." in text or "://" in text:
        text = _ADDRESS.sub(_end_of_address, text)
        text = " ".join(_SPACE_BEFORE.sub("", _EMPTY_BRACKETS.sub("", text)).split())
    return text


def _end_of_address(match: re.Match[str]) -> str:
    """Return the punctuation after an address, which is the sentence's."""
    found = match.group()
    return found[len(found.rstrip(_AFTER_ADDRESS)) :]


def lines_of(text: str) -> Iterator[str]:
    """Split text at line breaks that its author set, unless a sentence goes on after one."""
    part: list[str] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        first = next((c for c in line if c.isalnum()), "")
        if part and not first.islower():
            yield " ".join(part)
            part = []
        part.append(line)
    if part:
        yield " ".join(part)


def row_text(heads: list[str], cells: list[str]) -> str:
    """Return a row of a table as one line, each cell after the head of its column."""
    heads = [*heads, *[""] * (len(cells) - len(heads))]
    told: list[str] = []
    for head, cell in zip(heads, cells, strict=False):
        if cell and not (told and (f"{head}: {cell}" if head else cell) == told[-1]):
            told.append(f"{head}: {cell}" if head and head != cell else cell)
    return "; ".join(told)


_DAY = r"\d{1,2}(?:st|nd|rd|th|\.º|º)?"
_MONTH = r"(?:de )?[^\W\d_]{3,10}\.?"
_DATED = re.compile(
    r"(?:(?:this |the |la |esta |de la )?(?:page|content|article|información|página|artículo) )?"
    r"(?:(?:was|medically|fue|date|fecha de) )*(?:(?:last|next|current as of|última|próxima) )*"
    r"(?:(?:medical|clinical) )?"
    r"(?:reviewed|review|updated|update|modified|published|posted|revised|revisado|revisada|revisión"
    r"|actualizado|actualizada|actualización|publicado|publicada)"
    r"(?: (?:on|due|date|due date|el|médica))?\s*[:–-]?\s*"
    rf"(?:{_MONTH} {_DAY},? (?:de )?\d{{4}}|{_DAY} {_MONTH},? (?:de )?\d{{4}}"
    rf"|{_MONTH},? (?:de )?\d{{4}}|\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}})"
    r"[.]?",
    re.IGNORECASE,
)


_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright(?: ©| \(c\))?)\s*\d{4}\b.*", re.IGNORECASE)


def is_dated_line(text: str) -> bool:
    """Whether a line says no more than when a page was reviewed or changed, or whose it is."""
    is_short = len(text) < 120
    return is_short and bool(_DATED.fullmatch(text) or _COPYRIGHT.fullmatch(text))


def has_words(text: str) -> bool:
    """Whether there is a letter or a number in it."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)
