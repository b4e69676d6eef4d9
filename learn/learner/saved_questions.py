"""Which questions for the care team a learner has saved, for the pages that offer to save them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import CareLine
from questions.model import Objective


@dataclass(frozen=True, slots=True)
class SavedQuestions:
    """The words of the questions on the list, and how many there are."""

    words: frozenset[str] = frozenset()
    count: int = 0


def saved_questions(
    session: Session, account: uuid.UUID, objectives: Mapping[str, Objective]
) -> SavedQuestions:
    """Return what is on the account's list, in one statement, without removed objectives."""
    rows = session.execute(
        select(CareLine.objective_id, CareLine.text).where(CareLine.account_id == account)
    )
    words = [
        (text or "") if objective is None else objectives[objective].ask_care_team
        for objective, text in rows
        if objective is None or objective in objectives
    ]
    return SavedQuestions(frozenset(words), len(words))
