"""Where the marks of the plots of before and after go: pure functions.

Both drawings are 320 wide. What is before is an outline, what is after is filled.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from learn.people.before_after import ComparisonResult, LearnerChange, ObjectiveChange

FEW = 10
"""With fewer people, marks are gray and percentages are left out."""

_LEFT, _RIGHT = 10, 310
_TOP, _BOTTOM = 22, 122  # of the columns
_MOST_COLUMNS = 11  # more are illegible on a phone
_STEP = 10  # percent, where people had different numbers of ideas
_WIDEST = 22  # a column


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """An idea, and where the shares that were right before and after are on its line."""

    change: ObjectiveChange
    before: float
    after: float

    @property
    def is_few(self) -> bool:
        """Whether so few people were asked that a share says little."""
        return self.change.n < FEW


@dataclass(frozen=True, slots=True)
class PlotColumn:
    """How many people had so much right, and the column that stands for them."""

    people: int
    x: float
    y: float
    height: float

    @property
    def above(self) -> float:
        """Where the number goes."""
        return self.y - 4


@dataclass(frozen=True, slots=True)
class PlotStep:
    """So many right, or from so many percent on: the people before and after."""

    right: int
    middle: float
    before: PlotColumn
    after: PlotColumn


@dataclass(frozen=True, slots=True)
class TotalsPlot:
    """How much people had right before and after; `of` is the number of ideas, 0 for percent.

    `width` is that of a column.
    """

    steps: tuple[PlotStep, ...]
    of: int
    width: float
    is_few: bool


def change_rows(result: ComparisonResult) -> tuple[ChangeRow, ...]:
    """Return the line of each idea, in the result's order."""
    return tuple(
        ChangeRow(change, _place(change.before / change.n), _place(change.after / change.n))
        for change in result.objectives
    )


def totals_plot(result: ComparisonResult) -> TotalsPlot:
    """Return the columns of people by how much they had right.

    They are numbers of ideas if all people were asked about as many, and those are few; else tens
    of percent, rounded down.
    """
    numbers = {learner.pairs for learner in result.learners}
    of = numbers.pop() if len(numbers) == 1 and max(numbers) < _MOST_COLUMNS else 0
    before = Counter(_step(learner, learner.before, of) for learner in result.learners)
    after = Counter(_step(learner, learner.after, of) for learner in result.learners)
    rights = range(of + 1) if of else range(0, 101, _STEP)
    most = max([*before.values(), *after.values()], default=1)
    room = (_RIGHT - _LEFT) / len(rights)
    width = min(room * 0.42, _WIDEST)
    steps = []
    for number, right in enumerate(rights):
        middle = round(_LEFT + room * (number + 0.5), 1)
        steps.append(
            PlotStep(
                right,
                middle,
                _column(before[right], most, middle - width),
                _column(after[right], most, middle),
            )
        )
    return TotalsPlot(tuple(steps), of, round(width - 1, 1), result.n < FEW)


def _place(share: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share, 1)


def _step(learner: LearnerChange, right: int, of: int) -> int:
    return right if of else right * 100 // learner.pairs // _STEP * _STEP


def _column(people: int, most: int, x: float) -> PlotColumn:
    height = round((_BOTTOM - _TOP) * people / most, 1)
    return PlotColumn(people, round(x, 1), round(_BOTTOM - height, 1), height)
