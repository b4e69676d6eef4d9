"""What a learner knew before the lessons and after them, by objective."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from learn.library.content import Content
from learn.quizzes.outcomes.summary import ReviewSuggestion, review_suggestion
from learn.quizzes.queries import AttemptView
from questions.grading import Outcome


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """An objective that was asked both times, with the passage that explains it."""

    look: ReviewSuggestion
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many objectives were right before and after, of the `total` that were asked both times.

    `gained` were right only after, `kept` both times, and `look_again` not after. `left_out` counts
    those asked only before, because their questions have left the bank or are on hold.
    """

    before: int
    after: int
    total: int
    gained: tuple[BeforeAfter, ...]
    kept: tuple[BeforeAfter, ...]
    look_again: tuple[BeforeAfter, ...]
    left_out: int


def compare(content: Content, before: AttemptView, after: AttemptView) -> Comparison:
    """Compare two attempts, of the objectives that are in the bank and count."""
    then, now = _outcomes(before), _outcomes(after)
    questions = {i.objective: i.question for i in after.items}
    pairs = [
        BeforeAfter(review_suggestion(content, objective, [questions[o]], now[o]), then[o], now[o])
        for o, objective in content.bank.counted.items()
        if o in then and o in now
    ]
    well = [p for p in pairs if p.after is Outcome.RIGHT]
    return Comparison(
        before=sum(p.before is Outcome.RIGHT for p in pairs),
        after=len(well),
        total=len(pairs),
        gained=tuple(p for p in well if p.before is not Outcome.RIGHT),
        kept=tuple(p for p in well if p.before is Outcome.RIGHT),
        look_again=tuple(p for p in pairs if p.after is not Outcome.RIGHT),
        left_out=len(then) - len(pairs),
    )


def _outcomes(attempt: AttemptView) -> Mapping[str, Outcome]:
    """Return the outcome of each objective, in an attempt that asks each once."""
    return {i.objective: i.outcome for i in attempt.items if i.outcome is not None}
