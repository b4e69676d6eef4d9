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
from questions.versions import Wording, shown_with


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """The question to show. `met` is it as it was answered, `now` as it is asked now, if known."""

    question: Question
    wording: Wording
    now: Question | None
    met: Question | None = None
    again: LastRegrade | None = None


def answered_question(
    session: Session, account: uuid.UUID, attempt: uuid.UUID, item: ItemView, now: Question | None
) -> AnsweredQuestion | None:
    """What the answer to `item` is shown with; None if the question is gone and was not kept.

    An answer to the question as it is asked now costs no statement.
    """
    if now is not None and item.version == now.version:
        return AnsweredQuestion(now, Wording.SAME, now)
    again = last_regrade(session, account, attempt, item.position)
    graded_by = again.version if again else item.version
    kept = versions.find(session, {(item.question, v) for v in (item.version, graded_by)})
    met, graded = (
        one.question if (one := kept.get((item.question, version))) else None
        for version in (item.version, graded_by)
    )
    shown, wording = shown_with(item.response or Response(), item.version, met, now)
    if wording is Wording.EARLIER:
        shown = graded or shown
    question = shown or now
    return AnsweredQuestion(question, wording, now, met, again) if question else None


def passage_of(content: Content, question: Question) -> tuple[Lesson, str] | None:
    """Where the question is explained, as far as the lesson still has it."""
    objective = content.bank.objectives.get(question.objective)
    if objective is None:
        return None
    lesson = content.lessons[objective.lesson]
    taught = (*question.facts, *objective.facts)
    return lesson, next((lesson.anchors[f] for f in taught if f in lesson.anchors), "")
