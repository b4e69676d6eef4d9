"""Derive advice from an item's statistics; the pages turn it into text."""

from __future__ import annotations

from enum import StrEnum

from questions.analysis import ItemAnalysis
from questions.distractors import Option

ENOUGH = 30  # learners; with fewer, discrimination, alpha, and advice from them are suppressed
_EASY = 0.9
_ONE_IN = 20  # a working distractor draws at least one learner in 20 (5%)


class Advice(StrEnum):
    """A remark about an item."""

    TOO_FEW = "too-few"  # too few learners to report discrimination
    NOBODY_MISSED = "nobody-missed"  # so it doesn't discriminate
    EVERYBODY_MISSED = "everybody-missed"  # reteach it, or check the key
    CHECK_KEY = "check-key"  # negative discrimination: check the key and the wording
    SHARED_MISTAKE = "shared-mistake"  # most of those who missed it chose the same option
    IDLE_DISTRACTOR = "idle-distractor"  # an option that almost nobody chose


def is_too_few(n: int) -> bool:
    """Return whether n learners are too few to show discrimination and alpha."""
    return n < ENOUGH


def advice(item: ItemAnalysis, almost: int = 0) -> tuple[Advice, ...]:
    """Return the advice for an item, most important first.

    `almost` of those below full score were almost right, which doesn't count as missed.

    Advice from plain counts needs no minimum; inferences need at least `ENOUGH` learners.
    """
    few = is_too_few(item.n)
    remarks = {
        Advice.TOO_FEW: few,
        Advice.CHECK_KEY: not few and (item.discrimination or 0) < 0,
        Advice.EVERYBODY_MISSED: item.n > 0 and item.missed - almost == item.n,
        Advice.NOBODY_MISSED: item.n > 0 and item.missed == almost,
        Advice.SHARED_MISTAKE: item.missed > almost and shared_mistake(item) is not None,
        Advice.IDLE_DISTRACTOR: not few
        and any(works(item, o) is False for o in item.options.values()),
    }
    return tuple(remark for remark, holds in remarks.items() if holds)


def works(item: ItemAnalysis, option: Option) -> bool | None:
    """Return whether at least 5% of the learners chose this distractor.

    If facility is above 0.9, the 5% are of those who missed the item. Return None for the key, and
    if there is nobody to count.
    """
    if option.is_key or item.facility is None:
        return None
    choosers = item.missed if item.facility > _EASY else item.n
    return option.count * _ONE_IN >= choosers if choosers else None


def shared_mistake(item: ItemAnalysis) -> str | None:
    """Return the wrong option chosen by at least two and more than half of those who missed it."""
    drawn = [
        name
        for name, option in item.options.items()
        if not option.is_key and option.count > max(1, item.missed / 2)
    ]
    return max(drawn, key=lambda name: item.options[name].count, default=None)
