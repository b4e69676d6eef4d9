"""A quiz to print, and its key, with the same questions in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from learn.learner.assignments import shared_part_order
from learn.learner.group_assignments import GroupAssignment
from learn.learner.quiz_refs import QuizRef
from learn.library.content import Content
from learn.library.lessons import Lesson
from questions.model import Objective, Question
from questions.parts import KeyEntry


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question with its number, and its parts in the order in which they are printed."""

    number: int
    question: Question
    parts: tuple[KeyEntry, ...]
    objective: Objective
    lesson: Lesson

    def beliefs(self, misconceptions: Iterable[str]) -> tuple[str, ...]:
        """Return the texts of misconceptions, given by id."""
        believed = {m.id: m.belief for m in self.objective.misconceptions}
        return tuple(dict.fromkeys(believed[i] for i in misconceptions if i in believed))


@dataclass(frozen=True, slots=True)
class PrintedQuiz:
    """Quiz of one part of an assignment."""

    part: str
    questions: tuple[PrintedQuestion, ...]


def quizzes(content: Content, assignment: GroupAssignment) -> tuple[PrintedQuiz, ...]:
    """Return the quizzes to print, one for each part, without questions on hold."""
    printed = []
    for part in assignment.parts:
        ids = [i for i in assignment.questions(part) if i in content.bank.questions]
        ref = QuizRef.of_assignment(assignment.id, part)
        questions = (
            _printed(content, content.bank.questions[i], ref, n) for n, i in enumerate(ids, 1)
        )
        printed.append(PrintedQuiz(part, tuple(questions)))
    return tuple(printed)


def _printed(content: Content, question: Question, ref: QuizRef, number: int) -> PrintedQuestion:
    objective = content.bank.objectives[question.objective]
    return PrintedQuestion(
        number,
        question,
        question.on_paper(shared_part_order(ref, question)),
        objective=objective,
        lesson=content.lessons[objective.lesson],
    )
