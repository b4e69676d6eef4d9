"""How well questions can be answered without knowing: by the words of the options, or at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean

from questions.model import Question
from questions.wording import content_words, singular

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Guesses:
    """How many of `n` questions were guessed right: a share, beside the share by chance.

    `low` and `high` are the 95% interval of the share.
    """

    n: int
    share: float
    chance: float
    low: float
    high: float

    @property
    def beat_chance(self) -> bool:
        """Whether the whole interval is above chance."""
        return self.low > self.chance


def guesses(results: Iterable[tuple[float, float]]) -> Guesses | None:
    """Sum up (score, chance) of each question; None without questions.

    The interval is that of the mean difference between score and chance.
    """
    pairs = [*results]
    if not pairs:
        return None
    n, chance = len(pairs), fmean(c for _, c in pairs)
    gains = [score - c for score, c in pairs]
    gain = fmean(gains)
    spread = sqrt(sum((g - gain) ** 2 for g in gains) / (n - 1)) if n > 1 else 1.0
    margin = _Z * spread / sqrt(n)
    share = chance + gain
    return Guesses(n, share, chance, max(0.0, share - margin), min(1.0, share + margin))


def by_words(
    questions: Iterable[Question], group: Callable[[Question], Hashable]
) -> Guesses | None:
    """Guess the right option of each question by its words, with naive Bayes.

    The words of right and wrong options are learned from all questions of other groups, such as
    topics. Options with equal scores share the point.
    """
    keyed = [(q, key) for q in questions if (key := q.only_key) and len(q.parts) > 1]
    groups: dict[Hashable, list[int]] = {}
    for i, (question, _) in enumerate(keyed):
        groups.setdefault(group(question), []).append(i)
    words = [[_words(p.text) for p in question.parts] for question, _ in keyed]
    counts = {right: Counter[str]() for right in (True, False)}
    for i in range(len(keyed)):
        _count(counts, keyed[i], words[i], 1)
    results: list[tuple[float, float]] = []
    for members in groups.values():
        for i in members:
            _count(counts, keyed[i], words[i], -1)
        results += [_guess(counts, keyed[i], words[i]) for i in members]
        for i in members:
            _count(counts, keyed[i], words[i], 1)
    return guesses(results)


def _words(text: str) -> frozenset[str]:
    return frozenset(singular(word) for word in content_words(text))


def _count(
    counts: dict[bool, Counter[str]],
    keyed: tuple[Question, object],
    words: list[frozenset[str]],
    sign: int,
) -> None:
    question, key = keyed
    for part, own in zip(question.parts, words, strict=True):
        for word in own:
            counts[part is key][word] += sign


def _guess(
    counts: dict[bool, Counter[str]], keyed: tuple[Question, object], words: list[frozenset[str]]
) -> tuple[float, float]:
    """Return the score of the guess, and that by chance."""
    vocabulary = len({w for c in counts.values() for w, n in c.items() if n > 0}) + 1
    totals = {right: sum(c.values()) + vocabulary for right, c in counts.items()}

    def odds(own: frozenset[str]) -> float:
        return sum(
            log((counts[True][w] + 1) / totals[True]) - log((counts[False][w] + 1) / totals[False])
            for w in own
        )

    question, key = keyed
    scores = [odds(own) for own in words]
    best = [p for p, s in zip(question.parts, scores, strict=True) if s >= max(scores) - 1e-12]
    return (1 / len(best) if key in best else 0.0), 1 / len(question.parts)
