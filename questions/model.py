"""The nouns of the engine. All are frozen; none knows the web, a database or a clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

_NO_MISCONCEPTIONS: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """The four kinds of question."""

    CHOICE = "choice"
    CHOICES = "choices"
    MATCH = "match"
    ORDER = "order"


class Safety(StrEnum):
    """What to do about a sign such as the one in a question, the most urgent first."""

    CALL_911 = "call-911"
    CALL_NOW = "call-now"
    NEXT_VISIT = "next-visit"


@dataclass(frozen=True, slots=True)
class Misconception:
    """A wrong idea that people really hold, and the gentle truth that meets it."""

    id: str
    belief: str
    truth: str


@dataclass(frozen=True, slots=True)
class Part:
    """What the kinds have in common: one answer, row or step, and why it is as it is."""

    id: str
    text: str
    why: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option(Part):
    """An answer to tick, in a `choice` or a `choices`."""

    right: bool = False
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Row(Part):
    """A thing to be given one of the targets, in a `match`."""

    target: str = ""
    misconception: str = ""
    misconceptions: Mapping[str, str] = field(default_factory=lambda: _NO_MISCONCEPTIONS)

    def misconception_for(self, target: str) -> str:
        """The wrong idea behind giving this row `target`."""
        return self.misconceptions.get(target, self.misconception)


@dataclass(frozen=True, slots=True)
class Step(Part):
    """A step to put in its place, in an `order`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `options`, `rows` or `steps` are filled as its kind wants.

    `targets` maps a target's id to its text (only for `match`), in the order they are shown.
    `steps` stand in the right order. `version` is the digest of what a learner sees before
    answering and of the key: two answers with one version were given to the same question.
    `exempt` names the rules of writing that the question breaks on purpose, each with its reason.
    `safety` says what to do about the sign in it; it is shown after every answer, and only then.
    """

    id: str
    objective: str
    kind: Kind
    ask: str
    case: str
    facts: tuple[str, ...]
    options: tuple[Option, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    steps: tuple[Step, ...] = ()
    misconception: str = ""
    version: str = ""
    exempt: Mapping[str, str] = field(default_factory=dict)
    safety: Safety | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The options, rows or steps, in the order of the file."""
        return self.options or self.rows or self.steps

    def part(self, part_id: str) -> Part:
        """The part of that id. Raises KeyError."""
        for part in self.parts:
            if part.id == part_id:
                return part
        raise KeyError(part_id)


def version_of(question: Question) -> str:
    """The digest (12 hex digits) of what a learner sees of a question, and of its key."""
    seen: list[Any] = [question.kind.value, question.case, question.ask]
    seen += [[o.id, o.text, o.right] for o in question.options]
    seen += [[r.id, r.text, r.target] for r in question.rows]
    seen += [[s.id, s.text] for s in question.steps]
    seen += [[t, text] for t, text in question.targets.items()]
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
