"""Reads of the progress page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learn.learner.outcomes import outcome_column
from learn.learner.queries import Mastery, mastery_of
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.models import Attempt, Item
from questions.grading import Outcome
from questions.progress import Standing


@dataclass(frozen=True, slots=True)
class LessonSection:
    """Lessons under one heading of the list, and how far the learner is with all of them."""

    title: str
    lessons: tuple[Lesson, ...]
    mastery: Mastery


MAX_HISTORY = 200
"""Attempts that the page lists. All of them are in the copy of one's data."""


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """An attempt, with how many answers it has and how many of them had each outcome."""

    id: uuid.UUID
    quiz: str
    started_at: datetime
    finished_at: datetime | None
    answered: int
    right: int
    almost: int
    missed: int
    unsure: int

    @property
    def has_score(self) -> bool:
        """Whether the score is shown as a number: only if it is more than half."""
        return self.right * 2 > self.answered


def sections(content: Content, standings: Mapping[str, Standing]) -> list[LessonSection]:
    """Return the lessons that have questions, under the headings of the list and in its order."""
    headed = [
        part
        for group in content.listing
        for part in (
            (group.topic.title, group.lessons),
            (group.topic.choose, group.to_choose),
        )
    ]
    found = []
    for title, lessons in headed:
        asked = tuple(lesson for lesson in lessons if content.bank.of_lesson(lesson.id))
        objectives = [o for lesson in asked for o in content.bank.of_lesson(lesson.id)]
        if asked:
            found.append(LessonSection(title, asked, mastery_of(objectives, standings)))
    return found


def history(session: Session, account: uuid.UUID) -> list[PastAttempt]:
    """Attempts of the account, the latest first, up to MAX_HISTORY."""
    outcome = outcome_column()
    latest = (
        select(Attempt.id)
        .where(Attempt.account_id == account)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
        .limit(MAX_HISTORY)
    )
    rows = session.execute(
        select(
            Attempt.id,
            Attempt.quiz,
            Attempt.started_at,
            Attempt.finished_at,
            func.count(Item.answered_at),
            *(
                func.sum(case((Item.answered_at.is_not(None) & (outcome == o.value), 1), else_=0))
                for o in (Outcome.RIGHT, Outcome.ALMOST, Outcome.MISSED, Outcome.UNSURE)
            ),
        )
        .join(Item, (Item.account_id == Attempt.account_id) & (Item.attempt_id == Attempt.id))
        .where(Attempt.account_id == account, Attempt.id.in_(latest))
        .group_by(Attempt.id, Attempt.quiz, Attempt.started_at, Attempt.finished_at)
        .order_by(Attempt.started_at.desc(), Attempt.id.desc())
    )
    return [PastAttempt(*row) for row in rows]
