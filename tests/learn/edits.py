"""Content as it is after somebody has edited it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from learn.library.content import Content
from questions.model import Question


def without(content: Content, *gone: str) -> Content:
    """The content after these questions have left the bank."""
    bank = content.bank
    objectives = {
        o.id: replace(o, questions=tuple(q for q in o.questions if q.id not in gone))
        for o in bank.objectives.values()
    }
    questions = {q: v for q, v in bank.questions.items() if q not in gone}
    return replace(
        content,
        bank=replace(
            bank,
            objectives=MappingProxyType(objectives),
            questions=MappingProxyType(questions),
        ),
    )


def without_objective(content: Content, gone: str) -> Content:
    """The content after an objective has left the bank, with its questions."""
    objectives = {k: v for k, v in content.bank.objectives.items() if k != gone}
    questions = {k: q for k, q in content.bank.questions.items() if q.objective != gone}
    return replace(
        content,
        bank=replace(
            content.bank,
            objectives=MappingProxyType(objectives),
            questions=MappingProxyType(questions),
        ),
    )


def edited(content: Content, question: Question) -> Content:
    """The content after a question was edited."""
    questions = {**content.bank.questions, question.id: question}
    return replace(content, bank=replace(content.bank, questions=MappingProxyType(questions)))
