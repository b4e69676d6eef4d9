"""Which options learners chose, by how well they did on the rest of the test.

Learners are put into groups of about equal size by their rest: the total without the item, as for
discrimination. Learners with the same rest are in the same group. In a good item, the curve of the
right option rises from group to group, and those of the others fall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import add, sub

from questions.scores import ratio, scale

_FEW, _MANY = 60, 200


@dataclass(frozen=True, slots=True)
class CurveGroup:
    """Learners whose rest, in points, is from `low` to `high`."""

    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OptionCurves:
    """Groups of learners, lowest first, and by option the share of each group that chose it."""

    groups: tuple[CurveGroup, ...]
    options: Mapping[str, tuple[float, ...]]


def option_curves(
    scores: Mapping[str, Sequence[float]],
    chosen: Mapping[str, Sequence[frozenset[str]]],
    offered: Mapping[str, Mapping[str, bool]],
) -> dict[str, OptionCurves]:
    """Return the curves of each item whose chosen options are known.

    There are three groups of fewer than 60 learners, four of fewer than 200, and else five.
    """
    of = scale(scores.values())
    totals = [0] * len(next(iter(scores.values()), ()))
    for column in scores.values():
        totals = [*map(add, totals, of.whole(column))]
    return {
        item: _curves(
            [*map(sub, totals, of.whole(scores[item]))], answers, offered[item], of.denominator
        )
        for item, answers in chosen.items()
    }


def _curves(
    rest: list[int],
    answers: Sequence[frozenset[str]],
    offered: Mapping[str, bool],
    denominator: int,
) -> OptionCurves:
    group_of = _groups(rest)
    sizes = Counter(group_of[points] for points in rest)
    counts: Counter[tuple[int, str]] = Counter()
    for points, answer in zip(rest, answers, strict=True):
        for option in answer:
            counts[group_of[points], option] += 1
    groups = sorted(sizes)
    bounds = {g: [p for p, of in group_of.items() if of == g] for g in groups}
    return OptionCurves(
        tuple(
            CurveGroup(sizes[g], min(bounds[g]) / denominator, max(bounds[g]) / denominator)
            for g in groups
        ),
        {
            option: tuple(ratio(counts[g, option], sizes[g]) or 0.0 for g in groups)
            for option in offered
        },
    )


def _groups(rest: list[int]) -> dict[int, int]:
    """Return the group of each rest: by the middle of the places that those who have it take."""
    n = len(rest)
    number = 3 if n < _FEW else 4 if n < _MANY else 5
    each = sorted(Counter(rest).items())
    ends = [*accumulate(count for _, count in each)]
    return {
        points: min(number - 1, number * (2 * end - count) // (2 * n))
        for (points, count), end in zip(each, ends, strict=True)
    }
