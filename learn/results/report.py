"""A report on a group's first answers. Pages and exports show this and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from learn.results.filters import Filter
from learn.results.item_statistics import GroupStatistics, ItemStatistics
from learn.results.queries import MemberCounts
from questions.advice import Advice
from questions.analysis import wilson95
from questions.grading import Outcome
from questions.model import Misconception, Objective, Question
from questions.scores import ratio
from questions.versions import DisplayedVersion

LEADS = 5
"""What fewer people answered comes last, in every order of what is needed most."""


def by_need(missed: int, n: int) -> tuple[bool, float, int]:
    """Return a key that sorts what is needed most first.

    What fewer than `LEADS` people answered comes last. Else the order is that of the lower end of
    the 95% Wilson interval of the share that missed it, and then of the number of people.
    """
    interval = wilson95(missed, n)
    return n < LEADS, -interval[0] if interval else 0.0, -missed


class VersionStatus(StrEnum):
    """Whether a version of a question is still asked."""

    CURRENT = "current"
    OLDER = "older"  # the question is asked in another version
    RETIRED = "retired"  # the question is no longer in the bank


@dataclass(frozen=True, slots=True)
class BeliefCount:
    """`count` answers reveal this misconception, of the `total` that could have revealed it."""

    misconception: Misconception
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class PartCount:
    """How many of the `total` answers chose an option, or got a row or step right.

    `right` says whether an option is right; it is None for rows, steps, and parts known by id only.
    `belief` is the text of the misconception behind an option, `rationale` the reason that learners
    read.
    """

    id: str
    text: str
    right: bool | None
    count: int
    total: int
    belief: str = ""
    rationale: str = ""

    @property
    def share(self) -> float | None:
        """`count` as a share of `total`, from 0 to 1."""
        return ratio(self.count, self.total)


class Outcomes:
    """Counts of answers by outcome, under their names."""

    __slots__ = ()
    outcomes: Mapping[Outcome, int]

    @property
    def n(self) -> int:
        """Number of answers."""
        return sum(self.outcomes.values())

    @property
    def right(self) -> int:
        """Answers that are right in all parts."""
        return self.outcomes.get(Outcome.RIGHT, 0)

    @property
    def almost(self) -> int:
        """Answers that are almost right, which never count as missed."""
        return self.outcomes.get(Outcome.ALMOST, 0)

    @property
    def not_quite(self) -> int:
        """Answers that are neither right, nor almost right, nor “I’m not sure.”"""
        return self.outcomes.get(Outcome.MISSED, 0)

    @property
    def unsure(self) -> int:
        """Answers “I’m not sure.”"""
        return self.outcomes.get(Outcome.UNSURE, 0)

    @property
    def missed(self) -> int:
        """Answers that are not quite right, or “I’m not sure.”"""
        return self.not_quite + self.unsure

    @property
    def missed_share(self) -> float:
        """Share of answers that missed it, from 0 to 1."""
        return self.missed / self.n if self.n else 0.0

    @property
    def right_share(self) -> float:
        """Share of answers that are right in all parts, from 0 to 1."""
        return self.right / self.n if self.n else 0.0

    @property
    def lower_bound(self) -> float:
        """Lower end of the 95% Wilson interval of the share that missed it, from 0 to 1.

        Ordered by it, 10 of 20 come before 1 of 1.
        """
        interval = wilson95(self.missed, self.n)
        return interval[0] if interval else 0.0

    @property
    def by_need(self) -> tuple[bool, float, int]:
        """Sorted by this, what is needed most comes first, on every page alike."""
        return by_need(self.missed, self.n)


@dataclass(frozen=True, slots=True)
class VersionResult(Outcomes):
    """First answers to one version of a question.

    `question` is what its answers are shown with, which is the version asked now if the key was
    corrected since, or if the words of this one were not kept; None if they fit neither. `wording`
    says which it is. `facility` is the mean score, from 0 to 1;
    `wilson95` is the confidence interval for the share of right answers. `shared_mistake` is the
    option that most who missed the question chose.
    """

    id: str
    version: str
    status: VersionStatus
    question: Question | None
    outcomes: Mapping[Outcome, int]
    facility: float | None
    wilson95: tuple[float, float] | None
    parts: tuple[PartCount, ...]
    statistics: ItemStatistics
    advice: tuple[Advice, ...]
    shared_mistake: PartCount | None
    wording: DisplayedVersion = DisplayedVersion.SAME

    @property
    def share(self) -> float | None:
        """Share of right answers, from 0 to 1."""
        return ratio(self.right, self.n)


@dataclass(frozen=True, slots=True)
class ObjectiveResult(Outcomes):
    """First answers to the questions of an objective, in any version.

    `mean_score` is from 0 to 1. `belief` is the misconception that was revealed most often,
    `most_missed` the id of the question that was missed most often.
    """

    objective: Objective
    lesson: str
    outcomes: Mapping[Outcome, int]
    mean_score: float | None
    belief: BeliefCount | None
    most_missed: str

    @property
    def share(self) -> float:
        """Share of answers that missed it, from 0 to 1."""
        return self.missed / self.n


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `named` and `in_totals` count answers; `blocks` are those of the latter.

    `objectives` are in the order of `Outcomes.by_need`; `unanswered` is the number of others.
    `latest` is the number of people whose latest answers pass the filters.
    `questions` are in the order of the bank, the current version first, then retired questions; it
    is empty on pages that show none. `doubted` has the ids of those that item analysis doubts, each
    with the title of the assignment whose answers say so.
    """

    members: MemberCounts
    filters: Filter
    assignment: str
    lesson: str
    named: int
    in_totals: int
    blocks: frozenset[uuid.UUID]
    objectives: tuple[ObjectiveResult, ...]
    unanswered: int
    questions: tuple[VersionResult, ...]
    statistics: GroupStatistics
    latest: int = 0
    doubted: Mapping[str, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return self.named + self.in_totals

    def versions(self, question: str) -> tuple[VersionResult, ...]:
        """All versions of a question that were answered."""
        return tuple(result for result in self.questions if result.id == question)
