"""Compare a copy of the source document with the ledger, and accept its changes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from learn.authoring import source_anchors
from learn.authoring.documents.read import ReadDocument, read_document
from learn.authoring.source_check import (
    Anchor,
    Dependents,
    SourceCheck,
    check_source,
    dependents,
    facts_of,
    make_anchor,
)
from learn.authoring.source_text import words
from learn.editorial import actions
from learn.library.content import Content

_LAST = "last-source-check"


class AcceptError(Exception):
    """Raised when a change can't be accepted; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A copy of the source, its comparison with the ledger, and what depends on the changes.

    `untaught` are the facts of the ledger that are not taught.
    """

    read: ReadDocument
    reader: int
    anchors: tuple[Anchor, ...]
    check: SourceCheck
    affected: Dependents
    headings: Mapping[str, str]
    untaught: frozenset[str]


def check_file(content: Content, folder: Path, document: Path) -> CheckedDocument:
    """Check the document in a file against the ledger in `folder`.

    Raises learn.authoring.source_text.DocumentError or questions.reading.ContentError.
    """
    ledger = source_anchors.read_anchor_file(folder)
    read, anchors = read_document(document, ledger.reader), ledger.anchors
    headings = {s.id: s.heading for s in content.ledger.sections.values()}
    check = check_source(read.sentences, anchors, headings)
    untaught = frozenset(f.id for f in content.ledger.facts.values() if f.not_taught)
    return CheckedDocument(
        read,
        ledger.reader,
        anchors,
        check,
        dependents(content, check.touched),
        headings,
        untaught,
    )


def hold_questions(session: Session, content: Content, check: SourceCheck, now: datetime) -> None:
    """Put questions based on changed or missing facts on hold until the facts are accepted.

    Facts that match the ledger again release their questions.
    """
    actions.release_questions(session, check.anchored)
    questions = content.bank.questions.values()
    touched = {q.id: sorted(check.touched & facts_of(q)) for q in questions}
    actions.hold_questions(session, {q: facts for q, facts in touched.items() if facts}, now)


def accept(
    checked: CheckedDocument, facts: Sequence[str], who: str, day: date, sentence: str | None = None
) -> list[Anchor]:
    """Return the anchors after somebody has read the changes and confirmed `facts`.

    `sentence` is the new place of a single fact whose old sentence is gone. Raises AcceptError.
    """
    known = {f for a in checked.anchors for f in a.facts}
    for fact in facts:
        if fact not in known:
            raise AcceptError(f"{fact} is not in the ledger.")
        if fact in checked.check.anchored:
            raise AcceptError(f"{fact} has not changed: there is nothing to accept.")
    if sentence is not None:
        return _accept_moved(checked, facts, who, day, sentence)
    gone = {f for f in facts if f in checked.check.missing}
    if taught := sorted(gone - checked.untaught):
        raise AcceptError(
            f"The sentence of {taught[0]} is gone. Say where the fact stands now with --sentence, "
            "or give the fact “not_taught” in source.toml."
        )
    anchors = _without({*checked.check.removed}, gone, checked.anchors)
    return source_anchors.accept(anchors, checked.check.changes, facts, who, day)


def _accept_moved(
    checked: CheckedDocument, facts: Sequence[str], who: str, day: date, sentence: str
) -> list[Anchor]:
    if len(facts) != 1:
        raise AcceptError("--sentence goes with one fact.")
    wanted = words(sentence)
    if wanted not in {s.words for s in checked.read.sentences}:
        raise AcceptError(f"That is no sentence of the document: “{sentence}”")
    lost = {*checked.check.removed, *(c.anchor for c in checked.check.changes)}
    old = next(a for a in checked.anchors if a in lost and facts[0] in a.facts)
    new = replace(
        make_anchor(old.section, wanted, facts), accepted_on=day.isoformat(), accepted_by=who
    )
    remaining = _without(lost, {*facts}, checked.anchors)
    if without_facts := next(
        (a for a in remaining if a.digest == new.digest and not a.facts), None
    ):
        remaining.remove(without_facts)
    return [*remaining, new]


def _without(lost: set[Anchor], facts: set[str], anchors: Sequence[Anchor]) -> list[Anchor]:
    """`anchors` without `facts` on lost sentences; those with no other facts are removed."""
    remaining = []
    for old in anchors:
        if old not in lost or not facts & {*old.facts}:
            remaining.append(old)
        elif rest := tuple(f for f in old.facts if f not in facts):
            remaining.append(replace(old, facts=rest))
    return remaining


def accept_sentences_without_facts(
    checked: CheckedDocument, anchors: Sequence[Anchor]
) -> list[Anchor]:
    """`anchors` after all changes to sentences without facts were accepted."""
    changes = {c.anchor: c for c in checked.check.changes if not c.anchor.facts}
    removed = Counter(a for a in checked.check.removed if not a.facts)
    remaining = []
    for old in anchors:
        if removed[old]:
            removed[old] -= 1
        elif change := changes.pop(old, None):
            remaining.append(make_anchor(old.section, words(change.now)))
        else:
            remaining.append(old)
    accepted = {a.digest for a in anchors} - {a.digest for a in checked.anchors}
    new = [make_anchor(n.section, words(n.text)) for n in checked.check.new]
    return [*remaining, *(a for a in new if a.digest not in accepted)]


def save_last_document(data: Path, document: Path) -> None:
    """Store the path of the last checked document, for a later acceptance."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / _LAST).write_bytes(os.fsencode(document.absolute()))


def last_document(data: Path) -> Path:
    """Return the last checked document. Raises AcceptError if there is none."""
    path = data / _LAST
    if not path.exists():
        raise AcceptError(
            "Which document? Run “learn source check FILE” first, or give --from FILE."
        )
    return Path(os.fsdecode(path.read_bytes()))


def to_text(checked: CheckedDocument) -> str:
    """Format the check for people."""
    check = checked.check
    total = len(check.anchored) + len(check.changed) + len(check.missing)
    lines = [f"{len(check.anchored)} of {total} facts anchored."]
    if check.is_unchanged:
        return "\n".join([*lines, "Nothing is new, changed or gone."])
    for section, heading in checked.headings.items():
        differences = [
            *(
                f"  changed {_facts(c.anchor.facts)}now reads: {c.now}"
                for c in check.changes
                if c.anchor.section == section
            ),
            *(f"  gone    {_facts(a.facts)}" for a in check.removed if a.section == section),
            *(f"  new     {n.text}" for n in check.new if n.section == section),
        ]
        if differences:
            lines += ["", f"{section} · {heading}", *differences]
    affected = checked.affected
    lines.append("")
    for name, ids in (
        ("facts", [*check.changed, *check.missing]),
        ("lessons", affected.lessons),
        ("points", affected.points),
        ("objectives", affected.objectives),
        ("questions", affected.questions),
    ):
        counted = f"{len(ids)} {name if len(ids) != 1 else name.removesuffix('s')}"
        lines.append(counted + (f": {', '.join(ids)}" if ids else ""))
    return "\n".join(lines)


def _facts(facts: Sequence[str]) -> str:
    return f"({', '.join(facts)}) " if facts else "(no fact) "
