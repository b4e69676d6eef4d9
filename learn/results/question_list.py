"""The questions of a report under their ideas, what was missed most first: pure functions.

The order is that of What to teach next (`learn.results.report.Outcomes.by_need`), but of first
answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from learn.library.content import Content
from learn.results.report import ObjectiveResult, Report, VersionResult

FEW = 10
"""With fewer answers, bars are grey and percentages are left out."""


@dataclass(frozen=True, slots=True)
class IdeaQuestions:
    """An idea, and the results of its questions in every version that was answered."""

    idea: ObjectiveResult
    questions: tuple[VersionResult, ...]

    @property
    def has_partial_credit(self) -> bool:
        """Whether an answer to one of the questions can be right in part."""
        return any(q.partial_credit for q in self.idea.objective.questions)


@dataclass(frozen=True, slots=True)
class QuestionList:
    """Questions under their ideas, and those that are no longer asked."""

    ideas: tuple[IdeaQuestions, ...]
    retired: tuple[VersionResult, ...]


def question_list(content: Content, report: Report) -> QuestionList:
    """Return the questions of the report, by idea."""
    by_idea: defaultdict[str, list[VersionResult]] = defaultdict(list)
    retired: list[VersionResult] = []
    for result in report.questions:
        question = content.bank.questions.get(result.id)
        (retired if question is None else by_idea[question.objective]).append(result)
    ideas = (
        IdeaQuestions(idea, _by_need(by_idea[idea.objective.id])) for idea in report.objectives
    )
    return QuestionList(tuple(ideas), _by_need(retired))


def _by_need(results: Iterable[VersionResult]) -> tuple[VersionResult, ...]:
    return tuple(sorted(results, key=lambda r: (*r.by_need, r.right_share, r.id)))
