"""Compare a copy of the source document with the ledger's anchors.

The result names the sentences that changed, were removed, or are new, and exactly which facts,
lessons, points, objectives, and questions depend on them.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from learn.authoring.source_text import Sentence, digest, number, words
from learn.library.content import Content
from questions.model import Question

_MIN_SIMILARITY = 0.5  # two sentences that share this much of their words are one that was edited
_SHORT_ANCHOR = 4
_MOST_PAIRS = 1_000_000  # compared; in another document altogether, only with neighbors
_NEIGHBORS = 25
_CONNECTORS = frozenset({"and", "but", "also", "while", "so", "or", "because"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sentence of the source as the ledger knows it: its digest and its facts.

    `numbers` are its words as numbers, sorted. They distinguish an edited sentence from a new one
    without revealing the sentence.
    """

    section: str
    digest: str
    numbers: tuple[int, ...]
    facts: tuple[str, ...]
    accepted_on: str = ""
    accepted_by: str = ""

    @property
    def length(self) -> int:
        """Number of words."""
        return len(self.numbers)


def make_anchor(section: str, sentence: Sequence[str], facts: Iterable[str] = ()) -> Anchor:
    """Return the anchor of a sentence, given as its words."""
    return Anchor(section, digest(sentence), tuple(sorted(map(number, sentence))), tuple(facts))


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A known sentence that was edited; `now` is the new text."""

    anchor: Anchor
    section: str
    now: str


@dataclass(frozen=True, slots=True)
class NewSentence:
    """A sentence or heading without an anchor, and its section."""

    section: str
    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """Differences between a document and the ledger."""

    anchored: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    changes: tuple[ChangedSentence, ...]
    removed: tuple[Anchor, ...]
    new: tuple[NewSentence, ...]

    @property
    def is_unchanged(self) -> bool:
        """Whether there are no differences."""
        return not (self.changes or self.removed or self.new)

    @property
    def new_sentences(self) -> int:
        """Number of new sentences, without headings."""
        return sum(not n.is_heading for n in self.new)

    @property
    def touched(self) -> frozenset[str]:
        """Facts that an editor has to review."""
        return frozenset((*self.changed, *self.missing))


def check_source(
    sentences: Iterable[Sentence], anchors: Sequence[Anchor], headings: Mapping[str, str]
) -> SourceCheck:
    """Compare a document with the ledger's anchors. `headings` maps sections to their headings."""
    document = DocumentWords(sentences, headings)
    matched, lost = document.find(anchors)
    changes, removed, new = document.explain(matched, lost)
    facts = sorted({f for a in anchors for f in a.facts}, key=_by_number)
    changed = {f for c in changes for f in c.anchor.facts}
    missing = {f for a in removed for f in a.facts} - changed
    return SourceCheck(
        anchored=tuple(f for f in facts if f not in changed and f not in missing),
        changed=tuple(f for f in facts if f in changed),
        missing=tuple(f for f in facts if f in missing),
        changes=tuple(changes),
        removed=tuple(removed),
        new=tuple(new),
    )


def _by_number(fact: str) -> tuple[int, str]:
    digits = "".join(c for c in fact if c.isdigit())
    return int(digits or 0), fact


@dataclass(frozen=True, slots=True)
class _Position:
    """The position of a sentence in the document's sequence of words."""

    sentence: Sentence
    section: str
    start: int
    end: int


class DocumentWords:
    """The words of a document in a row, and where its sentences are among them."""

    def __init__(self, sentences: Iterable[Sentence], headings: Mapping[str, str]) -> None:
        self.words: list[str] = []
        self.places: list[_Position] = []
        sections = {words(heading): section for section, heading in headings.items()}
        section = next(iter(headings), "")
        for sentence in sentences:
            sentence_words = sentence.words
            if sentence.is_heading:
                section = sections.get(sentence_words, section)
            start = len(self.words)
            self.words += sentence_words
            self.places.append(_Position(sentence, section, start, start + len(sentence_words)))
        self.numbers = [number(w) for w in self.words]
        self.sums = [0, *accumulate(self.numbers)]
        self.owners: list[int | None] = [None] * len(self.words)  # where the anchor begins

    def find(self, anchors: Sequence[Anchor]) -> tuple[dict[int, Anchor], list[Anchor]]:
        """Map positions of first words to the anchors found there, and list lost anchors.

        Whole sentences are matched first, in the anchor's own section before others; then runs of
        words inside sentences that were joined or split, except for short anchors, which would
        match anywhere. Anchors with facts are matched first. Each match uses up its words, so
        repeated sentences need repeated matches; only accepted anchors may share words, since facts
        are accepted one by one.
        """
        matched: dict[int, Anchor] = {}
        whole: dict[str, dict[str, deque[_Position]]] = defaultdict(dict)
        for place in self.places:
            found = whole[digest(self.words[place.start : place.end])]
            found.setdefault(place.section, deque()).append(place)
        rest = sorted(anchors, key=lambda a: (not a.facts, -a.length))
        for at_home in (True, False):
            left = []
            for wanted in rest:
                free = whole.get(wanted.digest, {})
                section = wanted.section if at_home else next(iter(free), "")
                if section in free:
                    self._take(matched, free[section].popleft().start, wanted)
                    if not free[section]:
                        del free[section]
                else:
                    left.append(wanted)
            rest = left
        lost: list[Anchor] = []
        found_at = self._windows(rest)
        for wanted in rest:
            windows = found_at.get((wanted.digest, wanted.length), [])
            at = next((i for i in windows if self._is_free(i, wanted)), None)
            if at is not None:
                self._take(matched, at, wanted)
            elif not (wanted.accepted_on and (windows or wanted.digest in whole)):
                lost.append(wanted)
        return matched, lost

    def _take(self, matched: dict[int, Anchor], at: int, wanted: Anchor) -> None:
        matched[at] = wanted
        self.owners[at : at + wanted.length] = [at] * wanted.length

    def _is_free(self, at: int, wanted: Anchor) -> bool:
        return all(owner is None for owner in self.owners[at : at + wanted.length])

    def _windows(self, anchors: Iterable[Anchor]) -> dict[tuple[str, int], list[int]]:
        """Return the positions at which as many words in a row have an anchor's digest.

        Each length is looked for once, for all anchors that have it.
        """
        wanted: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for anchor in anchors:
            if anchor.length > _SHORT_ANCHOR:
                wanted[anchor.length][sum(anchor.numbers)].add(anchor.digest)
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for length, totals in wanted.items():
            for at, (begin, end) in enumerate(zip(self.sums, self.sums[length:], strict=False)):
                if end - begin in totals:
                    here = digest(self.words[at : at + length])
                    if here in totals[end - begin]:
                        found[here, length].append(at)
        return found

    def explain(
        self, matched: Mapping[int, Anchor], lost: Sequence[Anchor]
    ) -> tuple[list[ChangedSentence], list[Anchor], list[NewSentence]]:
        """Sort lost anchors and unmatched sentences into changed, removed, and new ones."""
        open_places: list[_Position] = []
        spread: dict[int, list[_Position]] = defaultdict(list)  # an anchor's, by where it begins
        grown: dict[int, None] = {}  # known sentences that something was added to
        for place in self.places:
            owners = self.owners[place.start : place.end]
            inside = dict.fromkeys(at for at in owners if at is not None)
            for at in inside:
                spread[at].append(place)
            left = [
                word
                for word, at in zip(self.words[place.start : place.end], owners, strict=True)
                if at is None
            ]
            if left and not (inside and {*left} <= _CONNECTORS):
                grown |= inside
                open_places += [] if inside else [place]
        changes = [_change(matched[at], spread[at]) for at in grown]
        ours = [Counter(a.numbers) for a in lost]
        theirs = [self._counted(place) for place in open_places]
        pairs = sorted(
            (
                (alike, -i, -j)
                for i, j in _pairs(len(ours), len(theirs))
                if (alike := _jaccard(ours[i], theirs[j])) >= _MIN_SIMILARITY
            ),
            reverse=True,
        )
        anchors_left, places_left = dict(enumerate(lost)), dict(enumerate(open_places))
        for _, minus_i, minus_j in pairs:
            if -minus_i in anchors_left and -minus_j in places_left:
                place = places_left.pop(-minus_j)
                wanted = anchors_left.pop(-minus_i)
                changes.append(_change(wanted, [place]))
        others = [(a, spread[at]) for at, a in matched.items() if a.accepted_on or at in grown]
        for i, wanted in [*anchors_left.items()]:
            if places := self._beside(wanted, others):
                changes.append(_change(anchors_left.pop(i), places))
        new = [
            NewSentence(p.section, p.sentence.text, p.sentence.is_heading)
            for p in places_left.values()
        ]
        return changes, [*anchors_left.values()], new

    def _beside(
        self, wanted: Anchor, others: Iterable[tuple[Anchor, list[_Position]]]
    ) -> list[_Position]:
        """Return the sentences that replaced a lost one although they have another anchor already.

        The sentence was accepted for another of its facts before, or joined to its neighbor and
        edited.
        """
        ours = Counter(wanted.numbers)
        for other, places in others:
            if other.section == wanted.section and places:
                theirs = sum(map(self._counted, places), Counter[int]())
                contained = wanted.length > _SHORT_ANCHOR and ours <= theirs
                if contained or _jaccard(ours, theirs) >= _MIN_SIMILARITY:
                    return places
        return []

    def _counted(self, place: _Position) -> Counter[int]:
        return Counter(self.numbers[place.start : place.end])


def _change(expected: Anchor, places: Sequence[_Position]) -> ChangedSentence:
    return ChangedSentence(expected, places[0].section, " ".join(p.sentence.text for p in places))


def _pairs(ours: int, theirs: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs to compare: all, or those in about the same place if there are too many."""
    is_small = ours * theirs <= _MOST_PAIRS
    for i in range(ours):
        middle = i * theirs // ours
        near = range(max(0, middle - _NEIGHBORS), min(theirs, middle + _NEIGHBORS))
        for j in range(theirs) if is_small else near:
            yield i, j


def _jaccard(ours: Counter[int], theirs: Counter[int]) -> float:
    """Return the Jaccard index of two multisets of words: intersection over union, from 0 to 1."""
    size, other_size = ours.total(), theirs.total()
    if min(size, other_size) < _MIN_SIMILARITY * max(size, other_size):
        return 0.0
    both = sum(min(count, theirs[n]) for n, count in ours.items())
    return both / (size + other_size - both) if both else 0.0


@dataclass(frozen=True, slots=True)
class Dependents:
    """What depends on some facts, by id; a point of a lesson as `lesson/point`."""

    lessons: tuple[str, ...]
    objectives: tuple[str, ...]
    questions: tuple[str, ...]
    points: tuple[str, ...] = ()


def dependents(content: Content, facts: Iterable[str]) -> Dependents:
    """Return the lessons, points, objectives, and questions based on one of `facts`."""
    wanted = {*facts}
    questions = [q for q in content.bank.questions.values() if wanted & facts_of(q)]
    of_questions = {q.objective for q in questions}
    return Dependents(
        lessons=tuple(i for i, lesson in content.lessons.items() if wanted & {*lesson.anchors}),
        objectives=tuple(
            o.id
            for o in content.bank.objectives.values()
            if wanted & {*o.facts} or o.id in of_questions
        ),
        questions=tuple(q.id for q in questions),
        points=tuple(
            f"{i}/{p.id}"
            for i, lesson in content.lessons.items()
            for p in lesson.points
            if wanted & {*p.facts}
        ),
    )


def facts_of(question: Question) -> set[str]:
    """Return the facts that support a question's key or the rationale of one of its parts."""
    return {*question.facts, *(f for part in question.parts for f in part.facts)}


def to_json(
    check: SourceCheck, affected: Dependents, headings: Mapping[str, str]
) -> dict[str, object]:
    """Format the check as JSON."""
    sections = [
        {
            "id": section,
            "heading": heading,
            "changed": [c.now for c in check.changes if c.anchor.section == section],
            "removed": [[*a.facts] for a in check.removed if a.section == section],
            "new": [n.text for n in check.new if n.section == section],
        }
        for section, heading in headings.items()
    ]
    return {
        "sections": [s for s in sections if s["changed"] or s["removed"] or s["new"]],
        "facts": {
            "anchored": len(check.anchored),
            "changed": [*check.changed],
            "missing": [*check.missing],
        },
        "new_sentences": check.new_sentences,
        "lessons": [*affected.lessons],
        "points": [*affected.points],
        "objectives": [*affected.objectives],
        "questions": [*affected.questions],
    }
