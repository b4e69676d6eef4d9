"""One report: what a group's first answers say. Pages and files all show this and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from learn.results.filters import Filter
from learn.results.items import Figures, Items
from learn.results.queries import Members
from questions.advice import Advice
from questions.model import Misconception, Objective, Question
from questions.scores import ratio


class Asked(StrEnum):
    """Whether a question is asked, in the version that was answered."""

    NOW = "now"
    OLDER = "older"  # it is asked in another version
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Belief:
    """`count` of `of` answers show this wrong idea: of those that could have shown it."""

    misconception: Misconception
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Part:
    """An option, row or step, and how many chose it, or put it right.

    `right` says whether an option is right; None for rows, steps, and what is known by id alone.
    `belief` is the wrong idea behind an option.
    """

    id: str
    text: str
    right: bool | None
    count: int
    of: int
    belief: str = ""

    @property
    def share(self) -> float | None:
        """Of those who answered the question."""
        return ratio(self.count, self.of)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question in one version: n first answers, how many were right in all parts, or not sure.

    `question` is None where it is asked no longer in this version. `facility` is the mean score,
    `likely` Wilson's interval for the share of right ones. `mistake` is the option that most who
    missed it chose.
    """

    id: str
    version: str
    asked: Asked
    question: Question | None
    n: int
    right: int
    unsure: int
    facility: float | None
    likely: tuple[float, float] | None
    parts: tuple[Part, ...]
    figures: Figures
    advice: tuple[Advice, ...]
    mistake: Part | None

    @property
    def missed(self) -> int:
        return self.n - self.right

    @property
    def share(self) -> float | None:
        """Of right ones."""
        return ratio(self.right, self.n)


@dataclass(frozen=True, slots=True)
class Understood:
    """An objective: n first answers to its questions, in any version, and how many missed it.

    Of these `unsure` said so. `belief` is the wrong idea shown most often, `sample` the question
    that most missed.
    """

    objective: Objective
    lesson: str
    n: int
    missed: int
    unsure: int
    belief: Belief | None
    sample: str

    @property
    def share(self) -> float:
        """Of those who missed it."""
        return self.missed / self.n


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `named` and `in_totals` count answers; `blocks` are those of the latter.

    `objectives` begin with what was missed most often; `unmet` is how many others nobody has met.
    `questions` stand in the order of the bank, each in its present version first, then those that
    are asked no longer. A page that shows none of them has a report without them.
    """

    members: Members
    chosen: Filter
    assignment: str
    lesson: str
    named: int
    in_totals: int
    blocks: frozenset[uuid.UUID]
    objectives: tuple[Understood, ...]
    unmet: int
    questions: tuple[Answered, ...]
    items: Items

    @property
    def n(self) -> int:
        return self.named + self.in_totals

    def versions(self, question: str) -> tuple[Answered, ...]:
        """All versions of a question that were answered."""
        return tuple(a for a in self.questions if a.id == question)
