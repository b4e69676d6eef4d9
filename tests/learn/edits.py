"""Content as it is after somebody has edited it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from learn.library.content import Content
from questions.merged import Merge
from questions.model import Question, version_of


def without(content: Content, *gone: str) -> Content:
    """Return the content after these questions have left the bank."""
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
    """Return the content after an objective has left the bank, with its questions."""
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


def with_merged(content: Content, old: str, into: str, keep: str = "") -> Content:
    """Return the content after an objective was merged into another.

    One question moved, the first one or `keep`; the others are retired.
    """
    bank = content.bank
    kept, *retired = sorted(bank.objectives[old].questions, key=lambda q: q.id != keep)
    moved = replace(kept, objective=into)
    objective = bank.objectives[into]
    objectives = {k: v for k, v in bank.objectives.items() if k != old}
    objectives[into] = replace(objective, questions=(*objective.questions, moved))
    gone = {q.id for q in retired}
    questions = {k: q for k, q in bank.questions.items() if k not in gone} | {moved.id: moved}
    merge = Merge(old, into, date(2026, 11, 29), "The same.", ("bank/merged.toml", 1))
    return replace(
        content,
        bank=replace(
            bank,
            objectives=MappingProxyType(objectives),
            questions=MappingProxyType(questions),
            merged=MappingProxyType({**bank.merged, old: merge}),
        ),
    )


def edited(content: Content, question: Question) -> Content:
    """Return the content after a question was edited."""
    bank = content.bank
    owner = bank.objectives[question.objective]
    asked = tuple(question if q.id == question.id else q for q in owner.questions)
    objectives = {**bank.objectives, owner.id: replace(owner, questions=asked)}
    questions = {**bank.questions, question.id: question}
    return replace(
        content,
        bank=replace(
            bank,
            objectives=MappingProxyType(objectives),
            questions=MappingProxyType(questions),
        ),
    )


def with_another_key(question: Question) -> Question:
    """Return the question with another key, so that what was right is right no more.

    Another answer is right, or one fewer where there are several; the first row of a match has
    another target; the first step of an order comes last.
    """
    match question.kind:
        case "choice":
            other = next(o.id for o in question.parts if not o.right)
            flipped = tuple(replace(o, right=o.id == other) for o in question.parts)
            new = replace(question, parts=flipped)
        case "choices":
            right = next(o.id for o in question.parts if o.right)
            flipped = tuple(replace(o, right=o.right and o.id != right) for o in question.parts)
            new = replace(question, parts=flipped)
        case "match":
            row = question.parts[0]
            target = next(t for t in question.targets if t != row.target)
            new = replace(question, parts=(replace(row, target=target), *question.parts[1:]))
        case "order":
            new = replace(question, parts=(*question.parts[1:], question.parts[0]))
        case kind:
            raise AssertionError(f"say what another key of “{kind}” is")
    return replace(new, version=version_of(new))


def with_other_answers(question: Question) -> Question:
    """Return the question after all its answers, rows or steps were replaced by others."""
    new = replace(question, parts=tuple(replace(p, id=f"{p.id}-2") for p in question.parts))
    return replace(new, version=version_of(new))
