"""What an item's figures ask for: judgments without words, the same on every page."""

from __future__ import annotations

from enum import StrEnum

from questions.analysis import ItemAnalysis
from questions.distractors import Option

ENOUGH = 30  # learners: below, discrimination, alpha and what follows from them are held back
_EASY = 0.9
_ONE_IN = 20  # a distractor that works draws one learner in so many: 5%


class Advice(StrEnum):
    """Something to say about an item."""

    TOO_FEW = "too-few"  # hold discrimination back, and draw no conclusion from it
    NOBODY_MISSED = "nobody-missed"  # so it tells nobody apart
    EVERYBODY_MISSED = "everybody-missed"  # teach it again, or look at the key
    CHECK_KEY = "check-key"  # who did well elsewhere missed it more often: key or wording
    SHARED_MISTAKE = "shared-mistake"  # most who missed it chose the same option
    IDLE_DISTRACTOR = "idle-distractor"  # an option that next to nobody chose


def held_back(n: int) -> bool:
    """Whether n learners are too few for discrimination and alpha to be shown."""
    return n < ENOUGH


def advice(item: ItemAnalysis) -> tuple[Advice, ...]:
    """All that there is to say about an item, the weightiest first.

    What was counted is said for any number of learners; what is inferred, for 30 and more.
    """
    few = held_back(item.n)
    said = {
        Advice.TOO_FEW: few,
        Advice.CHECK_KEY: not few and (item.discrimination or 0) < 0,
        Advice.EVERYBODY_MISSED: item.n > 0 and item.missed == item.n,
        Advice.NOBODY_MISSED: item.n > 0 and item.missed == 0,
        Advice.SHARED_MISTAKE: shared_mistake(item) is not None,
        Advice.IDLE_DISTRACTOR: not few
        and any(works(item, o) is False for o in item.options.values()),
    }
    return tuple(found for found, holds in said.items() if holds)


def works(item: ItemAnalysis, option: Option) -> bool | None:
    """Whether a distractor works: at least 5% chose it.

    Where facility is over 0.9, at least 5% of those who missed the item. None for the key, and
    where there is nobody to choose it.
    """
    if option.is_key or item.facility is None:
        return None
    choosers = item.missed if item.facility > _EASY else item.n
    return option.count * _ONE_IN >= choosers if choosers else None


def shared_mistake(item: ItemAnalysis) -> str | None:
    """The option that more than half of those who missed the item chose, and at least two."""
    drawn = [
        name
        for name, option in item.options.items()
        if not option.is_key and option.count > max(1, item.missed / 2)
    ]
    return max(drawn, key=lambda name: item.options[name].count, default=None)
