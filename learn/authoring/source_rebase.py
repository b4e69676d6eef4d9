"""Bring a ledger to the newest reader: the same document, read better, with the same facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from learn.authoring import source_anchors
from learn.authoring.documents.read import NEWEST, read_document
from learn.authoring.source_check import Anchor, DocumentWords, check_source, make_anchor
from learn.authoring.source_text import Sentence

_PART = 0.8  # of a sentence's words stand in an old one, of which it is then a part


class RebaseError(Exception):
    """Raised when a ledger stays as it is; the message is one line with the reason."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """What came of it.

    `moved` maps facts to the sentences that now state them, where these read otherwise than before;
    `lost` are facts that no sentence states anymore, with the anchors that they keep.
    """

    before: int
    anchors: tuple[Anchor, ...]
    old_reader: int
    moved: Mapping[str, tuple[str, ...]]
    lost: tuple[str, ...]
    new: tuple[str, ...]
    left_out: int


def rebase(folder: Path, document: Path, headings: Mapping[str, str]) -> Rebased:
    """Return the ledger of the folder as the newest reader would have written it.

    Raises RebaseError, learn.authoring.source_text.DocumentError, or ContentError.
    """
    ledger = source_anchors.read_anchor_file(folder)
    if ledger.reader == NEWEST:
        raise RebaseError(f"The ledger is at reader {NEWEST} already, which is the newest.")
    old = read_document(document, ledger.reader)
    if not check_source(old.sentences, ledger.anchors, headings).is_unchanged:
        raise RebaseError(
            f"{document} has changed: run “learn source check” and accept what still holds first."
        )
    read = read_document(document).sentences
    old_sentences = {(s.words, s.is_heading) for s in old.sentences}
    owners = _owners(read, ledger.anchors, headings)
    anchors, kept = _anchors(read, owners, headings)
    lost = [a for a in ledger.anchors if {*a.facts} - kept]
    anchors += [replace(a, facts=tuple(f for f in a.facts if f not in kept)) for a in lost]
    moved: dict[str, list[str]] = defaultdict(list)
    for sentence, its_owners in zip(read, owners, strict=True):
        if (sentence.words, sentence.is_heading) not in old_sentences:
            for fact in dict.fromkeys(f for a in its_owners for f in a.facts):
                moved[fact].append(sentence.text)
    return Rebased(
        before=len(ledger.anchors),
        anchors=tuple(anchors),
        old_reader=ledger.reader,
        moved={f: tuple(texts) for f, texts in moved.items()},
        lost=tuple(dict.fromkeys(f for a in lost for f in a.facts if f not in kept)),
        new=tuple(s.text for s, o in zip(read, owners, strict=True) if not o),
        left_out=sum(
            not a.facts and not any(a in o for o in owners) for a in dict.fromkeys(ledger.anchors)
        ),
    )


def _owners(
    read: Sequence[Sentence], anchors: Sequence[Anchor], headings: Mapping[str, str]
) -> list[list[Anchor]]:
    """Return the old anchors that each sentence of the document comes from."""
    document = DocumentWords(read, headings)
    matched, lost = document.find(anchors)
    by_words = {
        place.start: list(
            dict.fromkeys(
                matched[at]
                for at in document.owners[place.start : place.end]
                if at is not None and at in matched
            )
        )
        for place in document.places
    }
    accepted = [a for a in anchors if a.accepted_on]
    digests: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in accepted:  # which may share their sentence
        digests[anchor.digest].append(anchor)
    wholes = [(a, Counter(a.numbers)) for a in lost]
    owners: list[list[Anchor]] = []
    joined: set[int] = set()
    for place in document.places:
        found = by_words[place.start]
        here = make_anchor(place.section, place.sentence.words)
        found = [*found, *(a for a in digests[here.digest] if a not in found)]
        left = Counter(
            document.numbers[at]
            for at in range(place.start, place.end)
            if document.owners[at] is None
        )
        if left and not place.sentence.is_heading:
            for at, (anchor, whole) in enumerate(wholes):  # parts that are one sentence now
                if at not in joined and anchor.section == place.section and whole <= left:
                    joined.add(at)
                    left -= whole
                    found.append(anchor)
        if not found and not place.sentence.is_heading:
            ours = Counter(here.numbers)
            shares = [((ours & whole).total() / ours.total(), a) for a, whole in wholes]
            share, best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
            found = [best] if best is not None and share >= _PART else []
        owners.append(found)
    return owners


def _anchors(
    read: Sequence[Sentence], owners: Sequence[Iterable[Anchor]], headings: Mapping[str, str]
) -> tuple[list[Anchor], set[str]]:
    """Return the new anchors, and the facts that they have. Accepted ones stay on their own."""
    anchors: list[Anchor] = []
    kept: set[str] = set()
    places = DocumentWords(read, headings).places
    for place, its_owners in zip(places, owners, strict=True):
        words, facts = place.sentence.words, []
        own: list[Anchor] = []
        for owner in its_owners:
            kept |= {*owner.facts}
            if owner.accepted_on:
                new = make_anchor(place.section, words, owner.facts)
                own.append(
                    replace(new, accepted_on=owner.accepted_on, accepted_by=owner.accepted_by)
                )
            else:
                facts += [f for f in owner.facts if f not in facts]
        if facts or not own:
            anchors.append(make_anchor(place.section, words, facts))
        anchors += own
    return anchors, kept


def to_text(result: Rebased) -> str:
    """Say what the newest reader does otherwise."""
    counts = f"{result.before} sentences before, {len(result.anchors)} now"
    lines = [f"Reader {result.old_reader} to {NEWEST}: {counts}."]
    lines += [f"  {fact} now rests on: {' | '.join(texts)}" for fact, texts in result.moved.items()]
    lines += [f"  new, without a fact: {text}" for text in result.new]
    if result.left_out:
        lines.append(f"  {result.left_out} without a fact are no sentences anymore.")
    if result.lost:
        lines.append(
            f"  No sentence states {', '.join(result.lost)} anymore, so “learn source check” will"
            " say so: give each “not_taught” in source.toml, and accept it."
        )
    if len(lines) == 1:
        lines.append("  Nothing reads otherwise.")
    return "\n".join(lines)
