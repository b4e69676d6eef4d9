"""What figures of an item mean, in the words of the educators' pages.

Those are translated, which needs the web framework; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from questions.advice import Advice, advice, is_too_few, shared_mistake
from questions.analysis import ItemAnalysis

ADVICE = {
    Advice.NOBODY_MISSED: "Nobody missed it.",
    Advice.EVERYBODY_MISSED: (
        "Everybody missed it. Teach it again, and check the answer key and the wording."
    ),
    Advice.CHECK_KEY: (
        "Check the answer key and the wording: people who did well on the other questions "
        "missed this one more often."
    ),
    Advice.IDLE_DISTRACTOR: (
        "Almost nobody chose some of the other answers, so those choices don’t tell you much."
    ),
}
SHARED_MISTAKE = "Most people who missed it chose: “%(text)s”"
TELLS_APART = "People who did well on the other questions also did better on this one."
HARDLY_TELLS_APART = (
    "This question doesn’t really separate people who did well on the other questions "
    "from people who didn’t. It may be too easy, too hard, or not clear."
)
ENOUGH_TO_TELL = 0.2
"""From this item discrimination on, a question tells apart who knows the others."""

_URGENT = (Advice.CHECK_KEY, Advice.EVERYBODY_MISSED, Advice.SHARED_MISTAKE)


def urgent(item: ItemAnalysis) -> Iterator[str]:
    """Yield what to look at first, most important first."""
    found = advice(item)
    yield from (_sentence(each, item) for each in _URGENT if each in found)


def sentences(item: ItemAnalysis) -> Iterator[str]:
    """Yield what is to be said of an item; of discrimination only with enough learners."""
    for each in advice(item):
        if each is not Advice.TOO_FEW:
            yield _sentence(each, item)
    found = item.discrimination
    if found is not None and found >= 0 and not is_too_few(item.n):
        yield TELLS_APART if found >= ENOUGH_TO_TELL else HARDLY_TELLS_APART


def _sentence(each: Advice, item: ItemAnalysis) -> str:
    if each is Advice.SHARED_MISTAKE:
        return SHARED_MISTAKE % {"text": shared_mistake(item)}
    return ADVICE[each]
