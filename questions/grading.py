"""Grading: a question and a response give a grade. Pure, and the same every time."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from questions.model import Grade, Kind, PartGrade, Question, Response


class Problem(StrEnum):
    """Why a response cannot be graded yet. Not a matter of right or wrong."""

    NOTHING = "nothing"  # nothing was chosen
    UNKNOWN = "unknown"  # an answer that this question does not have
    TOO_MANY = "too-many"  # two answers where one is asked for
    UNSURE_AND_MORE = "unsure-and-more"  # "I'm not sure" beside a ticked answer
    HALF_DONE = "half-done"  # a match or an order with gaps
    DOUBLED = "doubled"  # the same place given to two steps


class InvalidResponse(ValueError):  # noqa: N818 - it is a response that is invalid, not a fault of ours
    """A response that `problem` objects to was to be graded."""


def problem(question: Question, response: Response) -> Problem | None:
    """What keeps `response` from being graded, or None if nothing does."""
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return _problem_of_choice(question, response)
        case Kind.MATCH:
            return _problem_of_match(question, response)
        case Kind.ORDER:
            return _problem_of_order(question, response)


def _problem_of_choice(question: Question, response: Response) -> Problem | None:
    if {*response.chosen} - {o.id for o in question.options} or response.pairs or response.places:
        return Problem.UNKNOWN
    if response.unsure:
        return Problem.UNSURE_AND_MORE if response.chosen else None
    if not response.chosen:
        return Problem.NOTHING
    if question.kind is Kind.CHOICE and len({*response.chosen}) > 1:
        return Problem.TOO_MANY
    return None


def _problem_of_match(question: Question, response: Response) -> Problem | None:
    rows = {r.id for r in question.rows}
    if {*response.pairs} - rows or {*response.pairs.values()} - {*question.targets}:
        return Problem.UNKNOWN
    if response.chosen or response.places:
        return Problem.UNKNOWN
    if response.unsure:
        return None
    if not response.pairs:
        return Problem.NOTHING
    return Problem.HALF_DONE if {*response.pairs} != rows else None


def _problem_of_order(question: Question, response: Response) -> Problem | None:
    steps = {s.id for s in question.steps}
    places = [*response.places.values()]
    if {*response.places} - steps or {*places} - {*range(1, len(steps) + 1)}:
        return Problem.UNKNOWN
    if response.chosen or response.pairs:
        return Problem.UNKNOWN
    if response.unsure:
        return None
    if not places:
        return Problem.NOTHING
    if len({*places}) < len(places):
        return Problem.DOUBLED
    return Problem.HALF_DONE if {*response.places} != steps else None


def grade(question: Question, response: Response) -> Grade:
    """The grade of `response`.

    - `choice`: 1 or 0.
    - `choices`: (right chosen - wrong chosen) / right, not below 0.
    - `match`: the share of rows that got their target.
    - `order`: the share of neighbors in the response that stand the right way round; that is 1
      only if the whole order is right.
    - "I'm not sure": 0, marked as such, and shows no misconception.

    Raises InvalidResponse where `problem` finds one.
    """
    if found := problem(question, response):
        raise InvalidResponse(f"{question.id}: {found.value}")
    if response.unsure:
        parts = tuple(PartGrade(p.id, right=False) for p in question.parts)
        return Grade(score=0.0, unsure=True, parts=parts)
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return _grade_choice(question, response)
        case Kind.MATCH:
            return _grade_match(question, response)
        case Kind.ORDER:
            return _grade_order(question, response)


def _grade_choice(question: Question, response: Response) -> Grade:
    parts = tuple(
        PartGrade(
            o.id,
            right=(o.id in response.chosen) == o.right,
            misconception=o.misconception if o.id in response.chosen and not o.right else None,
        )
        for o in question.options
    )
    key = {o.id for o in question.options if o.right}
    chosen = {*response.chosen}
    return Grade(max(0.0, (len(chosen & key) - len(chosen - key)) / len(key)), False, parts)


def _grade_match(question: Question, response: Response) -> Grade:
    parts = tuple(
        PartGrade(r.id, right=True)
        if (given := response.pairs[r.id]) == r.target
        else PartGrade(r.id, right=False, misconception=r.misconception_for(given) or None)
        for r in question.rows
    )
    return Grade(_share(p.right for p in parts), False, parts)


def _grade_order(question: Question, response: Response) -> Grade:
    right = {s.id: i for i, s in enumerate(question.steps, 1)}
    parts = tuple(
        PartGrade(s.id, right=True)
        if response.places[s.id] == right[s.id]
        else PartGrade(s.id, right=False, misconception=question.misconception or None)
        for s in question.steps
    )
    return Grade(_share(right[a] < right[b] for a, b in pairwise(response.order)), False, parts)


def _share(flags: Iterable[bool]) -> float:
    found = [*flags]
    return sum(found) / len(found)


def right_response(question: Question) -> Response:
    """The response whose score is 1."""
    match question.kind:
        case Kind.CHOICE | Kind.CHOICES:
            return Response(chosen=tuple(o.id for o in question.options if o.right))
        case Kind.MATCH:
            return Response(pairs={r.id: r.target for r in question.rows})
        case Kind.ORDER:
            return Response(places={s.id: n for n, s in enumerate(question.steps, 1)})
