"""Which version of a question an answer is shown with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.quizzes.queries import ItemView
from learn.regrading.queries import LastRegrade, last_regrade
from learn.versions import queries as versions
from questions.model import Question, Response
from questions.versions import best_version


class Wording(StrEnum):
    """How the question that is shown stands to the one that was answered."""

    SAME = ""
    EARLIER = "earlier"  # as it was; it is asked in other words now, or no longer
    CORRECTED = "corrected"  # as it is now, since its key was corrected
    LOST = "lost"  # as it is now, since the earlier words were not kept


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
    met, graded = kept.get((item.question, item.version)), kept.get((item.question, graded_by))
    shown = best_version(item.response or Response(), met, now)
    if shown is met:
        shown = graded or met
    if shown is not None and shown is not now:
        return AnsweredQuestion(shown, Wording.EARLIER, now, met, again)
    if now is None:
        return None
    wording = Wording.CORRECTED if shown and met else Wording.LOST
    return AnsweredQuestion(now, wording, now, met, again)


def passage_of(content: Content, question: Question) -> tuple[Lesson, str] | None:
    """Where the question is explained, as far as the lesson still has it."""
    objective = content.bank.objectives.get(question.objective)
    if objective is None:
        return None
    lesson = content.lessons[objective.lesson]
    taught = (*question.facts, *objective.facts)
    return lesson, next((lesson.anchors[f] for f in taught if f in lesson.anchors), "")
