"""Read plain text, whose headings are short lines: each that could be text has a doubt."""

from __future__ import annotations

import re

from learn.authoring.documents.blocks import (
    HEADING_DOUBT,
    LINK_DOUBT,
    BlockDocument,
    BlockKind,
    TextBlock,
    has_words,
    names,
    plain,
)
from learn.authoring.source_text import units, words

_SMALL = names(
    "a an and as at but by for from if in is into nor of on or the to vs with without your you"
    " de del el la las los y o en para por con un una su al"
)
_CREDIT = re.compile(
    r"(?:©|\(c\)|copyright|by|source|reviewed|updated|last|published|page|tel|phone|e-?mail)\b"
    r"|.*(?:@\w|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b)",
    re.IGNORECASE,
)
_SHORT = 3  # words; so few begin a part, or are a label


def read_plain(text: str) -> BlockDocument:
    """Read a document in plain text."""
    read = [*units(text)]
    blocks: list[TextBlock] = []
    for at, unit in enumerate(read):
        if not words(unit.text):
            continue
        said = plain(unit.text)
        if not has_words(said):
            doubt = LINK_DOUBT  # an address alone
            blocks.append(TextBlock(" ".join(unit.text.split()), line=unit.line, doubt=doubt))
        elif unit.is_heading:
            after = next((u for u in read[at + 1 :] if words(u.text)), None)
            sure = unit.is_marked or (
                after is not None and not after.is_heading and _is_like_a_heading(said)
            )
            doubt = "" if sure else HEADING_DOUBT
            blocks.append(TextBlock(said, BlockKind.HEADING, unit.line, doubt))
        else:
            kind = BlockKind.ITEM if unit.is_item else BlockKind.TEXT
            blocks.append(TextBlock(said, kind, unit.line))
    return BlockDocument(tuple(blocks))


def _is_like_a_heading(line: str) -> bool:
    """Whether a short line before text is set as headings are: in capitals, or a question."""
    if _CREDIT.match(line):
        return False
    if line.endswith("?") or line.isupper():
        return True
    named = [w for w in re.findall(r"[^\W\d_]+", line) if w.casefold() not in _SMALL]
    capitals = sum(w[0].isupper() for w in named)
    return bool(named) and line[:1].isupper() and (capitals == len(named) or len(named) <= _SHORT)
