"""Report on one named member: standings, answers, and quizzes.

Latest answers, and what follows from them, are in it only if the member agreed to show them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from learn.learner.queries import Mastery, mastery_of, standings
from learn.learner.quiz_refs import QuizKind, QuizRef, prefix
from learn.library.content import Content
from learn.people import labels
from learn.people.queries import AssignmentTitle, MemberAnswer, MemberAttempt, NamedMember
from questions.bank import Bank
from questions.grading import Outcome, outcome_of
from questions.model import Objective, Question, Response
from questions.progress import Standing, without_last_result
from questions.versions import (
    DisplayedVersion,
    QuestionSnapshot,
    VersionKey,
    is_counted,
    shown_with,
)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer, with the version of the question that it is shown with, and its key.

    `chosen` is None if the answer does not fit any version that is left. `is_latest` says that it
    is the latest to its question, after a first one.
    """

    question: Question
    chosen: tuple[str, ...] | None
    key: tuple[str, ...]
    outcome: Outcome
    day: date
    wording: DisplayedVersion
    is_latest: bool = False


@dataclass(frozen=True, slots=True)
class ObjectiveReport:
    """A learner's standing in an objective, and the answers to its questions.

    They are first answers and, if the member shows them, the latest one after each. `outcome` is
    that of the newest of them, None if there is none.
    """

    objective: Objective
    standing: Standing
    answers: tuple[ShownAnswer, ...]
    outcome: Outcome | None


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
class PracticedLesson:
    """A lesson whose questions are all for practice only, and when its quiz was last finished."""

    title: str
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerReport:
    """Report on one learner.

    `retired` has first answers to questions no longer in the bank, `lost` counts those whose
    question was not kept, and `unfinished` counts attempts, if the learner agreed that it is seen
    what they have begun. `practiced` has lessons that `lessons` leaves out.
    """

    lessons: tuple[LessonReport, ...]
    practiced: tuple[PracticedLesson, ...]
    overall: Mastery
    retired: tuple[ShownAnswer, ...]
    lost: int
    quizzes: tuple[FinishedQuiz, ...]
    unfinished: int

    @property
    def right(self) -> tuple[ObjectiveReport, ...]:
        """Ideas whose newest answer here was right."""
        return self._with({Outcome.RIGHT})

    @property
    def almost(self) -> tuple[ObjectiveReport, ...]:
        """Ideas whose newest answer here was almost right."""
        return self._with({Outcome.ALMOST})

    @property
    def missed(self) -> tuple[ObjectiveReport, ...]:
        """Ideas whose newest answer here was missed, or “I’m not sure”."""
        return self._with({Outcome.MISSED, Outcome.UNSURE})

    def _with(self, outcomes: Collection[Outcome]) -> tuple[ObjectiveReport, ...]:
        """Return these ideas, those about safety first."""
        ideas = (idea for lesson in self.lessons for idea in lesson.objectives)
        found = (idea for idea in ideas if idea.outcome in outcomes)
        return tuple(sorted(found, key=lambda idea: not idea.objective.about_safety))


def learner_report(  # noqa: PLR0913, PLR0917 - a report is all of that
    content: Content,
    member: NamedMember,
    answers: tuple[MemberAnswer, ...],
    attempts: Iterable[MemberAttempt],
    assigned: Iterable[AssignmentTitle],
    zone: ZoneInfo,
) -> LearnerReport:
    """Build the report from rows in chronological order. `zone` determines the dates."""
    bank = content.bank
    current = standings((a.given for a in answers), bank, zone)
    if not member.shows_latest:
        current = without_last_result(current)
    by_objective: dict[str, list[ShownAnswer]] = defaultdict(list)
    newest: dict[str, Outcome] = {}
    retired, lost = [], 0
    for one in shown_answers(answers, latest=member.shows_latest):
        now = bank.questions.get(one.given.question)
        answer = _shown(one, now, zone)
        if answer is None:
            lost += one.is_first
        elif now is None:
            if one.is_first:
                retired.append(answer)
        else:
            by_objective[now.objective].append(answer)
            newest[now.objective] = answer.outcome
    for shown in by_objective.values():
        order = {q: n for n, q in enumerate(dict.fromkeys(a.question.id for a in shown))}
        shown.sort(key=lambda a: (order[a.question.id], a.is_latest))
    lessons = tuple(
        LessonReport(
            lesson.title,
            _mastery_of_lesson(objectives, current),
            tuple(
                ObjectiveReport(o, current[o.id], tuple(by_objective[o.id]), newest.get(o.id))
                for o in objectives
            ),
        )
        for lesson in content.lessons.values()
        if (objectives := [o for o in bank.counted.values() if o.lesson == lesson.id])
    )
    every_objective = [one.objective for lesson in lessons for one in lesson.objectives]
    quizzes = _of_this_group(attempts, {one.id: one for one in assigned})
    return LearnerReport(
        lessons=lessons,
        practiced=tuple(_practiced(content, (one for one, *_ in quizzes))),
        overall=mastery_of(every_objective, current),
        retired=tuple(retired),
        lost=lost,
        quizzes=tuple(
            FinishedQuiz(one.quiz, title, part, one.finished_at)
            for one, title, part in quizzes
            if one.finished_at is not None
        ),
        unfinished=sum(one.finished_at is None for one, *_ in quizzes if member.shows_latest),
    )


def _mastery_of_lesson(objectives: Sequence[Objective], current: Mapping[str, Standing]) -> Mastery:
    """Return it as the table has it: an idea about safety decides for its lesson."""
    found = mastery_of(objectives, current)
    misses_safety = any(
        o.about_safety and current[o.id] is Standing.ANOTHER_LOOK for o in objectives
    )
    return replace(found, standing=Standing.ANOTHER_LOOK) if misses_safety else found


def _practiced(content: Content, attempts: Iterable[MemberAttempt]) -> Iterator[PracticedLesson]:
    """Yield the lessons for practice only whose quiz, or that of their topic, was finished."""
    finished = [(a.quiz, a.finished_at) for a in attempts if a.finished_at is not None]
    for lesson in content.practice_lessons.values():
        refs = QuizRef(QuizKind.LESSON, lesson.id), QuizRef(QuizKind.TOPIC, lesson.topic)
        days = [day for quiz, day in finished if quiz in {*map(str, refs)}]
        if days:
            yield PracticedLesson(lesson.title, max(days))


def shown_answers(answers: tuple[MemberAnswer, ...], *, latest: bool) -> tuple[MemberAnswer, ...]:
    """Return the first answers and, if `latest`, the last one to each question, oldest first."""
    last = {a.given.question: a for a in answers} if latest else {}
    return tuple(a for a in answers if a.is_first or last.get(a.given.question) is a)


def earlier_versions(content: Content, answers: Iterable[MemberAnswer]) -> frozenset[VersionKey]:
    """Return the versions of the answers that are not asked now."""
    current = {(q.id, q.version) for q in content.bank.questions.values()}
    return frozenset(_key(answer) for answer in answers) - current


def with_versions(
    bank: Bank,
    answers: Iterable[MemberAnswer],
    stored_versions: Mapping[VersionKey, QuestionSnapshot],
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


def _shown(answer: MemberAnswer, now: Question | None, zone: ZoneInfo) -> ShownAnswer | None:
    """None if the question is gone and was not kept."""
    response = Response.from_json(answer.response)
    shown, wording = shown_with(response, answer.version, answer.as_answered, now)
    question = shown or now
    if question is None:
        return None
    return ShownAnswer(
        question=question,
        chosen=labels.answer(question, response) if shown else None,
        key=labels.key(question),
        outcome=outcome_of(answer.given.score, unsure=response.unsure),
        day=answer.given.answered_at.astimezone(zone).date(),
        wording=wording,
        is_latest=not answer.is_first,
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
