"""Which quizzes there are: one for each lesson and topic, and a mixed one over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from learn.library.content import Content
from questions.model import Objective

MIXED = "mixed"
_LESSON_AT_LEAST, _LESSON_AT_MOST = 5, 7
_TOPIC_LENGTH = 8
_MIXED_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz: its permanent name, the objectives it draws on, and how many questions it asks.

    `lesson` and `topic` are the ids it belongs to; both are empty for the mixed one.
    """

    ref: str
    objectives: tuple[Objective, ...]
    length: int
    title: str = ""
    lesson: str = ""
    topic: str = ""


def find(content: Content, ref: str) -> Quiz | None:
    """The quiz of that name."""
    kind, _, name = ref.partition("/")
    bank = content.bank
    if kind == "lesson" and name in content.lessons:
        own = bank.of_lesson(name)
        length = _length(own, min(max(len(own), _LESSON_AT_LEAST), _LESSON_AT_MOST))
        lesson = content.lessons[name]
        return Quiz(ref, own, length, lesson.title, lesson=name, topic=lesson.topic)
    if kind == "topic" and name in content.topics:
        own = bank.of_topic(name)
        return Quiz(ref, own, _length(own, _TOPIC_LENGTH), content.topics[name].title, topic=name)
    if ref == MIXED:
        own = tuple(bank.objectives.values())
        return Quiz(ref, own, _length(own, _MIXED_LENGTH))
    return None


def all_quizzes(content: Content) -> Iterator[Quiz]:
    """Every quiz: by topic, by lesson, and the mixed one."""
    refs = [f"topic/{t}" for t in content.topics]
    refs += [f"lesson/{name}" for name in content.lessons]
    for ref in (*refs, MIXED):
        if (quiz := find(content, ref)) is not None and quiz.objectives:
            yield quiz


def _length(objectives: tuple[Objective, ...], wanted: int) -> int:
    return min(wanted, sum(len(o.questions) for o in objectives))
