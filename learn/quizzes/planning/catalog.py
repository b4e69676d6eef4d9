"""Quizzes: by lesson, topic, or path, mixed, and those that check what was learned."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from learn.learner.assignments import LearnerAssignment
from learn.learner.quiz_refs import (
    AFTER,
    BEFORE,
    CHECK,
    MIXED,
    PRACTICE,
    REVIEW,
    QuizKind,
    QuizRef,
)
from learn.library.content import Content
from questions.model import Objective, Question

TAKEN_ONCE = frozenset({BEFORE, AFTER})
"""Quizzes that a learner takes only once."""

CHECK_LENGTHS = (5, 10, 20)
_LESSON_AT_LEAST, _LESSON_AT_MOST = 5, 7
_TOPIC_LENGTH = 8
_OVER_ALL = {MIXED: 10, REVIEW: 5, PRACTICE: 5, BEFORE: 6, AFTER: 6, CHECK: CHECK_LENGTHS[-1]}


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz: its reference, the objectives it is about, and how many questions it asks.

    `requested` is how many the learner chose, where there may be fewer. `lesson`, `topic`, and
    `path` are ids, empty for a quiz about all lessons. That of a path has the `questions` that the
    path names. An assigned quiz has those that its educator chose, in the same order for everybody
    with `fixed_order`; `part` is `before` or `after` if its assignment has two quizzes.
    """

    ref: QuizRef
    objectives: tuple[Objective, ...]
    length: int
    title: str = ""
    lesson: str = ""
    topic: str = ""
    path: str = ""
    requested: int = 0
    part: str = ""
    questions: tuple[Question, ...] = ()
    fixed_order: bool = False

    @property
    def is_taken_once(self) -> bool:
        """Whether a learner takes it only once."""
        return self.ref in TAKEN_ONCE or self.is_assigned

    @property
    def is_assigned(self) -> bool:
        """Whether it belongs to an assignment."""
        return self.ref.kind is QuizKind.ASSIGNMENT

    @property
    def is_for_all(self) -> bool:
        """Whether it is there for everybody and can be repeated."""
        return bool(self.lesson or self.topic or self.path) or self.ref == MIXED


def find(content: Content, ref: QuizRef) -> Quiz | None:
    """Return a quiz; an assigned one without its title, which is in the database."""
    name, bank = ref.name, content.bank
    if (
        ref.kind is QuizKind.LESSON
        and name in content.lessons
        and (objectives := bank.of_lesson(name))
    ):
        length = _length(objectives, min(max(len(objectives), _LESSON_AT_LEAST), _LESSON_AT_MOST))
        lesson = content.lessons[name]
        return Quiz(ref, objectives, length, lesson.title, lesson=name, topic=lesson.topic)
    if ref.kind is QuizKind.TOPIC and name in content.topics:
        objectives = bank.of_topic(name)
        return Quiz(
            ref,
            objectives,
            _length(objectives, _TOPIC_LENGTH),
            content.topics[name].title,
            topic=name,
        )
    if ref.kind is QuizKind.PATH and name in content.paths:
        return _path_quiz(content, ref)
    if ref in _OVER_ALL:
        has_all = ref in (MIXED, PRACTICE)
        objectives = tuple((bank.objectives if has_all else bank.counted).values())
        return Quiz(ref, objectives, _length(objectives, _OVER_ALL[ref]))
    if ref.kind is QuizKind.ASSIGNMENT:
        return Quiz(ref, (), 0, part=ref.part)
    return None


def _path_quiz(content: Content, ref: QuizRef) -> Quiz:
    """Return the quiz of a path, which has no objectives if the path names no questions."""
    path, bank = content.paths[ref.name], content.bank
    questions = tuple(bank.questions[i] for i in path.quiz if i in bank.questions)
    objectives = (o for lesson in path.lessons for o in bank.of_lesson(lesson))
    return Quiz(
        ref,
        tuple(objectives) if path.quiz else (),
        len(questions),
        path.title,
        path=path.id,
        questions=questions,
    )


def find_by_name(content: Content, name: str) -> Quiz | None:
    """Return the quiz with that name, as in `attempt.quiz`; None if there is none now."""
    ref = QuizRef.parse(name)
    return find(content, ref) if ref else None


def assigned_quiz(content: Content, assigned: LearnerAssignment, part: str) -> Quiz:
    """Return the quiz of an assignment, with those of its questions that are in `content`."""
    bank = content.bank
    questions = tuple(bank.questions[i] for i in assigned.questions(part) if i in bank.questions)
    return Quiz(
        QuizRef.of_assignment(assigned.id, part),
        tuple(bank.objectives[o] for o in dict.fromkeys(q.objective for q in questions)),
        len(questions),
        assigned.title,
        part=part,
        questions=questions,
        fixed_order=assigned.is_fixed,
    )


def check_quiz(content: Content, lessons: Collection[str], length: int) -> Quiz:
    """Return the quiz that checks the understanding of `lessons`, or of all if empty."""
    objectives = tuple(
        o for o in content.bank.counted.values() if not lessons or o.lesson in lessons
    )
    return Quiz(CHECK, objectives, _length(objectives, length), requested=length)


def all_quizzes(content: Content) -> Iterator[Quiz]:
    """All quizzes that are listed for everybody: by topic, by lesson, and the mixed one."""
    refs = [QuizRef(QuizKind.TOPIC, topic) for topic in content.topics]
    refs += [QuizRef(QuizKind.LESSON, lesson) for lesson in content.lessons_with_questions]
    for ref in (*refs, MIXED):
        if (quiz := find(content, ref)) is not None and quiz.objectives:
            yield quiz


def _length(objectives: tuple[Objective, ...], requested: int) -> int:
    return min(requested, sum(len(o.questions) for o in objectives))
