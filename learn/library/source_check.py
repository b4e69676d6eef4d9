"""The alarm: a copy of the source document is held against the ledger.

It says which sentences changed, went or are new, and exactly which facts, lessons, objectives and
questions hang on them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from learn.library.content import Content
from learn.library.source_text import Sentence, digest, number, read_sentences, words
from questions.model import Question

_ALIKE = 0.5  # two sentences that share this much of their words are one that was edited
_FEW_WORDS = 4
_CONNECTORS = frozenset({"and", "but", "also", "while", "so", "or", "because"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sentence of the source as the ledger knows it: its digest, and the facts it carries.

    `numbers` are those of its words, sorted: they tell an edited sentence from a new one, and do
    not give the sentence away.
    """

    section: str
    digest: str
    numbers: tuple[int, ...]
    facts: tuple[str, ...]
    accepted_on: str = ""
    accepted_by: str = ""

    @property
    def length(self) -> int:
        """How many words."""
        return len(self.numbers)


def anchor(section: str, sentence: Sequence[str], facts: Iterable[str] = ()) -> Anchor:
    """The anchor of a sentence, given as its words."""
    return Anchor(section, digest(sentence), tuple(sorted(map(number, sentence))), tuple(facts))


@dataclass(frozen=True, slots=True)
class Change:
    """A known sentence that reads otherwise now; `now` is the new text."""

    anchor: Anchor
    section: str
    now: str


@dataclass(frozen=True, slots=True)
class New:
    """A sentence or heading that nobody has read yet, and the section it stands in."""

    section: str
    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """How a document stands to the ledger."""

    anchored: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    changes: tuple[Change, ...]
    removed: tuple[Anchor, ...]
    new: tuple[New, ...]

    @property
    def same(self) -> bool:
        """Nothing to look at."""
        return not (self.changes or self.removed or self.new)

    @property
    def new_sentences(self) -> int:
        """How many sentences are new; headings do not count."""
        return sum(not n.is_heading for n in self.new)

    @property
    def touched(self) -> frozenset[str]:
        """The facts that somebody has to look at."""
        return frozenset((*self.changed, *self.missing))


def check_source(text: str, anchors: Sequence[Anchor], headings: Mapping[str, str]) -> SourceCheck:
    """Hold a document against the ledger's anchors. `headings` has the sections' by their ids."""
    document = _Document(text, headings)
    found, lost = document.find(anchors)
    changes, removed, new = document.explain(found, lost)
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
class _Place:
    """Where a sentence of the document stands in its stream of words."""

    sentence: Sentence
    section: str
    start: int
    end: int


class _Document:
    def __init__(self, text: str, headings: Mapping[str, str]) -> None:
        self.words: list[str] = []
        self.places: list[_Place] = []
        sections = {words(heading): section for section, heading in headings.items()}
        section = next(iter(headings), "")
        for sentence in read_sentences(text):
            found = sentence.words
            if sentence.is_heading:
                section = sections.get(found, section)
            start = len(self.words)
            self.words += found
            self.places.append(_Place(sentence, section, start, start + len(found)))
        self.numbers = [number(w) for w in self.words]
        self.sums = [0, *accumulate(self.numbers)]
        self.taken = bytearray(len(self.words))

    def find(self, anchors: Sequence[Anchor]) -> tuple[dict[int, Anchor], list[Anchor]]:
        """Where each anchor stands (by its first word), and those that stand nowhere.

        Whole sentences first, then runs of words inside sentences that were joined or split; a
        short anchor only as a whole, since a few words stand in many sentences. Anchors with facts
        choose first. Each takes a place of its own: what stands twice is looked for twice.
        """
        found: dict[int, Anchor] = {}
        whole: dict[str, list[int]] = defaultdict(list)
        for place in reversed(self.places):
            whole[digest(self.words[place.start : place.end])].append(place.start)
        rest: list[Anchor] = []
        for wanted in sorted(anchors, key=lambda a: (not a.facts, -a.length)):
            if starts := whole[wanted.digest]:
                self._take(found, starts.pop(), wanted)
            else:
                rest.append(wanted)
        lost: list[Anchor] = []
        for wanted in rest:
            windows = self._windows(wanted) if wanted.length > _FEW_WORDS else iter(())
            at = next((i for i in windows if not any(self._span(i, wanted))), None)
            if at is None:
                lost.append(wanted)
            else:
                self._take(found, at, wanted)
        return found, lost

    def _take(self, found: dict[int, Anchor], at: int, wanted: Anchor) -> None:
        found[at] = wanted
        self.taken[at : at + wanted.length] = b"\x01" * wanted.length

    def _span(self, at: int, wanted: Anchor) -> bytearray:
        return self.taken[at : at + wanted.length]

    def _windows(self, wanted: Anchor) -> Iterator[int]:
        """Where as many words in a row have the anchor's digest."""
        total, length = sum(wanted.numbers), wanted.length
        for at, (begin, end) in enumerate(zip(self.sums, self.sums[length:], strict=False)):
            if end - begin == total and digest(self.words[at : at + length]) == wanted.digest:
                yield at

    def explain(
        self, found: Mapping[int, Anchor], lost: Sequence[Anchor]
    ) -> tuple[list[Change], list[Anchor], list[New]]:
        """What became of the lost anchors, and what the words are that no anchor took."""
        changes: list[Change] = []
        open_places: list[_Place] = []
        for place in self.places:
            left = [
                w
                for i, w in enumerate(self.words[place.start : place.end], place.start)
                if not self.taken[i]
            ]
            if not left or ({*left} <= _CONNECTORS and len(left) < place.end - place.start):
                continue
            inside = [a for at, a in found.items() if place.start <= at < place.end]
            if inside:  # a known sentence that something was added to
                changes += [Change(a, place.section, place.sentence.text) for a in inside]
            else:
                open_places.append(place)
        pairs = sorted(
            (
                (alike, -i, -j)
                for i, wanted in enumerate(lost)
                for j, place in enumerate(open_places)
                if (alike := self._alike(wanted, place)) >= _ALIKE
            ),
            reverse=True,
        )
        anchors_left, places_left = dict(enumerate(lost)), dict(enumerate(open_places))
        for _alike, minus_i, minus_j in pairs:
            if -minus_i in anchors_left and -minus_j in places_left:
                place = places_left.pop(-minus_j)
                wanted = anchors_left.pop(-minus_i)
                changes.append(Change(wanted, place.section, place.sentence.text))
        new = [New(p.section, p.sentence.text, p.sentence.is_heading) for p in places_left.values()]
        return changes, [*anchors_left.values()], new

    def _alike(self, wanted: Anchor, place: _Place) -> float:
        """The share of their words that two sentences have in common (Jaccard's index)."""
        ours, theirs = Counter(wanted.numbers), Counter(self.numbers[place.start : place.end])
        either = (ours | theirs).total()
        return (ours & theirs).total() / either if either else 0.0


@dataclass(frozen=True, slots=True)
class Dependents:
    """What hangs on some facts, by id."""

    lessons: tuple[str, ...]
    objectives: tuple[str, ...]
    questions: tuple[str, ...]


def dependents(content: Content, facts: Iterable[str]) -> Dependents:
    """The lessons that teach one of `facts`, and the objectives and questions that rest on one."""
    wanted = {*facts}
    questions = [q for q in content.bank.questions.values() if wanted & rests_on(q)]
    of_questions = {q.objective for q in questions}
    return Dependents(
        lessons=tuple(i for i, lesson in content.lessons.items() if wanted & {*lesson.anchors}),
        objectives=tuple(
            o.id
            for o in content.bank.objectives.values()
            if wanted & {*o.facts} or o.id in of_questions
        ),
        questions=tuple(q.id for q in questions),
    )


def rests_on(question: Question) -> set[str]:
    """The facts that prove a question's key or one of its whys."""
    return {*question.facts, *(f for part in question.parts for f in part.facts)}


def to_json(
    check: SourceCheck, hanging: Dependents, headings: Mapping[str, str]
) -> dict[str, object]:
    """The check for machines."""
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
        "lessons": [*hanging.lessons],
        "objectives": [*hanging.objectives],
        "questions": [*hanging.questions],
    }
