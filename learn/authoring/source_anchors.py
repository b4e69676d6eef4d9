"""File of anchors, `sentences.toml`: written by commands, read by the source check."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from learn.authoring.documents.read import NEWEST
from learn.authoring.source_check import Anchor, ChangedSentence, make_anchor
from learn.authoring.source_text import Sentence, words
from questions.reading import ContentError, InvalidContentError, Table, TomlFile

NAME = "sentences.toml"
_NUMBERS = re.compile(r"[0-9a-f]+(?: [0-9a-f]+)*")
_HEADER = """\
# The sentences of the source document, by their digests; its text is not here.
# Written by `learn new`, `learn source accept` and `learn source rebase`, not by hand.
"""


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """The anchors of a folder, and the version of the reader that made them."""

    anchors: tuple[Anchor, ...]
    reader: int


def read_anchors(folder: Path) -> tuple[Anchor, ...]:
    """Read the anchors in `folder`. Raises ContentError for a missing or invalid file."""
    return read_anchor_file(folder).anchors


def read_anchor_file(folder: Path) -> AnchorFile:
    """Read the anchors in `folder`, and their reader; files of old name none, and mean the first.

    Raises ContentError for a missing or invalid file.
    """
    path = folder / NAME
    name = f"{folder.parent.name}/{folder.name}/{NAME}"
    if not path.exists():
        raise InvalidContentError([ContentError(name, 1, "no such file")])
    file = TomlFile.read(path, name)
    anchors = tuple(_from_toml(table) for table in file.root.tables("sentence"))
    reader = file.root.integer("reader", default=1)
    if not 1 <= reader <= NEWEST:
        file.root.error(f"reader {reader} is not known here: this version has {NEWEST}", "reader")
    file.root.close()
    if file.errors:
        raise InvalidContentError(file.errors)
    return AnchorFile(anchors, reader)


def _from_toml(table: Table) -> Anchor:
    numbers = table.text("numbers")
    if numbers and not _NUMBERS.fullmatch(numbers):
        table.error("“numbers” must be hexadecimal numbers with a space between", "numbers")
        numbers = ""
    read = Anchor(
        section=table.text("section"),
        digest=table.text("digest"),
        numbers=tuple(int(n, 16) for n in numbers.split()),
        facts=table.texts("facts", default=()),
        accepted_on=table.text("accepted_on", default=""),
        accepted_by=table.text("accepted_by", default=""),
    )
    table.close()
    return read


def write_anchors(folder: Path, anchors: Iterable[Anchor], reader: int = 1) -> None:
    """Write all anchors atomically."""
    path = folder / NAME
    temporary = path.with_suffix(".toml.new")
    head = _HEADER + (f"\nreader = {reader}\n" if reader > 1 else "")
    temporary.write_text(head + "".join(map(_to_toml, anchors)), encoding="utf-8")
    temporary.replace(path)


def _to_toml(sentence: Anchor) -> str:
    lines = [
        "\n[[sentence]]",
        f'section = "{sentence.section}"',
        f'digest = "{sentence.digest}"',
        f'numbers = "{" ".join(f"{n:03x}" for n in sentence.numbers)}"',
    ]
    if sentence.facts:
        lines.append(f"facts = {json.dumps(sentence.facts)}")
    if sentence.accepted_on:
        lines.append(f'accepted_on = "{sentence.accepted_on}"')
        lines.append(f"accepted_by = {json.dumps(sentence.accepted_by, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def anchors_of(
    read: Iterable[Sentence], headings: Mapping[str, str], facts: Mapping[int, Sequence[str]]
) -> list[Anchor]:
    """Return the anchors of a document; `facts` maps the number of a sentence to its facts."""
    sections = {words(heading): section for section, heading in headings.items()}
    section = next(iter(headings), "")
    anchors = []
    for position, sentence in enumerate(read):
        if sentence.is_heading:
            section = sections.get(sentence.words, section)
        anchors.append(make_anchor(section, sentence.words, facts.get(position, ())))
    return anchors


def accept(
    anchors: Iterable[Anchor],
    changes: Iterable[ChangedSentence],
    facts: Iterable[str],
    who: str,
    day: date,
) -> list[Anchor]:
    """Return the anchors after somebody accepted changes for `facts`.

    A sentence that has other facts too keeps its old anchor for those.
    """
    wanted, by_anchor = {*facts}, defaultdict[Anchor, list[ChangedSentence]](list)
    for change in changes:
        by_anchor[change.anchor].append(change)
    after: list[Anchor] = []
    for old in anchors:
        accepted = tuple(f for f in old.facts if f in wanted)
        if not accepted or not by_anchor[old]:
            after.append(old)
            continue
        change = by_anchor[old].pop(0)
        if rest := tuple(f for f in old.facts if f not in wanted):
            after.append(replace(old, facts=rest))
        new = make_anchor(old.section, words(change.now), accepted)
        after.append(replace(new, accepted_on=day.isoformat(), accepted_by=who))
    return after
