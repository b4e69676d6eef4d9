"""Which questions for the care team a learner has saved, for the pages that offer to save them."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.models import CareLine
from learn.objective_ids import current_id
from questions.model import Objective


@dataclass(frozen=True, slots=True)
class SavedQuestions:
    """The words of the questions on the list; if not `all_known`, only of those in a lesson."""

    words: frozenset[str] = frozenset()
    all_known: bool = True

    @property
    def count(self) -> int:
        """How many there are; 0 if that isn't known."""
        return len(self.words) if self.all_known else 0

    @property
    def marks(self) -> str:
        """A short text that is the same for the same questions."""
        return "".join(sorted(map(mark, self.words)))


def saved_questions(
    session: Session, account: uuid.UUID, objectives: Mapping[str, Objective]
) -> SavedQuestions:
    """Return what is on the account's list, in one statement, without removed objectives."""
    rows = session.execute(
        select(CareLine.objective_id, CareLine.text).where(CareLine.account_id == account)
    )
    words: set[str] = set()
    for named, text in rows:
        objective = None if named is None else current_id(session, named)
        if objective is None:
            words.add(text or "")
        elif objective in objectives:
            words.add(objectives[objective].ask_care_team)
    return SavedQuestions(frozenset(words))


MARK_LENGTH = 4  # letters, for 3 bytes: of some fifty questions, no two are the same


def mark(ask: str) -> str:
    """Return a few letters that stand for a question."""
    return base64.b64encode(hashlib.sha256(ask.encode()).digest()[:3]).decode()
