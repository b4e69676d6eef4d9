"""Parts of a question, and their representation in forms, feedback, text, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questions.figures import Figure


@dataclass(frozen=True, slots=True)
class Part:
    """An option, row, or step of a question, with the rationale shown after the answer.

    `right` says whether choosing it is right; None for kinds whose parts aren't chosen one by one.
    `misconception` is the id of the idea behind getting it wrong, or empty.
    """

    id: str
    text: str
    rationale: str
    facts: tuple[str, ...]
    right: bool | None = None
    misconception: str = ""
    figure: Figure | None = None


class Fills(StrEnum):
    """Attribute of a `Response` that a form field fills."""

    CHOSEN = "chosen"
    PAIRS = "pairs"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class FormField:
    """Form fields of a kind of question.

    If they fill `chosen`, they share `name`; otherwise each part has its own field, named `name`
    followed by the part's id.
    """

    name: str
    fills: Fills


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a response in words; `answer` is what was given for `text`, for a pair."""

    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part with its `key` and what was `given`, as strings; empty for nothing."""

    part: Part
    key: str
    given: str

    @property
    def right(self) -> bool:
        return self.key == self.given


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """An entry of the answer key on paper.

    `letter` is that of the option or of the row's right target, `place` the position of a step;
    `misconceptions` are those behind the wrong answers to it.
    """

    part: Part
    letter: str = ""
    place: int = 0
    misconceptions: tuple[str, ...] = ()
