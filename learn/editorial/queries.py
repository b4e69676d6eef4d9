"""Reads of questions on hold and of reported mistakes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.models import MistakeReport, QuestionHold


@dataclass(frozen=True, slots=True)
class ReportedMistake:
    """A mistake that a reader reported on a page."""

    page: str
    text: str
    reported_at: datetime


def held_questions(session: Session) -> frozenset[str]:
    """Return the ids of the questions that are on hold."""
    return frozenset(session.scalars(select(QuestionHold.question_id)))


def without_questions(content: Content, questions: Collection[str]) -> Content:
    """Return the content without some questions; it keeps all objectives and lessons."""
    bank = content.bank
    objectives = {
        o.id: replace(o, questions=tuple(q for q in o.questions if q.id not in questions))
        for o in bank.objectives.values()
    }
    left = {i: q for i, q in bank.questions.items() if i not in questions}
    smaller = replace(
        bank, objectives=MappingProxyType(objectives), questions=MappingProxyType(left)
    )
    return replace(content, bank=smaller)


def reports(session: Session) -> list[ReportedMistake]:
    """All reported mistakes, the latest first."""
    rows = session.execute(
        select(MistakeReport.page, MistakeReport.text, MistakeReport.reported_at).order_by(
            MistakeReport.reported_at.desc(), MistakeReport.id
        )
    )
    return [ReportedMistake(*row) for row in rows]
