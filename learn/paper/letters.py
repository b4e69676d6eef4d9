"""What stands in a cell: the letters of a paper's answer to one question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from questions.grading import error_in
from questions.model import Question, Response, ResponseError
from questions.parts import Fills

UNSURE = "?"
BLANK = "–"
"""What can be typed for a question that wasn't answered; an empty cell says the same."""

_DASHES = frozenset("-–—−_")
_BETWEEN = re.compile(r"[\s,;/+&.]+|\bAND\b")
_LONGEST = 60  # characters; more are no letters of one answer


class CellProblem(StrEnum):
    """Why a cell can't be read. The template has a message for each."""

    UNKNOWN = "unknown"  # a letter that this question doesn't have, or something else
    SEVERAL = "several"  # several letters where one is right
    BOTH = "both"  # letters, and that the person isn't sure


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it was `typed`; the response is None for a blank one, and with a problem."""

    typed: str = ""
    response: Response | None = None
    problem: CellProblem | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.typed.strip()


def fits_paper(question: Question) -> bool:
    """Whether it is answered by the letters of its options."""
    return question.fields[0].fills is Fills.CHOSEN


def lettered(question: Question, shown: Sequence[str]) -> Mapping[str, str]:
    """Return the ids of the options by their letter on the paper."""
    return {entry.letter: entry.part.id for entry in question.on_paper(shown)}


def read(typed: str, question: Question | None, shown: Sequence[str]) -> GridCell:
    """Read a cell: letters in any case, with or without something between them."""
    text = unicodedata.normalize("NFKC", typed[: _LONGEST + 1]).strip().upper()
    if not text or {*text} <= _DASHES:
        return GridCell(typed)
    options = lettered(question, shown) if question else {}
    marks = {*_BETWEEN.sub("", text)}
    if question is None or len(typed) > _LONGEST or not marks or marks - {*options, UNSURE}:
        return GridCell(typed, problem=CellProblem.UNKNOWN)
    if UNSURE in marks:
        both = len(marks) > 1
        return GridCell(
            typed,
            None if both else Response(unsure=True),
            CellProblem.BOTH if both else None,
        )
    chosen = {options[mark] for mark in marks}
    response = Response(chosen=tuple(part.id for part in question.parts if part.id in chosen))
    if error_in(question, response) is ResponseError.TOO_MANY:
        return GridCell(typed, problem=CellProblem.SEVERAL)
    return GridCell(typed, response)


def written(response: Response | None, question: Question, shown: Sequence[str]) -> str:
    """Return a response as it is typed; empty for a blank one."""
    if response is None:
        return ""
    if response.unsure:
        return UNSURE
    options = lettered(question, shown)
    return " ".join(letter for letter, part in options.items() if part in response.chosen)
