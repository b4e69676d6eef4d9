"""What a cell with a score means: a number, a percentage, points of so many, yes or no, nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache

from learn.authoring.tables.phrases import words

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?")
_OF = re.compile(r"(\S+)\s*(?:/|\bof\b)\s*(\S+)")

_MISSING = words(
    "na n/a n.a. #n/a nan null #null! none nil n/d - -- – — . .. ? missing blank ex excused absent "
    "unanswered ausente manquant fehlt"
) | {
    "no answer",
    "not answered",
    "not yet answered",
    "not attempted",
    "not graded",
    "not yet graded",
    "requires grading",
    "sin contestar",
    "sin respuesta",
    "nicht beantwortet",
    "pas de réponse",
    "non répondue",
}
_TRUE = words(
    "true yes y t correct right pass ✓ ✔ verdadero sí si correcto wahr ja richtig vrai oui"
)
_FALSE = words("false no n f incorrect wrong fail ✗ ✘ falso incorrecto falsch nein faux non")

_LONG = 40  # no number has as many characters

CODES = frozenset({-9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0})
"""Numbers that statistics programs often write for a missing answer."""


class Kind(Enum):
    """What a cell holds."""

    NUMBER = auto()
    PERCENT = auto()
    OF = auto()  # points of so many
    WORD = auto()  # yes or no, in any of their spellings
    MISSING = auto()  # a word or mark for no answer
    BLANK = auto()
    TEXT = auto()


_NO_SCORE = (Kind.MISSING, Kind.BLANK, Kind.TEXT)  # a set would hash, which takes far longer


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell's kind, its value, and of how many points; `decimals` that its number was given."""

    kind: Kind
    value: float = 0.0
    most: float = 1.0
    decimals: int = 0

    @property
    def is_score(self) -> bool:
        """Whether it holds a value."""
        return self.kind not in _NO_SCORE


BLANK = TableCell(Kind.BLANK)
TEXT = TableCell(Kind.TEXT)


@lru_cache(maxsize=100_000)
def read_cell(text: str) -> TableCell:
    """Return what a cell without white space around it means."""
    if not text:
        return BLANK
    if _NUMBER.fullmatch(text):
        return TableCell(Kind.NUMBER, number(text), decimals=_decimals(text))
    word = text.casefold()
    if word in _TRUE or word in _FALSE:
        return TableCell(Kind.WORD, float(word in _TRUE))
    if word in _MISSING:
        return TableCell(Kind.MISSING)
    return _share(text) if len(text) < _LONG else TEXT


def _share(text: str) -> TableCell:
    """Return a percentage, or points of so many."""
    if text.endswith("%") and _NUMBER.fullmatch(share := text[:-1].rstrip()):
        return TableCell(Kind.PERCENT, divided(number(share), 100.0), decimals=_decimals(share) + 2)
    if (parts := _OF.fullmatch(text)) and _NUMBER.fullmatch(parts.group(2)):
        most = number(parts.group(2))
        if _NUMBER.fullmatch(parts.group(1)) and most >= 0:
            points = number(parts.group(1))
            return TableCell(Kind.OF, points, most, _decimals(parts.group(1)))
        if parts.group(1) in {"-", "--"}:
            return TableCell(Kind.MISSING, 0.0, most)
    return TEXT


def number(text: str) -> float:
    """Return the number that a text of digits with a point or comma stands for."""
    return float(text.replace(",", "."))


def divided(points: float, most: float) -> float:
    """Return a score from points: exact, then rounded once."""
    if points in {0.0, most}:
        return points / most
    return float(Fraction(repr(points)) / Fraction(repr(most)))


def _decimals(text: str) -> int:
    return len(re.split("[.,]", text)[1]) if re.fullmatch(r"[+-]?[0-9]*[.,][0-9]+", text) else 0
