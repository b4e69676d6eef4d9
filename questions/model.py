"""The nouns of the engine. All are frozen; none knows the web, a database or a clock."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from questions.exhibits.exhibit import Exhibit
from questions.figures import Figure
from questions.parts import Fills, FormField, KeyEntry, Line, Mark, Part

if TYPE_CHECKING:
    from questions.kinds.parsing import QuestionKeys, References
    from questions.reading import Table

_NONE: Mapping[str, str] = MappingProxyType({})


class Safety(StrEnum):
    """What to do about a sign such as the one in a question, the most urgent first."""

    CALL_911 = "call-911"
    CALL_NOW = "call-now"
    NEXT_VISIT = "next-visit"


class Level(StrEnum):
    """What a question asks for: to remember, to explain, or to use what was learned."""

    RECALL = "recall"
    UNDERSTAND = "understand"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong idea that people really hold, and the gentle truth that meets it."""

    id: str
    belief: str
    truth: str


@dataclass(frozen=True, slots=True)
class Response:
    """What a learner answered, as given: the shape of it, not whether it is right.

    `chosen` holds option ids (`choice`, `choices`), `pairs` maps row ids to target ids (`match`),
    `places` maps step ids to their places, from 1 (`order`). `unsure` is the answer "I'm not sure",
    and then the rest is kept but does not count.
    """

    unsure: bool = False
    chosen: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """The step ids from first to last."""
        return tuple(sorted(self.places, key=self.places.__getitem__))

    def to_json(self) -> dict[str, Any]:
        """The smallest plain value that `from_json` reads back."""
        raw: dict[str, Any] = {}
        if self.unsure:
            raw["unsure"] = True
        if self.chosen:
            raw["chosen"] = list(self.chosen)
        if self.pairs:
            raw["pairs"] = dict(self.pairs)
        if self.places:
            raw["places"] = dict(self.places)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Response:
        """The response that `to_json` wrote."""
        return cls(
            unsure=bool(raw.get("unsure", False)),
            chosen=tuple(raw.get("chosen", ())),
            pairs=dict(raw.get("pairs", {})),
            places=dict(raw.get("places", {})),
        )


@dataclass(frozen=True, slots=True)
class PartGrade:
    """How one part went: was it handled right, and if not, which wrong idea does that show."""

    part: str
    right: bool
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of one response: `score` from 0 to 1; "I'm not sure" is 0, and told apart."""

    score: float
    unsure: bool
    parts: tuple[PartGrade, ...]

    @property
    def right(self) -> bool:
        """Right means all of it."""
        return self.score == 1

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The wrong ideas shown, each once, in the order of the parts."""
        return tuple(dict.fromkeys(p.misconception for p in self.parts if p.misconception))


class ResponseError(StrEnum):
    """Why a response can't be graded yet. Not a matter of right or wrong."""

    NOTHING = "nothing"  # nothing was chosen
    UNKNOWN = "unknown"  # an answer that this question does not have
    TOO_MANY = "too-many"  # two answers where one is asked for
    UNSURE_AND_MORE = "unsure-and-more"  # "I'm not sure" beside a ticked answer
    HALF_DONE = "half-done"  # a match or an order with gaps
    DOUBLED = "doubled"  # the same place given to two steps


Rules = Mapping[str, Callable[[Any], Iterator[str]]]
"""Rules of item writing by name; each yields a message for whatever breaks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(ABC):
    """A question; each kind is a subclass in `questions.kinds`.

    `version` is the digest of what a learner sees before answering and of the key: two answers
    with one version were given to the same question. `exempt` names the rules of writing that the
    question breaks on purpose, each with its reason. `safety` says what to do about a sign of
    illness in it; it is shown after every answer, and only then.
    """

    kind: ClassVar[str]
    fields: ClassVar[tuple[FormField, ...]]
    part_noun: ClassVar[str]
    longest_part: ClassVar[int]
    """How many words a part may have."""
    stem_ends_in: ClassVar[str] = ""
    """What every stem of this kind ends in."""
    partial_credit: ClassVar[bool] = True
    """Whether a score between 0 and 1 is possible."""
    counts_chosen: ClassVar[bool] = False
    """Whether reports count who chose each part; otherwise, who got it right."""
    lint_errors: ClassVar[Rules] = MappingProxyType({})
    lint_warnings: ClassVar[Rules] = MappingProxyType({})

    id: str
    objective: str
    stem: str
    vignette: str = ""
    facts: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    version: str = ""
    exempt: Mapping[str, str] = field(default_factory=lambda: _NONE)
    safety: Safety | None = None
    level: Level | None = None
    exhibit: Exhibit | None = None

    @classmethod
    @abstractmethod
    def read(cls, table: Table, keys: QuestionKeys, references: References) -> Self:
        """Read what is special to this kind; `keys` has the rest. Faults go to the table's file."""

    def part(self, part_id: str) -> Part:
        """The part of that id. Raises KeyError."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    def field_name(self, part_id: str) -> str:
        """The name of a part's form field."""
        first = self.fields[0]
        return first.name if first.fills is Fills.CHOSEN else first.name + part_id

    @property
    def only_key(self) -> Part | None:
        """The one right part, where there is exactly one to choose."""
        return None

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The ids of the wrong ideas that an answer can show, each once."""
        return tuple(dict.fromkeys(p.misconception for p in self.parts if p.misconception))

    @property
    def asked(self) -> str:
        """All that is read before answering, but for the parts."""
        exhibit = self.exhibit.written if self.exhibit else ()
        return " ".join([self.vignette, *exhibit, self.stem]).strip()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures that it shows, in the exhibit and in its parts."""
        shown = self.exhibit.figures if self.exhibit else ()
        return (*shown, *(part.figure for part in self.parts if part.figure))

    @property
    def extra_texts(self) -> Mapping[str, str]:
        """What a learner can choose from besides the parts, by a name for messages."""
        return _NONE

    def shown_order(self, rng: Random) -> tuple[str, ...]:
        """The ids of the parts in the order in which one attempt shows them."""
        shown = [p.id for p in self.parts]
        rng.shuffle(shown)
        return tuple(shown)

    @abstractmethod
    def seen(self) -> list[Any]:
        """What the version covers besides kind, vignette and stem, as plain values."""

    @abstractmethod
    def error_in(self, response: Response) -> ResponseError | None:
        """What keeps `response` from being graded, or None."""

    @abstractmethod
    def grade(self, response: Response) -> Grade:
        """The grade of a response that has no error and is not "I'm not sure"."""

    @abstractmethod
    def right_response(self) -> Response:
        """The right response."""

    @abstractmethod
    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:
        """A response that is not right, as made-up learners give it.

        `draw` picks one of several wrong ideas and returns its index.
        """

    @abstractmethod
    def describe(self, response: Response) -> tuple[Line, ...]:
        """A response that has no error and is not "I'm not sure", in words."""

    @abstractmethod
    def marks(self, response: Response) -> tuple[Mark, ...]:
        """Each part beside what was given for it."""

    @abstractmethod
    def on_paper(self, shown: Sequence[str]) -> tuple[KeyEntry, ...]:
        """The parts in that order with what the key on paper says about them."""


def version_of(question: Question) -> str:
    """The digest (12 hex digits) of what a learner sees of a question, and of its key."""
    seen = [question.kind, question.vignette, question.stem, *question.seen()]
    if shown := question.exhibit:
        seen.append(["exhibit", shown.kind, shown.title, shown.note, shown.is_made_up])
        seen.append(shown.seen())
    seen += [["figure", p.id, p.figure.id, p.figure.svg] for p in question.parts if p.figure]
    raw = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Objective:
    """One thing worth knowing, as "You can …": the unit of progress and of review."""

    id: str
    topic: str
    lesson: str
    you_can: str
    facts: tuple[str, ...]
    ask_care_team: str
    misconceptions: tuple[Misconception, ...]
    questions: tuple[Question, ...]
