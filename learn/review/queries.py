"""What is under review, and what readers reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import MistakeReport, Withheld


@dataclass(frozen=True, slots=True)
class Reported:
    """A mistake that a reader reported, and on which page."""

    page: str
    text: str
    reported_at: datetime


def withheld(session: Session) -> frozenset[str]:
    """The ids of the questions that are not asked for now."""
    return frozenset(session.scalars(select(Withheld.question_id)))


def reports(session: Session) -> list[Reported]:
    """All reports, the latest first."""
    rows = session.execute(
        select(MistakeReport.page, MistakeReport.text, MistakeReport.reported_at).order_by(
            MistakeReport.reported_at.desc(), MistakeReport.id
        )
    )
    return [Reported(*row) for row in rows]
