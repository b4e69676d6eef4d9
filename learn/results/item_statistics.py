"""Classical item statistics over the answers of named members.

They need learners who answered the same questions: in an assignment with fixed questions, those who
answered all of them; elsewhere, the questions that everybody answered.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from learn.results.queries import NamedScore
from questions.advice import is_too_few
from questions.analysis import analyze

Version = tuple[str, str]
"""A question's id and its version."""
Answers = dict[uuid.UUID, dict[str, tuple[str, float]]]
"""Version and score by learner and question."""


class MissingReason(StrEnum):
    """Why there are no statistics."""

    NONE = ""
    NOBODY = "nobody"  # no named member, or none who answered all
    DIFFERENT_QUESTIONS = "different"  # learners got different questions
    TOO_FEW = "few"  # too few learners to publish statistics


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """Statistics of one question from `n` learners; None if suppressed or undefined."""

    n: int = 0
    discrimination: float | None = None
    efficiency: float | None = None


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """Statistics of the `k` questions that the same `n` learners answered.

    `alpha` is Cronbach's alpha; `sem` is the standard error of measurement in points, of which each
    question has one. See `questions.analysis` for formulas and sources.
    """

    n: int = 0
    k: int = 0
    alpha: float | None = None
    sem: float | None = None
    missing_reason: MissingReason = MissingReason.NOBODY
    by_version: Mapping[Version, ItemStatistics] = field(default_factory=dict)


def group_statistics(scores: Iterable[NamedScore], fixed: Sequence[str] = ()) -> GroupStatistics:
    """Analyze the questions that all learners answered.

    With `fixed`, these are that list, and learners who did not answer all of it are left out.
    """
    answers: Answers = defaultdict(dict)
    for score in scores:
        answers[score.account][score.question] = score.version, score.score
    columns = _fixed(answers, fixed) if fixed else _in_common(answers)
    complete = [
        items
        for items in answers.values()
        if all(q in items and items[q][0] == version for q, version in columns)
    ]
    n, k = len(complete), len(columns)
    if not n:
        return GroupStatistics(missing_reason=MissingReason.NOBODY)
    if k < 2:
        return GroupStatistics(n, k, missing_reason=MissingReason.DIFFERENT_QUESTIONS)
    if is_too_few(n):
        suppressed = dict.fromkeys(columns, ItemStatistics(n))
        return GroupStatistics(n, k, missing_reason=MissingReason.TOO_FEW, by_version=suppressed)
    analysis = analyze({q: [learner[q][1] for learner in complete] for q, _ in columns})
    return GroupStatistics(
        n=n,
        k=k,
        alpha=analysis.test.alpha,
        sem=analysis.test.sem,
        missing_reason=MissingReason.NONE,
        by_version={
            (q, version): ItemStatistics(
                n, analysis.items[q].discrimination, analysis.items[q].discriminative_efficiency
            )
            for q, version in columns
        },
    )


def _fixed(answers: Answers, fixed: Sequence[str]) -> list[Version]:
    """Each of the fixed questions, in the version that most learners answered."""
    versions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for learner in answers.values():
        for question, (version, _) in learner.items():
            versions[question][version] += 1
    return [
        (q, max(versions[q], key=lambda v: (versions[q][v], v)) if q in versions else "")
        for q in dict.fromkeys(fixed)
    ]


def _in_common(answers: Answers) -> list[Version]:
    """Return the versions of questions that everybody answered."""
    each = [{(q, version) for q, (version, _) in items.items()} for items in answers.values()]
    return sorted(set.intersection(*each)) if each else []
