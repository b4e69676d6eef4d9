"""Report on one named member: standings, first answers, and quizzes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from learn.learner.queries import Mastery, mastery_of, standings
from learn.learner.quiz_refs import QuizKind, QuizRef, prefix
from learn.library.content import Content
from learn.people import labels
from learn.people.queries import AssignmentTitle, MemberAnswer, MemberAttempt
from questions.bank import Bank
from questions.grading import Outcome, outcome_of
from questions.model import Objective, Question, Response
from questions.progress import Standing, without_last_result
from questions.versions import AskedVersion, DisplayedVersion, VersionKey, is_counted, shown_with


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A first answer, with the version of the question that it is shown with, and its key.

    `chosen` is None if the answer does not fit any version that is left.
    """

    question: Question
    chosen: tuple[str, ...] | None
    key: tuple[str, ...]
    outcome: Outcome
    day: date
    wording: DisplayedVersion


@dataclass(frozen=True, slots=True)
class ObjectiveReport:
    """A learner's standing in an objective, and first answers to its questions."""

    objective: Objective
    standing: Standing
    first_answers: tuple[FirstAnswer, ...]


@dataclass(frozen=True, slots=True)
class LessonReport:
    """A learner's standing in a lesson and its objectives."""

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
    """Report on one learner.

    `retired` has first answers to questions no longer in the bank, `lost` counts those whose
    question was not kept, and `unfinished` counts attempts.
    """

    lessons: tuple[LessonReport, ...]
    overall: Mastery
    retired: tuple[FirstAnswer, ...]
    lost: int
    quizzes: tuple[FinishedQuiz, ...]
    unfinished: int


def learner_report(
    content: Content,
    answers: tuple[MemberAnswer, ...],
    attempts: Iterable[MemberAttempt],
    assigned: Iterable[AssignmentTitle],
    zone: ZoneInfo,
) -> LearnerReport:
    """Build the report from rows in chronological order. `zone` determines the dates."""
    bank = content.bank
    current = without_last_result(standings((a.given for a in answers), bank, zone))
    first_answers: dict[str, list[FirstAnswer]] = defaultdict(list)
    retired, lost = [], 0
    for one in answers:
        if not one.is_first:
            continue
        now = bank.questions.get(one.given.question)
        first = _first_answer(one, now, zone)
        if first is None:
            lost += 1
        elif now is None:
            retired.append(first)
        else:
            first_answers[now.objective].append(first)
    lessons = tuple(
        LessonReport(
            lesson.title,
            mastery_of(objectives, current),
            tuple(
                ObjectiveReport(o, current[o.id], tuple(first_answers[o.id])) for o in objectives
            ),
        )
        for lesson in content.lessons.values()
        if (objectives := [o for o in bank.counted.values() if o.lesson == lesson.id])
    )
    every_objective = [one.objective for lesson in lessons for one in lesson.objectives]
    quizzes = _of_this_group(attempts, {one.id: one for one in assigned})
    return LearnerReport(
        lessons=lessons,
        overall=mastery_of(every_objective, current),
        retired=tuple(retired),
        lost=lost,
        quizzes=tuple(
            FinishedQuiz(one.quiz, title, part, one.finished_at)
            for one, title, part in quizzes
            if one.finished_at is not None
        ),
        unfinished=sum(one.finished_at is None for one, *_ in quizzes),
    )


def earlier_versions(content: Content, answers: Iterable[MemberAnswer]) -> frozenset[VersionKey]:
    """Return the versions of first answers that are not asked now."""
    current = {(q.id, q.version) for q in content.bank.questions.values()}
    return frozenset(_key(answer) for answer in answers if answer.is_first) - current


def with_versions(
    bank: Bank, answers: Iterable[MemberAnswer], stored_versions: Mapping[VersionKey, AskedVersion]
) -> tuple[MemberAnswer, ...]:
    """Return the answers, each with the question's version at the time, if it is stored.

    Those to questions that were for practice only when they left the bank are left out.
    """
    return tuple(
        replace(answer, as_answered=stored_versions[_key(answer)].question)
        if _key(answer) in stored_versions
        else answer
        for answer in answers
        if answer.given.question in bank.questions
        or _key(answer) not in stored_versions
        or is_counted(bank, stored_versions[_key(answer)])
    )


def _key(answer: MemberAnswer) -> VersionKey:
    return answer.given.question, answer.version


def _first_answer(answer: MemberAnswer, now: Question | None, zone: ZoneInfo) -> FirstAnswer | None:
    """None if the question is gone and was not kept."""
    response = Response.from_json(answer.response)
    shown, wording = shown_with(response, answer.version, answer.as_answered, now)
    question = shown or now
    if question is None:
        return None
    return FirstAnswer(
        question=question,
        chosen=labels.answer(question, response) if shown else None,
        key=labels.key(question),
        outcome=outcome_of(answer.given.score, unsure=response.unsure),
        day=answer.given.answered_at.astimezone(zone).date(),
        wording=wording,
    )


def _of_this_group(
    attempts: Iterable[MemberAttempt], assigned: Mapping[uuid.UUID, AssignmentTitle]
) -> list[tuple[MemberAttempt, str, str]]:
    """Attempts with title and part, without those at assignments of other groups."""
    rows = []
    for attempt in attempts:
        ref = QuizRef.parse(attempt.quiz)
        if not attempt.quiz.startswith(prefix(QuizKind.ASSIGNMENT)):
            rows.append((attempt, "", ""))
        elif ref and ref.assignment and ref.assignment in assigned:
            rows.append((attempt, assigned[ref.assignment].title, ref.part))
    return rows
