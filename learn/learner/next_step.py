"""Next step that we suggest to a learner."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from learn.learner import queries
from learn.learner.activity import (
    AttemptOverview,
    LearnerActivity,
    answered_questions,
    only_attempt,
)
from learn.learner.quiz_refs import AFTER, BEFORE
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.library.paths import LessonPath
from questions.progress import Standing

_BEGUN = frozenset({Standing.ANOTHER_LOOK, Standing.GETTING_THERE})


class Step(StrEnum):
    """Kinds of steps. `PRACTICE` is about what was missed, `AGAIN` to repeat a lesson's quiz."""

    OPEN = "open"
    REVIEW = "review"
    LESSON = "lesson"
    AFTER = "after"
    PRACTICE = "practice"
    AGAIN = "again"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step, with the open attempt or the lesson that it is about, and the path it is on."""

    step: Step
    attempt: AttemptOverview | None = None
    lesson: Lesson | None = None
    path: LessonPath | None = None


@dataclass(frozen=True, slots=True)
class LearnerContext:
    """A learner's activity, with the account and the session to read more of it.

    `path` is the one that they follow, whose lessons come first.
    """

    session: Session
    account: uuid.UUID | None
    activity: LearnerActivity
    path: LessonPath | None = None


def next_step(learner: LearnerContext, content: Content, now: datetime, zone: ZoneInfo) -> NextStep:
    """Return the first of an open attempt, a review, an unread lesson, the quiz after, or practice.

    `content` is what is available now; days are those of `zone`.
    """
    activity = learner.activity
    if activity.open_attempt:
        return NextStep(Step.OPEN, attempt=activity.open_attempt)
    if activity.may_review(content.bank, now):
        return NextStep(Step.REVIEW)
    if learner.path and (on_path := learner.path.next_unread(activity.read)):
        return NextStep(Step.LESSON, lesson=content.lessons[on_path], path=learner.path)
    if unread := content.next_lesson(activity.read):
        return NextStep(Step.LESSON, lesson=unread)
    if can_take_after(learner, content):
        return NextStep(Step.AFTER)
    return _from_answers(learner, content, zone)


def can_take_after(learner: LearnerContext, content: Content) -> bool:
    """Whether the questions after the lessons come next.

    That is once those before are answered and the lessons about them are read, if the learner has
    not started them yet.
    """
    before = only_attempt(learner.activity.attempts, BEFORE)
    if learner.account is None or before is None or before.finished_at is None:
        return False
    if only_attempt(learner.activity.attempts, AFTER):
        return False
    answered = answered_questions(learner.session, learner.account, before.id).values()
    objectives = content.bank.objectives
    return {objectives[o].lesson for o in answered if o in objectives} <= learner.activity.read


def _from_answers(learner: LearnerContext, content: Content, zone: ZoneInfo) -> NextStep:
    """Practice what was missed, or repeat the quiz of the first lesson that isn't solid."""
    if learner.account is None:
        return NextStep(Step.MIXED)
    answers = queries.answers(learner.session, learner.account)
    if any(o.questions for o in queries.missed(answers, content.bank)):
        return NextStep(Step.PRACTICE)
    standings = queries.standings(answers, content.bank, zone)
    for name, lesson in content.lessons.items():
        objectives = content.bank.of_lesson(name)
        if (
            any(o.questions for o in objectives)
            and queries.mastery_of(objectives, standings).standing in _BEGUN
        ):
            return NextStep(Step.AGAIN, lesson=lesson)
    return NextStep(Step.MIXED)
