"""Which quizzes there are: by lesson, topic and mixed, and those that look at what was learned."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from learn.library.content import Content
from learn.record import assigned
from learn.record.assigned import Assigned
from learn.record.so_far import AFTER, BEFORE, REVIEW
from questions.model import Objective, Question

MIXED = "mixed"
CHECK = "check"
ONCE = frozenset({BEFORE, AFTER})
"""Quizzes that are sat once."""

CHECK_LENGTHS = (5, 10, 20)
_LESSON_AT_LEAST, _LESSON_AT_MOST = 5, 7
_TOPIC_LENGTH = 8
_OVER_ALL = {MIXED: 10, REVIEW: 5, BEFORE: 6, AFTER: 6, CHECK: CHECK_LENGTHS[-1]}


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz: its permanent name, the objectives it draws on, and how many questions it asks.

    `wanted` is how many were asked for, where there may be fewer. `lesson` and `topic` are the ids
    it belongs to; both are empty for one over all lessons. A group's quiz `asks` what was chosen
    when it was made, with all in the same order for everybody where it is `fixed`; `part` is
    `before` or `after` where it has two.
    """

    ref: str
    objectives: tuple[Objective, ...]
    length: int
    title: str = ""
    lesson: str = ""
    topic: str = ""
    wanted: int = 0
    part: str = ""
    asks: tuple[Question, ...] = ()
    fixed: bool = False

    @property
    def is_once(self) -> bool:
        """Whether it is sat once."""
        return self.ref in ONCE or self.is_assigned

    @property
    def is_assigned(self) -> bool:
        """Whether it is one that a group was asked to take."""
        return assigned.read_ref(self.ref) is not None

    @property
    def is_for_all(self) -> bool:
        """Whether it is the same for everybody, and can be taken again at any time."""
        return bool(self.lesson or self.topic) or self.ref == MIXED


def find(content: Content, ref: str) -> Quiz | None:
    """The quiz of that name. What a group was asked is not content: it has no title here."""
    kind, _, name = ref.partition("/")
    bank = content.bank
    if kind == "lesson" and name in content.asked_lessons:
        own = bank.of_lesson(name)
        length = _length(own, min(max(len(own), _LESSON_AT_LEAST), _LESSON_AT_MOST))
        lesson = content.lessons[name]
        return Quiz(ref, own, length, lesson.title, lesson=name, topic=lesson.topic)
    if kind == "topic" and name in content.topics:
        own = bank.of_topic(name)
        return Quiz(ref, own, _length(own, _TOPIC_LENGTH), content.topics[name].title, topic=name)
    if ref in _OVER_ALL:
        own = tuple(bank.objectives.values())
        return Quiz(ref, own, _length(own, _OVER_ALL[ref]))
    if named := assigned.read_ref(ref):
        return Quiz(ref, (), 0, part=named[1])
    return None


def assigned_to(content: Content, found: Assigned, part: str) -> Quiz:
    """The quiz that a group was asked to take, with those questions that are offered."""
    bank = content.bank
    asks = tuple(bank.questions[i] for i in found.questions(part) if i in bank.questions)
    own = tuple(bank.objectives[o] for o in dict.fromkeys(q.objective for q in asks))
    ref = assigned.ref_of(found.id, part)
    return Quiz(ref, own, len(asks), found.title, part=part, asks=asks, fixed=found.is_fixed)


def check_of(content: Content, lessons: Collection[str], length: int) -> Quiz:
    """A check of one's understanding of these lessons; without any, of all of them."""
    own = tuple(o for o in content.bank.objectives.values() if not lessons or o.lesson in lessons)
    return Quiz(CHECK, own, _length(own, length), wanted=length)


def all_quizzes(content: Content) -> Iterator[Quiz]:
    """Every quiz that is the same for all: by topic, by lesson, and the mixed one."""
    refs = [f"topic/{t}" for t in content.topics]
    refs += [f"lesson/{name}" for name in content.asked_lessons]
    for ref in (*refs, MIXED):
        if (quiz := find(content, ref)) is not None and quiz.objectives:
            yield quiz


def _length(objectives: tuple[Objective, ...], wanted: int) -> int:
    return min(wanted, sum(len(o.questions) for o in objectives))
