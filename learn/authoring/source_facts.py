"""The facts of a ledger as a list: each with its sentence, to be written or struck."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from learn.authoring import source_anchors
from learn.authoring.documents.read import read_document
from learn.authoring.source_check import DocumentWords
from learn.library.content import Content

_LEDGER = "source.toml"


class FactError(Exception):
    """Raised when a decision can't be written down; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A fact, the sentence that states it, and what an editor has decided about it so far."""

    id: str
    section: str
    sentence: str
    doubt: str
    says: str
    not_taught: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return not (self.says or self.not_taught)


def list_facts(content: Content, folder: Path, document: Path) -> Iterator[ListedFact]:
    """Yield the facts in the order of the document.

    Raises learn.authoring.source_text.DocumentError or ContentError.
    """
    file = source_anchors.read_anchor_file(folder)
    headings = {s.id: s.heading for s in content.ledger.sections.values()}
    read = read_document(document, file.reader)
    words = DocumentWords(read.sentences, headings)
    matched, _lost = words.find(file.anchors)
    listed: set[str] = set()
    for place in words.places:
        owners = dict.fromkeys(words.owners[place.start : place.end])
        anchors = [matched[at] for at in owners if at is not None and at in matched]
        for fact_id in dict.fromkeys(f for a in anchors for f in a.facts):
            fact = content.ledger.facts.get(fact_id)
            if fact is None or fact_id in listed:
                continue
            listed.add(fact_id)
            heading = headings.get(fact.section, fact.section)
            sentence = place.sentence
            yield ListedFact(
                fact_id, heading, sentence.text, sentence.doubt, fact.says, fact.not_taught
            )


def decide(folder: Path, fact: str, *, says: str = "", not_taught: str = "") -> None:
    """Write into the ledger what a fact says, or why it isn't taught. Raises FactError."""
    path = folder / _LEDGER
    try:
        text = path.read_text(encoding="utf-8")
        start, end = _table(text, fact)
        lines = [
            line
            for line in text[start:end].split("\n")
            if not re.match(r"(?:says|not_taught|ask) = ", line)
        ]
        at = next(i for i, line in enumerate(lines) if line.startswith("section = ")) + 1
        name, value = ("says", says) if says else ("not_taught", not_taught)
        lines.insert(at, f"{name} = {json.dumps(value, ensure_ascii=False)}")
        temporary = path.with_suffix(".toml.new")
        temporary.write_text(text[:start] + "\n".join(lines) + text[end:], encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise FactError(f"{path} can't be written: {error.strerror}.") from error


def _table(text: str, fact: str) -> tuple[int, int]:
    """Return where the table of a fact begins and ends."""
    for match in re.finditer(r"^\[\[fact\]\]\n(?:(?!\[).*\n?)*", text, re.MULTILINE):
        table = match.group()
        if f'\nid = "{fact}"\n' in table and "\nsection = " in table:
            return match.span()
    raise FactError(f"{fact} is not in {_LEDGER} as “learn new” writes it: edit it there.")


def progress(facts: list[ListedFact]) -> str:
    """Say in one line how far an editor has come."""
    struck = sum(bool(f.not_taught) for f in facts)
    left = sum(f.is_open for f in facts)
    return (
        f"{len(facts)} facts: {len(facts) - struck - left} written, {struck} struck, {left} left."
    )
