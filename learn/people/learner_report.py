"""The report on one named member: standings, first answers, and quizzes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from learn.learner.queries import Mastery, mastery_of, standings
from learn.library.content import Content
from learn.people import labels
from learn.people.queries import AssignmentTitle, MemberAnswer, MemberAttempt
from questions.grading import error_in
from questions.model import Objective, Question, Response
from questions.progress import Standing

_ASSIGNMENT = "assignment/"


class AnswerOutcome(StrEnum):
    """The outcome of an answer."""

    RIGHT = "right"
    PARTLY = "partly"
    MISSED = "missed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A first answer, with the current version of the question and its key.

    `chosen` is None if the answer does not fit the current version.
    """

    question: Question
    chosen: tuple[str, ...] | None
    key: tuple[str, ...]
    outcome: AnswerOutcome
    day: date
    is_changed: bool


@dataclass(frozen=True, slots=True)
class ObjectiveReport:
    """The learner's standing in an objective, and first answers to its questions."""

    objective: Objective
    standing: Standing
    first_answers: tuple[FirstAnswer, ...]


@dataclass(frozen=True, slots=True)
class LessonReport:
    """The learner's standing in a lesson and its objectives."""

    title: str
    mastery: Mastery
    objectives: tuple[ObjectiveReport, ...]


@dataclass(frozen=True, slots=True)
class FinishedQuiz:
    """A finished quiz. `title` is that of the assignment, if it belongs to one."""

    ref: str
    title: str
    part: str
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """The report on one learner.

    `retired` counts first answers to questions no longer in the bank, `unfinished` counts attempts.
    """

    lessons: tuple[LessonReport, ...]
    overall: Mastery
    retired: int
    quizzes: tuple[FinishedQuiz, ...]
    unfinished: int


def learner_report(
    content: Content,
    answers: tuple[MemberAnswer, ...],
    attempts: Iterable[MemberAttempt],
    assigned: Iterable[AssignmentTitle],
    zone: ZoneInfo,
) -> LearnerReport:
    """Build the report from rows in chronological order. `zone` says when a day begins."""
    bank = content.bank
    found = standings((a.given for a in answers), bank, zone)
    first_answers: dict[str, list[FirstAnswer]] = defaultdict(list)
    retired = 0
    for one in answers:
        question = bank.questions.get(one.given.question)
        if one.is_first and question is None:
            retired += 1
        elif one.is_first and question is not None:
            first_answers[question.objective].append(_first_answer(one, question, zone))
    lessons = tuple(
        LessonReport(
            lesson.title,
            mastery_of(own, found),
            tuple(ObjectiveReport(o, found[o.id], tuple(first_answers[o.id])) for o in own),
        )
        for lesson in content.lessons.values()
        if (own := bank.of_lesson(lesson.id))
    )
    shown = [one.objective for lesson in lessons for one in lesson.objectives]
    quizzes = _of_this_group(attempts, {one.id: one for one in assigned})
    return LearnerReport(
        lessons=lessons,
        overall=mastery_of(shown, found),
        retired=retired,
        quizzes=tuple(
            FinishedQuiz(one.quiz, title, part, one.finished_at)
            for one, title, part in quizzes
            if one.finished_at is not None
        ),
        unfinished=sum(one.finished_at is None for one, *_ in quizzes),
    )


def _first_answer(answer: MemberAnswer, question: Question, zone: ZoneInfo) -> FirstAnswer:
    response = Response.from_json(answer.response)
    is_changed = answer.version != question.version
    readable = response.unsure or not (is_changed and error_in(question, response))
    if response.unsure:
        outcome = AnswerOutcome.UNSURE
    elif answer.given.score == 1:
        outcome = AnswerOutcome.RIGHT
    else:
        outcome = AnswerOutcome.PARTLY if answer.given.score > 0 else AnswerOutcome.MISSED
    return FirstAnswer(
        question=question,
        chosen=labels.answer(question, response) if readable else None,
        key=labels.key(question),
        outcome=outcome,
        day=answer.given.answered_at.astimezone(zone).date(),
        is_changed=is_changed,
    )


def _of_this_group(
    attempts: Iterable[MemberAttempt], assigned: Mapping[uuid.UUID, AssignmentTitle]
) -> list[tuple[MemberAttempt, str, str]]:
    """Attempts with title and part, without those at assignments of other groups."""
    found = []
    for one in attempts:
        if not one.quiz.startswith(_ASSIGNMENT):
            found.append((one, "", ""))
            continue
        name, _, part = one.quiz.removeprefix(_ASSIGNMENT).partition("/")
        try:
            own = assigned.get(uuid.UUID(hex=name))
        except ValueError:
            own = None
        if own:
            found.append((one, own.title, part))
    return found
