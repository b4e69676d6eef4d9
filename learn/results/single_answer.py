"""One answer as it was given, part by part, with the reasons that its learner read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from learn.library.content import Content
from learn.results.assignment_queries import SingleAnswer
from questions.grading import Outcome, outcome_of
from questions.model import Question, Response
from questions.parts import Mark
from questions.versions import DisplayedVersion, QuestionSnapshot, VersionKey, shown_with


@dataclass(frozen=True, slots=True)
class AnswerInDetail:
    """An answer with the version of the question that it is shown with.

    `question` is None if no version is left that it fits. `marks` are the parts that say something
    about it: what was given, and what is right.
    """

    question: Question | None
    outcome: Outcome
    is_unsure: bool
    marks: tuple[Mark, ...]
    wording: DisplayedVersion


def single_answer(
    content: Content, given: SingleAnswer, kept: Mapping[VersionKey, QuestionSnapshot]
) -> AnswerInDetail:
    """Return the answer to show; `kept` has the version that was answered, if it was kept."""
    response = Response.from_json(given.response)
    as_answered = kept.get(given.key)
    question, wording = shown_with(
        response,
        given.version,
        as_answered.question if as_answered else None,
        content.bank.questions.get(given.question),
    )
    marks = question.marks(response) if question else ()
    if question is not None and question.counts_chosen:
        marks = tuple(mark for mark in marks if mark.key or mark.given)
    return AnswerInDetail(
        question=question,
        outcome=outcome_of(given.score, unsure=response.unsure),
        is_unsure=response.unsure,
        marks=marks,
        wording=wording,
    )
