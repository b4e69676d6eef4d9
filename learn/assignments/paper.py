"""A quiz on paper, and its key: the same questions in the same order on both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from learn.assignments.queries import GroupTask
from learn.library.content import Content
from learn.library.lessons import Lesson
from learn.record.assigned import ref_of, shown_to_all
from questions.model import Kind, Objective, Part, Question


@dataclass(frozen=True, slots=True)
class PaperPart:
    """An answer, row or step as it stands on paper.

    `letter` is its own, or that of a row's right target; `place` is a step's right one. `beliefs`
    are the wrong ideas behind choosing it, or behind giving the row another target.
    """

    part: Part
    letter: str = ""
    right: bool = False
    place: int = 0
    beliefs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question with its number. `targets` are those of a match, by letter."""

    number: int
    question: Question
    parts: tuple[PaperPart, ...]
    targets: Mapping[str, str]
    belief: str
    objective: Objective
    lesson: Lesson

    @property
    def in_order(self) -> tuple[PaperPart, ...]:
        """The steps of an order as they should be."""
        return tuple(sorted(self.parts, key=lambda p: p.place))


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
    believed = {m.id: m.belief for m in objective.misconceptions}
    shown = shown_to_all(ref, question)
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            parts = _options(question, shown, believed)
        case Kind.MATCH:
            parts = _rows(question, shown, believed)
        case Kind.ORDER:
            places = {step.id: place for place, step in enumerate(question.steps, 1)}
            parts = tuple(PaperPart(question.part(i), place=places[i]) for i in shown)
    return PaperQuestion(
        number,
        question,
        parts,
        targets=dict(zip(ascii_uppercase, question.targets.values(), strict=False)),
        belief=believed.get(question.misconception, ""),
        objective=objective,
        lesson=content.lessons[objective.lesson],
    )


def _options(
    question: Question, shown: tuple[str, ...], believed: Mapping[str, str]
) -> tuple[PaperPart, ...]:
    options = {o.id: o for o in question.options}
    return tuple(
        PaperPart(
            options[i],
            letter,
            right=options[i].right,
            beliefs=_beliefs([options[i].misconception or ""], believed),
        )
        for letter, i in zip(ascii_uppercase, shown, strict=False)
    )


def _rows(
    question: Question, shown: tuple[str, ...], believed: Mapping[str, str]
) -> tuple[PaperPart, ...]:
    letters = dict(zip(question.targets, ascii_uppercase, strict=False))
    rows = {r.id: r for r in question.rows}
    return tuple(
        PaperPart(
            rows[i],
            letters[rows[i].target],
            beliefs=_beliefs(
                [rows[i].misconception_for(t) for t in question.targets if t != rows[i].target],
                believed,
            ),
        )
        for i in shown
    )


def _beliefs(ids: list[str], believed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(believed[i] for i in ids if i in believed))
