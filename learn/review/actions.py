"""Every write about review. Whoever calls commits, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learn.models import MistakeReport, Withheld


def withhold(session: Session, questions: Mapping[str, Iterable[str]], now: datetime) -> None:
    """Ask none of these questions until somebody has reviewed them.

    `questions` has, for each id, the facts whose sentences have changed. Those that are withheld
    for another fact already stay so.
    """
    there = {tuple(row) for row in session.execute(select(Withheld.question_id, Withheld.fact))}
    session.add_all(
        Withheld(question_id=question, fact=fact, since=now)
        for question, facts in questions.items()
        for fact in facts
        if (question, fact) not in there
    )


def release(session: Session, facts: Iterable[str]) -> None:
    """Somebody has reviewed these facts: what was withheld for them alone is asked again."""
    session.execute(delete(Withheld).where(Withheld.fact.in_([*facts])))


def report_mistake(session: Session, own: uuid.UUID, page: str, text: str, now: datetime) -> None:
    """Keep what a reader wrote about a page. `own` is the report's id."""
    session.add(MistakeReport(id=own, page=page, text=text, reported_at=now))
