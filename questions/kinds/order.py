"""`order`: put steps in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from random import Random
from statistics import fmean
from typing import Any, ClassVar, Self

from questions.kinds.parsing import QuestionKeys, References, read_part, read_parts
from questions.model import Grade, PartGrade, Question, Response, ResponseError
from questions.parts import Fills, FormField, KeyEntry, Line, Mark, Part
from questions.reading import Table

_MAX_STEPS = 5  # more is too much for a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Question):
    """An ordering question; `parts` are in the right order.

    The score is the share of adjacent pairs in the response that are in the right order, so it is 1
    only if the whole order is right. `misconception` is the idea behind any wrong order.
    """

    kind: ClassVar[str] = "order"
    fields: ClassVar[tuple[FormField, ...]] = (FormField("step-", Fills.PLACES),)
    part_noun: ClassVar[str] = "a step"
    longest_part: ClassVar[int] = 10

    misconception: str

    @classmethod
    def read(cls, table: Table, keys: QuestionKeys, references: References) -> Self:
        """Read the steps; `keys` has the common keys."""
        steps = []
        for entry in read_parts(table, "step", least=3, most=_MAX_STEPS):
            steps.append(Part(**read_part(entry, keys["facts"])))
            entry.close()
        misconception = table.text("misconception")
        references.misconception(misconception, table, "misconception")
        return cls(**keys, parts=tuple(steps), misconception=misconception)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        return (self.misconception,) if self.misconception else ()

    def version_payload(self) -> list[Any]:
        return [[s.id, s.text] for s in self.parts]

    def shown_order(self, rng: Random) -> tuple[str, ...]:
        """Shuffle the steps, never into the right order."""
        order = Question.shown_order(self, rng)
        if order == tuple(s.id for s in self.parts):
            return (*order[1:], order[0])
        return order

    def error_in(self, response: Response) -> ResponseError | None:
        steps = {s.id for s in self.parts}
        places = [*response.places.values()]
        unknown = {*response.places} - steps or {*places} - {*range(1, len(steps) + 1)}
        if unknown or response.chosen or response.pairs:
            return ResponseError.UNKNOWN
        if response.unsure:
            return None
        if not places:
            return ResponseError.NOTHING
        if len({*places}) < len(places):
            return ResponseError.DOUBLED
        return ResponseError.HALF_DONE if {*response.places} != steps else None

    def grade(self, response: Response) -> Grade:
        right = {s.id: place for place, s in enumerate(self.parts, 1)}
        parts = tuple(
            PartGrade(s.id, right=True)
            if response.places[s.id] == right[s.id]
            else PartGrade(s.id, right=False, misconception=self.misconception or None)
            for s in self.parts
        )
        neighbors = [right[a] < right[b] for a, b in pairwise(response.order)]
        return Grade(sum(neighbors) / len(neighbors), unsure=False, parts=parts)

    def random_score(self) -> float:
        orders = permutations(s.id for s in self.parts)
        return fmean(
            self.grade(Response(places={step: n for n, step in enumerate(order, 1)})).score
            for order in orders
        )

    def right_response(self) -> Response:
        return Response(places={s.id: place for place, s in enumerate(self.parts, 1)})

    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:  # noqa: ARG002 - other kinds need it
        """Swap two adjacent steps."""
        steps = [s.id for s in self.parts]
        at = rng.randrange(len(steps) - 1)
        steps[at : at + 2] = reversed(steps[at : at + 2])
        return Response(places={step: place for place, step in enumerate(steps, 1)})

    def describe(self, response: Response) -> tuple[Line, ...]:
        return tuple(Line(f"{n}. {self.part(s).text}") for n, s in enumerate(response.order, 1))

    def marks(self, response: Response) -> tuple[Mark, ...]:
        return tuple(
            Mark(s, str(place), str(response.places.get(s.id, "")))
            for place, s in enumerate(self.parts, 1)
        )

    def on_paper(self, shown: Sequence[str]) -> tuple[KeyEntry, ...]:
        places = {s.id: place for place, s in enumerate(self.parts, 1)}
        return tuple(KeyEntry(self.part(step), place=places[step]) for step in shown)
