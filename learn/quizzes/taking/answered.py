"""Which version of a question an answer is shown with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes.queries import ItemView
from learn.regrading.queries import LastRegrade, last_regrade
from learn.versions import queries as versions
from questions.model import Question, Response
from questions.versions import DisplayedVersion, shown_with


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question to show, as it was when it was answered, and as it is now."""

    question: Question
    wording: DisplayedVersion
    current: Question | None
    as_answered: Question | None = None
    regrade: LastRegrade | None = None


def answered_question(
    session: Session,
    account: uuid.UUID,
    attempt: uuid.UUID,
    item: ItemView,
    current: Question | None,
) -> AnsweredQuestion | None:
    """Return the question to show with the answer to `item`; None if it is gone and was not kept.

    This takes no statement if the question has not changed.
    """
    if current is not None and item.version == current.version:
        return AnsweredQuestion(current, DisplayedVersion.SAME, current)
    regrade = last_regrade(session, account, attempt, item.position)
    graded_by = regrade.version if regrade else item.version
    stored_versions = versions.find(
        session, {(item.question, v) for v in (item.version, graded_by)}
    )
    as_answered, graded = (
        version_kept.question
        if (version_kept := stored_versions.get((item.question, version)))
        else None
        for version in (item.version, graded_by)
    )
    shown, wording = shown_with(item.response or Response(), item.version, as_answered, current)
    if wording is DisplayedVersion.EARLIER:
        shown = graded or shown
    question = shown or current
    return AnsweredQuestion(question, wording, current, as_answered, regrade) if question else None


def passage_of(content: Content, question: Question) -> tuple[Lesson, str] | None:
    """Return the lesson and the anchor that explain the question; None if its objective is gone."""
    bank = content.bank
    objective = bank.objectives.get(bank.current_id(question.objective))
    if objective is None:
        return None
    lesson = content.lessons[objective.lesson]
    taught = (*question.facts, *objective.facts)
    return lesson, next((lesson.anchors[f] for f in taught if f in lesson.anchors), "")
