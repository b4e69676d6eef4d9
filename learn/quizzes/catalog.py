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
    if kind == "lesson" and name in content.lessons:
        objectives = content.bank.of_lesson(name)
        asks = min(max(len(objectives), _LESSON_AT_LEAST), _LESSON_AT_MOST)
        lesson = content.lessons[name]
        return _quiz(ref, objectives, asks, title=lesson.title, lesson=name, topic=lesson.topic)
    if kind == "topic" and name in content.topics:
        objectives = content.bank.of_topic(name)
        return _quiz(ref, objectives, _TOPIC_LENGTH, title=content.topics[name].title, topic=name)
    if ref == MIXED:
        return _quiz(ref, tuple(content.bank.objectives.values()), _MIXED_LENGTH)
    return None


def all_quizzes(content: Content) -> Iterator[Quiz]:
    """Every quiz: by topic, by lesson, and the mixed one."""
    refs = [f"topic/{t}" for t in content.topics]
    refs += [f"lesson/{name}" for name in content.lessons]
    for ref in (*refs, MIXED):
        if (quiz := find(content, ref)) is not None and quiz.objectives:
            yield quiz


def _quiz(
    ref: str,
    objectives: tuple[Objective, ...],
    length: int,
    *,
    title: str = "",
    lesson: str = "",
    topic: str = "",
) -> Quiz:
    there_are = sum(len(o.questions) for o in objectives)
    return Quiz(ref, objectives, min(length, there_are), title, lesson, topic)
