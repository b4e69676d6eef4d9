"""The one thing that a learner may do next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.record import queries
from learn.record.so_far import AFTER, BEFORE, Attempted, SoFar, asked_in, sitting
from questions.progress import Standing


class Step(StrEnum):
    """What it is. `AGAIN` is the quiz of a lesson once more."""

    OPEN = "open"
    REVIEW = "review"
    LESSON = "lesson"
    AFTER = "after"
    AGAIN = "again"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step, with the open quiz or the lesson that it is about."""

    step: Step
    attempt: Attempted | None = None
    lesson: Lesson | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """Whose next step it is: what they did, and where it can be read."""

    session: Session
    account: uuid.UUID | None
    so_far: SoFar


def next_step(learned: Learned, content: Content, now: datetime, zone: ZoneInfo) -> NextStep:
    """An open quiz, else a review, a lesson to read, six questions at the end, or a quiz.

    `content` is what is offered now; days are those of `zone`.
    """
    so_far = learned.so_far
    if so_far.open:
        return NextStep(Step.OPEN, attempt=so_far.open)
    if so_far.may_review(content.bank, now):
        return NextStep(Step.REVIEW)
    unread = next((own for name, own in content.lessons.items() if name not in so_far.read), None)
    if unread:
        return NextStep(Step.LESSON, lesson=unread)
    if may_sit_after(learned, content):
        return NextStep(Step.AFTER)
    if shaky := _shaky(learned, content, zone):
        return NextStep(Step.AGAIN, lesson=shaky)
    return NextStep(Step.MIXED)


def may_sit_after(learned: Learned, content: Content) -> bool:
    """Whether six questions were answered before the lessons, their lessons read, and no more."""
    before = sitting(learned.so_far.attempts, BEFORE)
    if learned.account is None or before is None or before.finished_at is None:
        return False
    if sitting(learned.so_far.attempts, AFTER):
        return False
    asked = asked_in(learned.session, learned.account, before.id).values()
    objectives = content.bank.objectives
    return {objectives[o].lesson for o in asked if o in objectives} <= learned.so_far.read


def _shaky(learned: Learned, content: Content, zone: ZoneInfo) -> Lesson | None:
    """The first lesson that was met and is not solid."""
    if learned.account is None:
        return None
    given = queries.answers(learned.session, learned.account)
    found = queries.standings(given, content.bank, zone)
    for name, lesson in content.lessons.items():
        own = content.bank.of_lesson(name)
        if (
            any(o.questions for o in own)
            and queries.tally(own, found).standing is Standing.GETTING_THERE
        ):
            return lesson
    return None
