"""Domain classes of the engine; frozen, independent of web, database, and clock."""

from __future__ import annotations

import hashlib
import json
import re
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
_TO_A_LEARNER = re.compile(
    r"You can (?:(?:say|tell) (?=(?:how|what|when|where|which|who|why)\b))?(?=\w)"
)
"""How a goal begins that is said to those who learn it, and not to those who teach it."""


class Safety(StrEnum):
    """What to do about a sign of illness in a question, most urgent first."""

    CALL_911 = "call-911"
    CALL_NOW = "call-now"
    NEXT_VISIT = "next-visit"


_NO_SIGNS: Mapping[Safety, str] = MappingProxyType({})


class Level(StrEnum):
    """Cognitive level of a question: remember, explain, or use what was learned."""

    RECALL = "recall"
    UNDERSTAND = "understand"
    APPLY = "apply"


class Turn(StrEnum):
    """When in a quiz a question is asked: first what helps tonight, and last what is rare."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong idea that people hold, and the truth that corrects it."""

    id: str
    belief: str
    truth: str


@dataclass(frozen=True, slots=True)
class Response:
    """A learner's answer as given, before grading.

    The `fields` of a kind say which of these it fills: `chosen` has ids of parts, `pairs` maps ids
    of parts to what was given for them, and `places` maps ids of parts to positions from 1.
    `unsure` is the answer "I'm not sure"; the rest is then stored but not graded.
    """

    unsure: bool = False
    chosen: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, ...]:
        """Step ids, first to last."""
        return tuple(sorted(self.places, key=self.places.__getitem__))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that `from_json` reads, without empty fields."""
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
        """Read the value that `to_json` returned."""
        return cls(
            unsure=bool(raw.get("unsure", False)),
            chosen=tuple(raw.get("chosen", ())),
            pairs=dict(raw.get("pairs", {})),
            places=dict(raw.get("places", {})),
        )


@dataclass(frozen=True, slots=True)
class PartGrade:
    """Grade of one part, with the misconception shown if it is wrong."""

    part: str
    right: bool
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """Grade of a response: `score` from 0 to 1; 0 with `unsure` set for "I'm not sure"."""

    score: float
    unsure: bool
    parts: tuple[PartGrade, ...]

    @property
    def right(self) -> bool:
        """Whether the whole response is right."""
        return self.score == 1

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Misconceptions shown, each once, in the order of the parts."""
        return tuple(dict.fromkeys(p.misconception for p in self.parts if p.misconception))


class ResponseError(StrEnum):
    """Why a response can't be graded."""

    NOTHING = "nothing"  # nothing was answered
    UNKNOWN = "unknown"  # an id that this question doesn't have
    TOO_MANY = "too-many"  # several options where one is allowed
    UNSURE_AND_MORE = "unsure-and-more"  # "I'm not sure" and a ticked option
    HALF_DONE = "half-done"  # a row without a target, or a step without a place
    DOUBLED = "doubled"  # two steps at the same place


Rules = Mapping[str, Callable[[Any], Iterator[str]]]
"""Item-writing rules by name; each yields a message per violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(ABC):
    """A question; each kind is a subclass in `questions.kinds`.

    `version` is a digest of what a learner sees before answering and of the key, so answers with
    the same version are comparable. `exempt` maps the item-writing rules that the question breaks
    on purpose to the reasons. `safety` says what to do about a sign of illness in it; it is shown
    after every answer, never before. `signs` names the signs by what to do about them, the most
    urgent first, which is `safety`. `turn` is where in a quiz it is asked; None for in between.
    """

    kind: ClassVar[str]
    fields: ClassVar[tuple[FormField, ...]]
    part_noun: ClassVar[str]
    longest_part: ClassVar[int]
    """The maximum number of words in a part."""
    stem_ends_in: ClassVar[str] = ""
    """The ending that every stem of this kind must have."""
    partial_credit: ClassVar[bool] = True
    """Whether a score between 0 and 1 is possible."""
    counts_chosen: ClassVar[bool] = False
    """Whether reports count those who chose each part, rather than those who got it right."""
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
    signs: Mapping[Safety, str] = field(default_factory=lambda: _NO_SIGNS)
    level: Level | None = None
    turn: Turn | None = None
    exhibit: Exhibit | None = None

    @classmethod
    @abstractmethod
    def read(cls, table: Table, keys: QuestionKeys, references: References) -> Self:
        """Read the keys of this kind; `keys` has the common ones. Errors go to the table's file."""

    def part(self, part_id: str) -> Part:
        """Return the part with this id. Raises KeyError."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)

    def field_name(self, part_id: str) -> str:
        """Return the name of a part's form field."""
        first = self.fields[0]
        return first.name if first.fills is Fills.CHOSEN else first.name + part_id

    @property
    def only_key(self) -> Part | None:
        """Right part, for kinds with exactly one to choose; otherwise None."""
        return None

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Ids of the misconceptions that a response can show, each once."""
        return tuple(dict.fromkeys(p.misconception for p in self.parts if p.misconception))

    @property
    def prompt(self) -> str:
        """Text shown before answering, without the parts."""
        exhibit = self.exhibit.author_texts if self.exhibit else ()
        return " ".join([self.vignette, *exhibit, self.stem]).strip()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Figures in the exhibit and in the parts."""
        of_exhibit = self.exhibit.figures if self.exhibit else ()
        return (*of_exhibit, *(part.figure for part in self.parts if part.figure))

    @property
    def extra_texts(self) -> Mapping[str, str]:
        """Texts to choose from besides the parts, by the name that messages use."""
        return _NONE

    def shown_order(self, rng: Random) -> tuple[str, ...]:
        """Return the ids of the parts in the order in which an attempt shows them."""
        order = [p.id for p in self.parts]
        rng.shuffle(order)
        return tuple(order)

    @abstractmethod
    def version_payload(self) -> list[Any]:
        """Return what the version covers besides kind, vignette, and stem, as JSON values."""

    @abstractmethod
    def error_in(self, response: Response) -> ResponseError | None:
        """Return why `response` can't be graded, or None if it can."""

    @abstractmethod
    def grade(self, response: Response) -> Grade:
        """Grade a valid response other than "I'm not sure"."""

    @abstractmethod
    def random_score(self) -> float:
        """Return the mean score of somebody who answers at random."""

    @abstractmethod
    def right_response(self) -> Response:
        """Return the right response."""

    @abstractmethod
    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:
        """Return a wrong response for demo learners.

        `draw` picks one of several misconceptions and returns its index.
        """

    @abstractmethod
    def describe(self, response: Response) -> tuple[Line, ...]:
        """Describe a valid response other than "I'm not sure" in words."""

    @abstractmethod
    def marks(self, response: Response) -> tuple[Mark, ...]:
        """Return each part with its key and what was given for it."""

    @abstractmethod
    def on_paper(self, shown: Sequence[str]) -> tuple[KeyEntry, ...]:
        """Return the entries of the answer key on paper, in the order `shown`."""


def version_of(question: Question) -> str:
    """Return the digest (12 hex digits) of what a learner sees of a question and of its key."""
    payload = [question.kind, question.vignette, question.stem, *question.version_payload()]
    if exhibit := question.exhibit:
        payload.append(["exhibit", exhibit.kind, exhibit.title, exhibit.note, exhibit.is_made_up])
        payload.append(exhibit.version_payload())
    payload += [["figure", p.id, p.figure.id, p.figure.svg] for p in question.parts if p.figure]
    raw = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Objective:
    """A learning goal ("You can …"): the unit of progress and review.

    A `practice_only` one waits for a clinician's signature. Its questions are asked in the quizzes
    of its lesson and topic, of a path that names them, and in the mixed one, and count nowhere
    else. One that is `hard_to_hear` is never asked about among the first questions before and after
    the lessons, nor in the quiz of a path. Educators read of one `about_safety` that it is.
    """

    id: str
    topic: str
    lesson: str
    you_can: str
    facts: tuple[str, ...]
    ask_care_team: str
    misconceptions: tuple[Misconception, ...]
    questions: tuple[Question, ...]
    practice_only: bool = False
    hard_to_hear: bool = False
    about_safety: bool = False

    @property
    def to_teach(self) -> str:
        """Return the goal in words for those who teach it: “What platelets do.”"""
        found = _TO_A_LEARNER.match(self.you_can)
        kept = self.you_can[found.end() :] if found else self.you_can
        return kept[:1].upper() + kept[1:]
