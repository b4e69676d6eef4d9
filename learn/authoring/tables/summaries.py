"""Rows and columns that sum up the others, such as an average or a total: they are no data.

They are known by their names, and by what they hold: a row that equals the means of its columns,
and a column that equals the sum of the others, scaled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from learn.authoring.tables.phrases import phrases


class RowKind(Enum):
    """What a row says, by its name."""

    SUMMARY = auto()
    MAYBE = auto()  # it could be the name of a person, too
    POSSIBLE = auto()  # what each item is worth
    KEY = auto()  # the right answers


_POSSIBLE = phrases(
    "points possible|possible points|max points|maximum points|max score|maximum score|"
    "possible score|points available|out of|puntos posibles|puntuación máxima|max. punkte|"
    "maximale punktzahl|points possibles"
)
_SUMMARY = phrases(
    "overall average|average|averages|avg|avg.|class average|group average|course average|"
    "mean score|average score|column mean|column means|class mean|total average|"
    "grand total|total|totals|median|class median|standard deviation|std dev|std. dev.|stdev|"
    "std deviation|variance|highest score|lowest score|facility|facility index|difficulty|"
    "percent correct|% correct|number correct|total correct|"
    "promedio|promedio general|promedio global|promedio del grupo|mediana|"
    "desviación estándar|gesamtdurchschnitt|durchschnitt|mittelwert|gesamt|summe|"
    "standardabweichung|moyenne|moyenne générale|moyenne globale|moyenne du groupe|écart type|"
    "média|média geral|media generale|"
    "media complessiva|gemiddelde|gruppendurchschnitt|promedio de grupo"
)
_MAYBE = phrases("max|min|mean|sum|sd|n|count|media|medias|maximum|minimum|key")
_KEY = phrases(
    "key|answer key|correct|correct answer|correct answers|right answer|right answers|solution|"
    "solutions|clave|respuestas correctas|respuesta correcta|lösung|lösungen|corrigé"
)
_TOTAL = phrases(
    "total|totals|total score|total points|total grade|total (%)|total %|total mark|sum|sum score|"
    "sumscore|sum of scores|raw score|grade|final grade|final score|overall|overall score|"
    "overall grade|percent|percentage|percent correct|% correct|%|score (%)|score %|average|"
    "number correct|n correct|total correct|puntuación total|suma|calificación|promedio|gesamt|"
    "summe|gesamtpunktzahl|prozent|note finale|somme|pourcentage|nota final|totaal"
)
_LONG = 60
_SEVERAL = 3
_EDGES = re.compile(r"^[\s*#:]+|[\s*#:.]+$")


def row_summary(name: str) -> RowKind | None:
    """Return what a row of this name says; None for a learner's."""
    label = _plain(name)
    if label in _POSSIBLE:
        return RowKind.POSSIBLE
    if label in _SUMMARY:
        return RowKind.SUMMARY
    return RowKind.MAYBE if label in _MAYBE else None


def is_key_row(name: str) -> bool:
    """Return whether a row of this name may hold the right answers."""
    return _plain(name) in _KEY


def is_total(name: str) -> bool:
    """Return whether a column of this name adds up others."""
    return _plain(name) in _TOTAL


def _plain(name: str) -> str:
    return " ".join(_EDGES.sub("", name).casefold().split()) if len(name) < _LONG else ""


def fits_mean(
    value: float, column: Sequence[float], counted: Sequence[bool], rounded: int
) -> bool | None:
    """Return whether a value is the mean of a column, as far as it is rounded; None if it isn't.

    False says that it fits, but tells little: the column doesn't vary. The mean may leave out
    cells that hold nothing, as those of spreadsheets do.
    """
    there = [v for v, is_there in zip(column, counted, strict=True) if is_there]
    slack = 0.5 * 10.0**-rounded + 1e-9
    fits: bool | None = None
    for values in (column, there):
        if values and abs(value - math.fsum(values) / len(values)) <= slack:
            fits = fits or (rounded > 0 and min(values) != max(values))
    return fits


def sums_others(
    column: Sequence[float], totals: Sequence[float], others: int, decimals: int
) -> bool:
    """Return whether a column is the sum of the others, scaled; `totals` include the column.

    A coincidence must be out of the question: there are two others at least, it has three
    different values or more, and its rounding is small against what parts them.
    """
    if others < 2 or len({*column}) < _SEVERAL:
        return False
    whole = math.fsum(column)
    rest = math.fsum(totals) - whole
    if not rest:
        return False
    rounding = 0.5 * 10.0**-decimals
    for factor, slack in (
        (1.0, rounding),
        *((most / others, rounding) for most in (1.0, 10.0, 100.0)),
        (whole / rest, 2 * rounding),
    ):
        is_nice = slack == rounding
        if not is_nice and _far_apart(column, 4 * slack) < _SEVERAL:
            continue
        if all(
            abs(value - factor * (total - value)) <= slack + 1e-9
            for value, total in zip(column, totals, strict=True)
        ):
            return True
    return False


def _far_apart(column: Sequence[float], gap: float) -> int:
    """Return how many groups of values there are, with more than a gap between them."""
    distinct = sorted({*column})
    return 1 + sum(1 for low, high in pairwise(distinct) if high - low > gap)
