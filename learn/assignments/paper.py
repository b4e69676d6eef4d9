"""A quiz on paper, and its key: the same questions in the same order on both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from learn.assignments.queries import GroupTask
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.record.assigned import ref_of, shown_to_all
from questions.model import KeyEntry, Objective, Question


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question with its number, and its parts in the order in which they are printed."""

    number: int
    question: Question
    parts: tuple[KeyEntry, ...]
    objective: Objective
    lesson: Lesson

    def beliefs(self, misconceptions: Iterable[str]) -> tuple[str, ...]:
        """The wrong ideas of those ids, in words."""
        believed = {m.id: m.belief for m in self.objective.misconceptions}
        return tuple(dict.fromkeys(believed[i] for i in misconceptions if i in believed))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of an assignment on paper."""

    part: str
    questions: tuple[PaperQuestion, ...]


def sheets(content: Content, task: GroupTask) -> tuple[Sheet, ...]:
    """What is printed: a sheet for each part, with those questions that are offered."""
    found = []
    for part in task.parts:
        ids = [i for i in task.questions(part) if i in content.bank.questions]
        ref = ref_of(task.id, part)
        own = (_on_paper(content, content.bank.questions[i], ref, n) for n, i in enumerate(ids, 1))
        found.append(Sheet(part, tuple(own)))
    return tuple(found)


def _on_paper(content: Content, question: Question, ref: str, number: int) -> PaperQuestion:
    objective = content.bank.objectives[question.objective]
    return PaperQuestion(
        number,
        question,
        question.on_paper(shown_to_all(ref, question)),
        objective=objective,
        lesson=content.lessons[objective.lesson],
    )
