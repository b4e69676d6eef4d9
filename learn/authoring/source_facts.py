"""The facts of a ledger as a list: each with its sentence, to be written or struck."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from learn.authoring import source_anchors
from learn.authoring.documents.read import read_document
from learn.authoring.source_check import DocumentWords
from learn.library.content import Content

_LEDGER = "source.toml"
_TABLE = re.compile(r"^\[\[(fact|section)\]\]\n(?:(?!\[).*\n?)*", re.MULTILINE)
_ID = re.compile(r'^id = "([^"\n]+)"$', re.MULTILINE)


class FactError(Exception):
    """Raised when a decision can't be written down; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A fact, the sentence that states it, and what an editor has decided about it so far."""

    id: str
    section_id: str
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
                fact_id,
                fact.section,
                heading,
                sentence.text,
                sentence.doubt,
                fact.says,
                fact.not_taught,
            )


def decide(folder: Path, fact: str, *, says: str = "", not_taught: str = "") -> None:
    """Write into the ledger what a fact says, or why it isn't taught. Raises FactError."""
    name, value = ("says", says) if says else ("not_taught", not_taught)
    _edit(folder, lambda text: _decided(text, "fact", fact, name, value))


def strike_section(folder: Path, section: str, reason: str) -> tuple[int, list[Path]]:
    """Strike a section with the facts that nobody wrote, and delete its stubs. Raises FactError.

    Returns how many facts were struck, and the files that are gone.
    """
    struck = 0

    def edit(text: str) -> str:
        nonlocal struck
        text = _decided(text, "section", section, "not_taught", reason)
        for match in [*_TABLE.finditer(text)]:
            table = match.group()
            if f'\nsection = "{section}"\n' in table and '\nsays = ""' in table:
                fact = _ID.search(table)
                text = _decided(text, "fact", fact[1] if fact else "", "not_taught", reason)
                struck += 1
        return text

    _edit(folder, edit)
    gone = []
    try:
        for lesson in sorted(folder.glob("lessons/*.md")):
            text = lesson.read_text(encoding="utf-8")
            if f'\nsections = ["{section}"]\n' in text and not text.split("\n+++\n")[-1].strip():
                gone += [lesson, *_stubs_of(folder, text)]
        for path in gone:
            path.unlink()
    except (OSError, UnicodeDecodeError) as error:
        raise FactError(f"The stubs of {section} can't be deleted: {error}.") from error
    return struck, gone


def _stubs_of(folder: Path, lesson: str) -> Iterator[Path]:
    """Yield the objectives of a lesson that have no question yet."""
    named = _ID.search(lesson)
    for path in sorted(folder.glob("bank/*/*.toml")):
        text = path.read_text(encoding="utf-8")
        is_stub = named and f'\nlesson = "{named[1]}"\n' in text and "\n[[question]]" not in text
        if is_stub:
            yield path


def _edit(folder: Path, edit: Callable[[str], str]) -> None:
    """Write an edited ledger in one step. Raises FactError."""
    path = folder / _LEDGER
    try:
        text = edit(path.read_text(encoding="utf-8"))
        temporary = path.with_suffix(".toml.new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise FactError(f"{path} can't be written: {error.strerror}.") from error


def _decided(text: str, kind: str, id_: str, name: str, value: str) -> str:
    start, end = _table(text, kind, id_)
    lines = [
        line
        for line in text[start:end].split("\n")
        if not re.match(r"(?:says|not_taught|ask) = ", line)
    ]
    after = "section = " if kind == "fact" else "heading = "
    at = next(i for i, line in enumerate(lines) if line.startswith(after)) + 1
    lines.insert(at, f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return text[:start] + "\n".join(lines) + text[end:]


def _table(text: str, kind: str, id_: str) -> tuple[int, int]:
    """Return where the table of a fact or section begins and ends."""
    needs = "\nsection = " if kind == "fact" else "\nheading = "
    for match in _TABLE.finditer(text):
        table = match.group()
        if match[1] == kind and f'\nid = "{id_}"\n' in table and needs in table:
            return match.span()
    raise FactError(f"{id_} is not in {_LEDGER} as “learn new” writes it: edit it there.")


def progress(facts: list[ListedFact]) -> str:
    """Say in one line how far an editor has come."""
    struck = sum(bool(f.not_taught) for f in facts)
    left = sum(f.is_open for f in facts)
    return (
        f"{len(facts)} facts: {len(facts) - struck - left} written, {struck} struck, {left} left."
    )
