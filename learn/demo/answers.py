"""Simulate answers by a two-parameter logistic model, with popular misconceptions.

A learner of ability t gets a question right with probability 1 / (1 + exp(-a(t - b))), where b is
the difficulty and a the discrimination (A. Birnbaum, in Lord and Novick, Statistical Theories of
Mental Test Scores, 1968).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from questions.model import Objective, Question, Response

_HARD = (-0.1, 0.55)  # mean and deviation of what the questions of an objective share
_HARDER = 0.4  # the deviation of each of them
_HARDEST = 0.6  # harder ones would never be answered right
_SHARP = (1.2, 2.2)
_POOR = (0.7, -1.5)  # hard, and missed more often by able learners
_POPULAR = 8  # times as likely as any other misconception
_UNSURE = 0.18  # share of misses that are “not sure”
_SAYS = 0.45  # probability of saying it where they are sure


@dataclass(frozen=True, slots=True)
class Traits:
    """A question's difficulty, discrimination, and most popular misconception."""

    difficulty: float
    discrimination: float
    popular: str


@dataclass(frozen=True, slots=True)
class SimulatedAnswer:
    """A response, and whether they said that they were sure; None if they didn't say."""

    response: Response
    sure: bool | None


def traits(objective: Objective, question: Question, *, is_miskeyed: bool) -> Traits:
    """Return the traits of a question, seeded by its id and its objective's."""
    shared, individual = _seeded(objective.id), _seeded(question.id)
    difficulty = min(shared.gauss(*_HARD) + individual.gauss(0, _HARDER), _HARDEST)
    popular = _popular(objective, shared)
    discrimination = individual.uniform(*_SHARP)
    if is_miskeyed:
        difficulty, discrimination = _POOR
    return Traits(difficulty, discrimination, popular)


def answer(question: Question, like: Traits, ability: float, rng: Random) -> SimulatedAnswer:
    """Return what a learner of that ability answers."""
    chance = 1 / (1 + math.exp(-like.discrimination * (ability - like.difficulty)))
    is_right = rng.random() < chance
    if not is_right and rng.random() < _UNSURE:
        return SimulatedAnswer(Response(unsure=True), None)
    response = question.right_response() if is_right else _missed(question, like.popular, rng)
    is_sure = rng.random() < _SAYS and rng.random() < (0.8 if is_right else 0.45)
    return SimulatedAnswer(response, is_sure or None)


def _seeded(name: str) -> Random:
    return Random(f"demo/{name}")  # noqa: S311 - not a secret


def _popular(objective: Objective, rng: Random) -> str:
    """Return a misconception that most questions of the objective offer."""
    offered = Counter(i for q in objective.questions for i in q.misconceptions)
    most = max(offered.values(), default=0)
    return rng.choice(sorted(i for i, n in offered.items() if n == most)) if offered else ""


def _missed(question: Question, popular: str, rng: Random) -> Response:
    """Return a wrong response, most likely with the popular misconception."""

    def draw(ideas: Sequence[str]) -> int:
        weights = [_POPULAR if idea == popular else 1 for idea in ideas]
        return rng.choices(range(len(weights)), weights)[0]

    return question.near_miss(draw, rng)
