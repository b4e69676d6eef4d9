"""Made-up group over six weeks: seeded, so always the same."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from statistics import NormalDist
from typing import Any

from learn import join_codes
from learn.learner.quiz_refs import AFTER_PART, BEFORE_PART, MIXED, QuizKind, QuizRef
from learn.library.content import Content
from learn.models import AssignmentKind
from questions.model import Objective, Question
from questions.selection import plan

DAYS = 42
LEARNERS = 40
# More than the 30 below which statistics are suppressed.
NAMED = 32
NICKNAMES = (
    *("Amara", "Bea", "Big Stan", "Blue Heron", "Carlos M", "Chidi", "Dana", "Dottie", "Earl"),
    *("Farah", "Gran Jo", "Halima", "Ines", "Jay", "Kwame", "Letty P", "Lou", "Liu Wei", "Mags"),
    *("Marisol", "Mr. B", "Nadia", "Nightowl", "Otis", "Pearl", "Quiet Fox", "Rhonda", "Ruth K"),
    *("Sunny", "Tomás", "Walnut", "Yusuf"),
)
_WITH_QUIZ, _PAIRS = 10, 6
_SPREAD = 1.2  # standard deviation of initial abilities
_QUIZ_DAYS, _AFTER_DAYS = (20, 27), (37, 41)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "learn demo")


@dataclass(frozen=True, slots=True)
class SimulatedLearner:
    """A learner; `ability` is the initial one. They stop after that many `lessons`."""

    account: uuid.UUID
    nickname: str
    ability: float
    joined_at: datetime
    lessons: int


@dataclass(frozen=True, slots=True)
class Event:
    """A quiz that a learner takes; if it `stops`, the last questions stay unanswered."""

    at: datetime
    quiz: QuizRef
    stops: bool = False


@dataclass(frozen=True, slots=True)
class DemoAssignment:
    """An assignment of the group."""

    id: uuid.UUID
    kind: AssignmentKind
    title: str
    contents: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Learners and assignments of the group.

    `miskeyed_question` is a question that behaves as if its key were wrong; empty if there is none.
    """

    group: uuid.UUID
    code: str
    educator: uuid.UUID
    began_at: datetime
    ends_at: datetime
    learners: tuple[SimulatedLearner, ...]
    assignments: tuple[DemoAssignment, ...]
    miskeyed_question: str

    @property
    def questions(self) -> frozenset[str]:
        """Questions of all assignments."""
        lists = [v for t in self.assignments for v in t.contents.values() if isinstance(v, list)]
        return frozenset(q for questions in lists for q in questions)


def demo_id(name: str) -> uuid.UUID:
    """Return the id of a demo object: always the same."""
    return uuid.uuid5(_NAMESPACE, name)


GROUP = demo_id("group")
EDUCATOR = demo_id("educator")


def seeded(name: str) -> Random:
    """Return a random generator that is seeded by name."""
    return Random(f"demo/{name}")  # noqa: S311 - not a secret


_ABILITIES = seeded("abilities").sample(range(LEARNERS), LEARNERS)


def make_plan(content: Content, taken: frozenset[str], now: datetime) -> Plan:
    """Return the group whose six weeks end at `now`, with a join code that is not `taken`."""
    began_at = datetime.combine(now.date() - timedelta(days=DAYS), time(8), now.tzinfo)
    rng = seeded("group")
    code = next(c for c in _codes(rng) if c not in taken)
    assignments, miskeyed_question = _assignments(content, began_at)
    learners = tuple(
        _learner(n, len(content.lessons_with_questions), began_at) for n in range(LEARNERS)
    )
    return Plan(GROUP, code, EDUCATOR, began_at, now, learners, assignments, miskeyed_question)


def events(plan_: Plan, learner: SimulatedLearner, content: Content) -> list[Event]:
    """Return all quizzes that a learner takes, in order of time."""
    rng = seeded(f"events/{learner.account}")
    scheduled = [*_of_lessons(learner, plan_, [*content.lessons_with_questions], rng)]
    mixed = rng.choice((0, 0, 1, 2)) if learner.lessons > 3 else 0
    scheduled += [Event(_random_time(plan_, rng.randint(28, 40), rng), MIXED) for _ in range(mixed)]
    for task in plan_.assignments:
        scheduled += _of_task(task, plan_, learner, rng)
    return sorted((e for e in scheduled if e.at < plan_.ends_at), key=lambda e: (e.at, e.quiz))


def _codes(rng: Random) -> Iterator[str]:
    while True:
        yield join_codes.generate(rng)


def _learner(number: int, lessons: int, began_at: datetime) -> SimulatedLearner:
    rng = seeded(f"learner/{number}")
    # Spread evenly over the normal curve, so that 40 learners look like many.
    ability = NormalDist(0, _SPREAD).inv_cdf((_ABILITIES[number] + 0.5) / LEARNERS)
    day = rng.choice((0, 0, 0, 0, 1, 1, 2)) if number % 9 else rng.randint(4, 9)
    joined_at = began_at + timedelta(days=day, minutes=rng.randint(30, 240))
    stays = rng.random() < 0.62
    return SimulatedLearner(
        account=demo_id(f"learner/{number}"),
        nickname=NICKNAMES[number] if number < NAMED else "",
        ability=ability,
        joined_at=joined_at,
        lessons=lessons if stays else min(lessons, rng.randint(2, max(2, lessons - 2))),
    )


def _assignments(content: Content, began_at: datetime) -> tuple[tuple[DemoAssignment, ...], str]:
    rng = seeded("tasks")
    lessons = [*content.counted_lessons]
    early = {*lessons[: math.ceil(len(lessons) / 2)]}
    objectives = [o for o in content.bank.counted.values() if o.questions]
    questions = plan([o for o in objectives if o.lesson in early], {}, _WITH_QUIZ, rng)
    quiz = [q.id for q in questions]
    assignments = []
    pairs = _pairs([o for o in objectives if not {q.id for q in o.questions} & {*quiz}], rng)
    if pairs:
        contents = {BEFORE_PART: [b.id for b, _ in pairs], AFTER_PART: [a.id for _, a in pairs]}
        title = "Before and after the six weeks"
        assignments.append(
            DemoAssignment(
                demo_id("task/pairs"), AssignmentKind.BEFORE_AFTER, title, contents, began_at
            )
        )
    if quiz:
        created_at = began_at + timedelta(days=_QUIZ_DAYS[0])
        quiz_contents: dict[str, Any] = {"questions": quiz, "fixed": True}
        assignments.append(
            DemoAssignment(
                demo_id("task/quiz"), AssignmentKind.QUIZ, "Halfway quiz", quiz_contents, created_at
            )
        )
    candidates = [q.id for q in questions if not q.partial_credit]
    return tuple(assignments), candidates[len(candidates) // 2] if candidates else ""


def _pairs(objectives: list[Objective], rng: Random) -> list[tuple[Question, Question]]:
    """Draw two questions of each of some objectives, in the order of the lessons."""
    able = [o for o in objectives if len(o.questions) > 1]
    chosen = {o.id for o in rng.sample(able, min(_PAIRS, len(able)))}
    drawn = [rng.sample(o.questions, 2) for o in able if o.id in chosen]
    return [(a, b) for a, b in drawn]


def _of_lessons(
    learner: SimulatedLearner, plan_: Plan, lessons: list[str], rng: Random
) -> Iterator[Event]:
    """Yield the quizzes of lessons: some are taken twice, some left open."""
    first = (learner.joined_at - plan_.began_at).days + 2
    stride = (39 - first) / len(lessons)
    at = learner.joined_at
    for number, lesson in enumerate(lessons[: learner.lessons]):
        day = first + round(number * stride + rng.uniform(0, stride))
        at = max(
            _random_time(plan_, day, rng), at + timedelta(hours=1)
        )  # never before the last one
        stops = rng.random() < 0.06
        if rng.random() < 0.98:
            quiz = QuizRef(QuizKind.LESSON, lesson)
            yield Event(at, quiz, stops)
            if not stops and rng.random() < 0.14:
                yield Event(
                    at + timedelta(days=rng.randint(4, 9)), QuizRef(QuizKind.LESSON, lesson)
                )


def _of_task(
    task: DemoAssignment, plan_: Plan, learner: SimulatedLearner, rng: Random
) -> Iterator[Event]:
    number = next(i for i, other in enumerate(plan_.learners) if other.account == learner.account)
    if task.kind == AssignmentKind.QUIZ:
        if number % 20 != 17:  # two learners were absent that week
            yield Event(
                _random_time(plan_, rng.randint(*_QUIZ_DAYS), rng), QuizRef.of_assignment(task.id)
            )
        return
    if rng.random() < 0.95:
        soon = learner.joined_at + timedelta(minutes=rng.randint(5, 50))
        yield Event(soon, QuizRef.of_assignment(task.id, BEFORE_PART))
        if rng.random() < (0.95 if learner.lessons > 6 else 0.7):
            yield Event(
                _random_time(plan_, rng.randint(*_AFTER_DAYS), rng),
                QuizRef.of_assignment(task.id, AFTER_PART),
            )


def _random_time(plan_: Plan, day: int, rng: Random) -> datetime:
    """Return a time on that day, most likely in the evening."""
    hour = rng.choices((9, 12, 16, 18, 19, 20, 21, 22), (1, 1, 1, 3, 4, 4, 3, 2))[0]
    midnight = plan_.began_at.replace(hour=0)
    return midnight + timedelta(days=day, hours=hour, seconds=rng.randint(0, 3500))
