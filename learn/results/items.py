"""How a question goes with the rest of what the same people answered: of people with a name alone.

That needs learners who answered the same questions. In an assignment that gave everybody the same
ones, those who answered all of them; elsewhere, the questions that everybody answered.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from learn.results.queries import Score
from questions.advice import held_back
from questions.analysis import analyse

Version = tuple[str, str]
"""A question's id and its version."""
Answers = dict[uuid.UUID, dict[str, tuple[str, float]]]
"""For each learner, by question: version and score."""


class Lack(StrEnum):
    """Why there are no figures."""

    NOTHING = ""
    NOBODY = "nobody"  # nobody who shares by name, or nobody who answered all
    DIFFERENT = "different"  # they met different questions
    FEW = "few"  # too few people to say it


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one question, by n people: None is held back, or can't be computed."""

    n: int = 0
    discrimination: float | None = None
    efficiency: float | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """The test that n people took in common: k questions; `sem` in points, one a question."""

    n: int = 0
    k: int = 0
    alpha: float | None = None
    sem: float | None = None
    lack: Lack = Lack.NOBODY
    of: Mapping[Version, Figures] = field(default_factory=dict)


def items(scores: Iterable[Score], fixed: Sequence[str] = ()) -> Items:
    """The figures, held back while there are too few people; `fixed` are the questions of all."""
    answers: Answers = defaultdict(dict)
    for one in scores:
        answers[one.account][one.question] = one.version, one.score
    columns = _fixed(answers, fixed) if fixed else _in_common(answers)
    complete = [
        found
        for found in answers.values()
        if all(q in found and found[q][0] == version for q, version in columns)
    ]
    n, k = len(complete), len(columns)
    if not n:
        return Items(lack=Lack.NOBODY)
    if k < 2:
        return Items(n, k, lack=Lack.DIFFERENT)
    if held_back(n):
        return Items(n, k, lack=Lack.FEW, of=dict.fromkeys(columns, Figures(n)))
    found = analyse({q: [learner[q][1] for learner in complete] for q, _ in columns})
    return Items(
        n=n,
        k=k,
        alpha=found.test.alpha,
        sem=found.test.sem,
        lack=Lack.NOTHING,
        of={
            (q, version): Figures(
                n, found.items[q].discrimination, found.items[q].discriminative_efficiency
            )
            for q, version in columns
        },
    )


def _fixed(answers: Answers, fixed: Sequence[str]) -> list[Version]:
    """Each of these questions, in the version that most answered."""
    versions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for learner in answers.values():
        for question, (version, _) in learner.items():
            versions[question][version] += 1
    return [
        (q, max(versions[q], key=lambda v: (versions[q][v], v)) if q in versions else "")
        for q in dict.fromkeys(fixed)
    ]


def _in_common(answers: Answers) -> list[Version]:
    """What everybody answered, in the same version."""
    each = [{(q, version) for q, (version, _) in found.items()} for found in answers.values()]
    return sorted(set.intersection(*each)) if each else []
