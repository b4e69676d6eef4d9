"""One learner’s page: what they know, what they answered first, and their quizzes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from learn.library.content import Content
from learn.people import words
from learn.people.queries import Answered, Assigned, Taken
from learn.record.queries import Tally, standings, tally
from questions.grading import error_in
from questions.model import Objective, Question, Response
from questions.progress import Standing

_ASSIGNMENT = "assignment/"


class Went(StrEnum):
    """How an answer went."""

    RIGHT = "right"
    PARTLY = "partly"
    MISSED = "missed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class First:
    """A first answer: the question as it is now, what was `chosen`, and the right answer.

    `chosen` is None where the question was changed so much that it can’t be read any more.
    """

    question: Question
    chosen: tuple[str, ...] | None
    key: tuple[str, ...]
    went: Went
    day: date
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea, where the learner stands with it, and their first answers to its questions."""

    objective: Objective
    standing: Standing
    firsts: tuple[First, ...]


@dataclass(frozen=True, slots=True)
class LessonOf:
    """A lesson, where the learner stands with it, and its ideas."""

    title: str
    tally: Tally
    ideas: tuple[Idea, ...]


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz that was taken. `title` is that of what the group was asked to do, else empty."""

    ref: str
    title: str
    part: str
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """`gone` counts first answers to questions that are no longer asked, `open` open quizzes."""

    lessons: tuple[LessonOf, ...]
    overall: Tally
    gone: int
    quizzes: tuple[Quiz, ...]
    open: int


def person(
    content: Content,
    answered: tuple[Answered, ...],
    taken: Iterable[Taken],
    assigned: Iterable[Assigned],
    zone: ZoneInfo,
) -> Person:
    """All of the page, from rows in the order of time. Days are those of `zone`."""
    bank = content.bank
    found = standings((a.given for a in answered), bank, zone)
    firsts: dict[str, list[First]] = defaultdict(list)
    gone = 0
    for one in answered:
        question = bank.questions.get(one.given.question)
        if one.is_first and question is None:
            gone += 1
        elif one.is_first and question is not None:
            firsts[question.objective].append(_first(one, question, zone))
    lessons = tuple(
        LessonOf(
            lesson.title,
            tally(own, found),
            tuple(Idea(o, found[o.id], tuple(firsts[o.id])) for o in own),
        )
        for lesson in content.lessons.values()
        if (own := bank.of_lesson(lesson.id))
    )
    shown = [idea.objective for lesson in lessons for idea in lesson.ideas]
    began = _of_this_group(taken, {one.id: one for one in assigned})
    return Person(
        lessons=lessons,
        overall=tally(shown, found),
        gone=gone,
        quizzes=tuple(
            Quiz(one.quiz, title, part, one.finished_at)
            for one, title, part in began
            if one.finished_at is not None
        ),
        open=sum(one.finished_at is None for one, *_ in began),
    )


def _first(one: Answered, question: Question, zone: ZoneInfo) -> First:
    response = Response.from_json(one.response)
    is_changed = one.version != question.version
    readable = response.unsure or not (is_changed and error_in(question, response))
    if response.unsure:
        went = Went.UNSURE
    elif one.given.score == 1:
        went = Went.RIGHT
    else:
        went = Went.PARTLY if one.given.score > 0 else Went.MISSED
    return First(
        question=question,
        chosen=words.answer(question, response) if readable else None,
        key=words.key(question),
        went=went,
        day=one.given.answered_at.astimezone(zone).date(),
        is_changed=is_changed,
    )


def _of_this_group(
    taken: Iterable[Taken], assigned: Mapping[uuid.UUID, Assigned]
) -> list[tuple[Taken, str, str]]:
    """Quizzes with their title and part; what other groups ask is nobody’s business here."""
    found = []
    for one in taken:
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
