"""Parts of a question, and how they stand in a form, in feedback, in words, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questions.figures import Figure


@dataclass(frozen=True, slots=True)
class Part:
    """An option, row, or step of a question, with the rationale shown after the answer.

    `right` says whether choosing it is right; None where parts aren't chosen one by one.
    `misconception` is the idea behind getting it wrong, or empty.
    """

    id: str
    text: str
    rationale: str
    facts: tuple[str, ...]
    right: bool | None = None
    misconception: str = ""
    figure: Figure | None = None


class Fills(StrEnum):
    """The attribute of a `Response` that a form field fills."""

    CHOSEN = "chosen"
    PAIRS = "pairs"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class FormField:
    """The form fields of a kind of question.

    All of them are called `name` where they fill `chosen`; otherwise each part has its own field,
    called `name` with the id of the part behind it.
    """

    name: str
    fills: Fills


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer in words; `answer` is what was given for `text`, if it is a pair."""

    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part beside what was given for it: `key` and `given` as texts, empty for nothing."""

    part: Part
    key: str
    given: str

    @property
    def right(self) -> bool:
        return self.key == self.given


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A part on paper.

    `letter` is its own or that of its right target, `place` that of a step; the `misconceptions`
    are those behind the other answers that can be given for it.
    """

    part: Part
    letter: str = ""
    place: int = 0
    misconceptions: tuple[str, ...] = ()
