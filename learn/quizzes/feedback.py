"""What a feedback page says: made from the question, the answer and the grade."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from questions.grading import grade, problem
from questions.model import Kind, Question, Response


class Tone(StrEnum):
    """Which headline the page has."""

    YES = "yes"
    AGAIN = "again"
    UNSURE = "unsure"
    CHANGED = "changed"  # the question was edited since, so the answer can't be shown with it


@dataclass(frozen=True, slots=True)
class Told:
    """One answer with its why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of a match or step of an order: what it should be, and what was given."""

    text: str
    answer: str
    given: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that the page says.

    For answers to tick: `answers` are the right ones, `chosen` the others that were chosen, and
    `others` the rest. For a match or an order: `marks`, one a row; `found` of `total` are right.
    """

    tone: Tone
    kind: Kind
    answers: tuple[Told, ...] = ()
    chosen: tuple[Told, ...] = ()
    missed: tuple[Told, ...] = ()
    others: tuple[Told, ...] = ()
    marks: tuple[Mark, ...] = ()
    found: int = 0
    total: int = 0


def feedback(question: Question, version: str, response: Response) -> Feedback:
    """The feedback to `response`, which was given to that version of the question."""
    if version != question.version and problem(question, response):
        return _shown(question, Response(unsure=True), Tone.CHANGED)
    result = grade(question, response)
    tone = Tone.UNSURE if result.unsure else Tone.YES if result.right else Tone.AGAIN
    return _shown(question, response, tone)


def _shown(question: Question, response: Response, tone: Tone) -> Feedback:
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return _ticked(question, response, tone)
        case Kind.MATCH:
            return _matched(question, response, tone)
        case Kind.ORDER:
            return _ordered(question, response, tone)


def _ticked(question: Question, response: Response, tone: Tone) -> Feedback:
    chosen = {*response.chosen}
    key = [o for o in question.options if o.right]
    found = [o for o in key if o.id in chosen]
    several = question.kind is Kind.CHOICES and not response.unsure and tone is not Tone.CHANGED
    return Feedback(
        tone,
        question.kind,
        answers=tuple(Told(o.text, o.why) for o in (found if several else key)),
        missed=tuple(Told(o.text, o.why) for o in key if several and o.id not in chosen),
        chosen=tuple(
            Told(o.text, o.why) for o in question.options if o.id in chosen and not o.right
        ),
        others=tuple(
            Told(o.text, o.why) for o in question.options if o.id not in chosen and not o.right
        ),
        found=len(found),
        total=len(key),
    )


def _matched(question: Question, response: Response, tone: Tone) -> Feedback:
    given = {} if response.unsure else response.pairs
    marks = tuple(
        Mark(
            text=row.text,
            answer=question.targets[row.target],
            given=question.targets.get(given.get(row.id, ""), ""),
            right=given.get(row.id) == row.target,
            why=row.why,
        )
        for row in question.rows
    )
    return _marked(question, tone, marks)


def _ordered(question: Question, response: Response, tone: Tone) -> Feedback:
    given = {} if response.unsure else response.places
    marks = tuple(
        Mark(
            text=step.text,
            answer=str(place),
            given=str(given.get(step.id, "")),
            right=given.get(step.id) == place,
            why=step.why,
        )
        for place, step in enumerate(question.steps, 1)
    )
    return _marked(question, tone, marks)


def _marked(question: Question, tone: Tone, marks: tuple[Mark, ...]) -> Feedback:
    found = sum(m.right for m in marks)
    return Feedback(tone, question.kind, marks=marks, found=found, total=len(marks))
