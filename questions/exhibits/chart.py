"""`chart`: one measured value over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from questions.exhibits.exhibit import (
    Exhibit,
    ExhibitKeys,
    Figures,
    Translate,
    spoken_unit,
)
from questions.reading import Table

_MIN, _MAX = 2, 8  # points; more are illegible on a phone
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 290, 34, 150  # of the plot area; the drawing is 320 wide
_STEEP = 0.3  # a line that rises so much for each unit of width would cross the value above a point
_DAY = 58  # between two days below their points


@dataclass(frozen=True, slots=True)
class DataPoint:
    """A value on a day; `x` and `y` are its position in a drawing 320 wide and 190 high.

    `anchor` is the side of the point on which its value has room beside the line, as in SVG.
    `has_day` says that its day has room below it, and `has_low_day` that it has some in
    a row below that.
    """

    day: date
    value: float
    x: float = 0
    y: float = 0
    anchor: str = "middle"
    has_day: bool = True
    has_low_day: bool = False

    @property
    def label(self) -> str:
        """Value without trailing zeros."""
        return f"{self.value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(Exhibit):
    """A line chart; `title` says what is measured, in `unit`."""

    kind: ClassVar[str] = "chart"

    unit: str
    points: tuple[DataPoint, ...]

    @classmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:  # noqa: ARG003 - other kinds need it
        if not keys["title"]:
            table.error("a chart needs a “title”: what is measured")
        entries = table.tables("points")
        if not _MIN <= len(entries) <= _MAX:
            table.error(f"a chart needs {_MIN} to {_MAX} points", "points")
        points = []
        for entry in entries:
            points.append(DataPoint(entry.day("day", or_text=True), entry.number("value")))
            if len(points) > 1 and points[-1].day <= points[-2].day:
                entry.error(f"{points[-1].day} does not come after {points[-2].day}", "day")
            if points[-1].value < 0:
                entry.error("a value below 0 can't be drawn", "value")
            entry.close()
        return cls(**keys, unit=table.text("unit", default=""), points=_placed(points))

    def version_payload(self) -> list[Any]:
        return [self.unit, *([p.day.isoformat(), p.label] for p in self.points)]

    def describe(self, translate: Translate) -> tuple[str, ...]:
        unit = spoken_unit(self.unit, translate)
        return tuple(
            translate("%(day)s: %(value)s", day=p.day, value=f"{p.label} {unit}".strip())
            for p in self.points
        )

    @property
    def author_texts(self) -> tuple[str, ...]:
        return ()


def _placed(points: list[DataPoint]) -> tuple[DataPoint, ...]:
    """Return the points with coordinates: days from left to right, values from 0 upward."""
    if not points:
        return ()
    first = points[0].day
    days = max((points[-1].day - first).days, 1)
    highest = max(p.value for p in points) or 1
    placed = [
        replace(
            p,
            x=round(_LEFT + (_RIGHT - _LEFT) * (p.day - first).days / days, 1),
            y=round(_BOTTOM - (_BOTTOM - _TOP) * p.value / highest, 1),
        )
        for p in points
    ]
    first_row = [i for i in range(len(placed)) if _has_day(placed, i)]
    low: list[int] = []
    for i, p in enumerate(placed):
        if i not in first_row and (not low or p.x - placed[low[-1]].x >= _DAY):
            low.append(i)
    return tuple(
        replace(p, anchor=_anchor(placed, i), has_day=i in first_row, has_low_day=i in low)
        for i, p in enumerate(placed)
    )


def _anchor(placed: list[DataPoint], i: int) -> str:
    """Return where the value above a point goes, out of the way of a line that comes from above."""
    left = _rise(placed[i - 1], placed[i]) if i else 0
    right = _rise(placed[i + 1], placed[i]) if i + 1 < len(placed) else 0
    if max(left, right) < _STEEP:
        return "middle"
    return "start" if left > right else "end"


def _rise(neighbor: DataPoint, point: DataPoint) -> float:
    return (point.y - neighbor.y) / max(abs(neighbor.x - point.x), 1)


def _has_day(placed: list[DataPoint], i: int) -> bool:
    """Return whether a day has room: the first and the last have it, and those far from both."""
    if i in (0, len(placed) - 1):
        return True
    shown = [0]
    for j in range(1, i + 1):
        if placed[j].x - placed[shown[-1]].x >= _DAY and placed[-1].x - placed[j].x >= _DAY:
            shown.append(j)
    return i in shown
