"""Writes about questions on hold and reported mistakes. The caller commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.models import MistakeReport, QuestionHold


def hold_questions(session: Session, questions: Mapping[str, Iterable[str]], now: datetime) -> None:
    """Put questions on hold until an editor has reviewed them.

    `questions` maps the id of each question to the facts whose sentences have changed. Existing
    holds stay as they are.
    """
    there = {
        tuple(row) for row in session.execute(select(QuestionHold.question_id, QuestionHold.fact))
    }
    session.add_all(
        QuestionHold(question_id=question, fact=fact, since=now)
        for question, facts in questions.items()
        for fact in facts
        if (question, fact) not in there
    )


def release_questions(session: Session, facts: Iterable[str]) -> None:
    """Remove the holds for facts that were reviewed; a question may have others left."""
    session.execute(delete(QuestionHold).where(QuestionHold.fact.in_([*facts])))


def report_mistake(
    session: Session, report: uuid.UUID, page: str, text: str, now: datetime
) -> None:
    """Store what a reader wrote about a page, under the id `report`."""
    session.add(MistakeReport(id=report, page=page, text=text, reported_at=now))
