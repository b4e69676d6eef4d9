"""Reads of a learner's answers, lessons, and progress."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import null, select, type_coerce, union
from sqlalchemy.orm import Session
from sqlalchemy.types import Boolean

from learn.learner.quiz_refs import QuizKind, prefix
from learn.models import Attempt, Item, Reading
from learn.objective_ids import current_id
from questions.bank import Bank
from questions.grading import Outcome, outcome_of
from questions.model import Objective
from questions.progress import Answer, Standing, combined_standing, standing

_LESSON, _PATH = prefix(QuizKind.LESSON), prefix(QuizKind.PATH)

MAX_ANSWERS = 5000
"""Answers that a page looks at: more than anybody gives, and few enough for a fast page."""


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """A graded answer. `sure` is None where the learner didn't say that they were."""

    question: str
    objective: str
    attempt: uuid.UUID
    score: float
    answered_at: datetime
    sure: bool | None

    @property
    def mistaken(self) -> bool:
        """Whether the learner was sure and not right: reviewed first."""
        return self.sure is True and self.score < 1

    @property
    def needs_another_look(self) -> bool:
        """Whether it was missed, or “I'm not sure”, which scores 0."""
        return outcome_of(self.score) is Outcome.MISSED


@dataclass(frozen=True, slots=True)
class Mastery:
    """Standing of a lesson or topic: `mastered` of `total` objectives, `started` at all.

    `looks` of the started ones need another look.
    """

    standing: Standing
    mastered: int
    started: int
    total: int
    looks: int = 0

    @property
    def known(self) -> int:
        """How many were right, or almost, the last time."""
        return self.started - self.looks


@dataclass(frozen=True, slots=True)
class LessonsBegun:
    """Lessons whose end was reached, and those whose quiz was started: not all of them are read.

    Of the latter, `finished` are those whose quiz was finished at least once. `paths` are those
    whose own quiz was started, and `open_paths` those where it isn't finished.
    """

    read: frozenset[str] = frozenset()
    quizzed: frozenset[str] = frozenset()
    finished: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    open_paths: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Lessons with which something was done."""
        return self.read | self.quizzed


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far a learner is with a lesson: to read it is one part, and each of its ideas is one.

    An idea is done if its last answer was right, or almost; whether it's solid, its word says.
    """

    is_read: bool
    mastery: Mastery

    @property
    def parts(self) -> int:
        """How many parts are done."""
        return self.is_read + self.mastery.known

    @property
    def percent(self) -> int:
        """Share of the parts that are done: 100 only if all are."""
        return self.parts * 100 // (1 + self.mastery.total)

    @property
    def is_done(self) -> bool:
        """Whether all parts are done."""
        return self.parts == 1 + self.mastery.total


def answers(session: Session, account: uuid.UUID) -> list[RecordedAnswer]:
    """Return the account's answers, from first to last, with the objectives that count now.

    Of more than MAX_ANSWERS, the newest.
    """
    rows = session.execute(
        select(
            Item.question_id,
            Item.objective_id,
            Item.attempt_id,
            Item.score,
            Item.answered_at,
            Item.sure,
        )
        .where(Item.account_id == account, Item.answered_at.is_not(None))
        .order_by(Item.answered_at.desc(), Item.attempt_id.desc(), Item.position.desc())
        .limit(MAX_ANSWERS)
    ).all()
    return [  # answered: score and time are there
        RecordedAnswer(question, current_id(session, objective), *cast("Any", rest))
        for question, objective, *rest in reversed(rows)
    ]


def missed(answers: Iterable[RecordedAnswer], bank: Bank) -> tuple[Objective, ...]:
    """Return the objectives that count whose last answer was missed, in the bank's order.

    "I'm not sure" is among them; almost right never is.
    """
    last = {a.objective: a for a in answers}
    return tuple(o for o in bank.counted.values() if o.id in last and last[o.id].needs_another_look)


def lessons_begun(session: Session, account: uuid.UUID) -> LessonsBegun:
    """Return the ids of the lessons and paths that the account has begun, in one statement."""
    read = select(Reading.lesson_id, type_coerce(null(), Boolean)).where(
        Reading.account_id == account
    )
    quizzed = select(Attempt.quiz, Attempt.finished_at.is_not(None)).where(
        Attempt.account_id == account,
        Attempt.quiz.startswith(_LESSON, autoescape=True)
        | Attempt.quiz.startswith(_PATH, autoescape=True),
    )
    found = [(row[0], row[1]) for row in session.execute(union(read, quizzed))]
    quizzes, of_paths = (
        [
            (name.removeprefix(start), done)
            for name, done in found
            if done is not None and name.startswith(start)
        ]
        for start in (_LESSON, _PATH)
    )
    return LessonsBegun(
        frozenset(name for name, done in found if done is None),
        frozenset(name for name, _ in quizzes),
        frozenset(name for name, done in quizzes if done),
        frozenset(name for name, _ in of_paths),
        frozenset(name for name, done in of_paths if not done),
    )


def standings(
    answers: Iterable[RecordedAnswer], bank: Bank, zone: ZoneInfo
) -> Mapping[str, Standing]:
    """Return the standing of each objective of the bank. Days are those of `zone`."""
    histories: dict[str, list[Answer]] = defaultdict(list)
    for a in answers:
        day = a.answered_at.astimezone(zone).date()
        histories[a.objective].append(
            Answer(a.question, day, a.score == 1, missed=a.needs_another_look)
        )
    return {o: standing(histories.get(o, ())) for o in bank.objectives}


def mastery_of(objectives: Iterable[Objective], standings: Mapping[str, Standing]) -> Mastery:
    """Return the standings of some objectives taken together."""
    levels = [standings[o.id] for o in objectives]
    return Mastery(
        standing=combined_standing(levels),
        mastered=levels.count(Standing.MASTERED),
        started=len(levels) - levels.count(Standing.NOT_STARTED),
        total=len(levels),
        looks=levels.count(Standing.ANOTHER_LOOK),
    )
