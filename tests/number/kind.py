"""A kind of question that only the tests have: a number to type in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from questions.kinds.parsing import read_part
from questions.model import Grade, PartGrade, Question, Response, ResponseError
from questions.parts import Fills, FormField, KeyEntry, Line, Mark, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """One part: the number that is right, or one beside it for half the score."""

    kind: ClassVar[str] = "number"
    fields: ClassVar[tuple[FormField, ...]] = (FormField("number-", Fills.PAIRS),)
    part_noun: ClassVar[str] = "a number"
    longest_part: ClassVar[int] = 1

    parts: tuple[Part]
    misconception: str

    @classmethod
    def read(cls, table, keys, references):
        entry = table.table("number")
        part = Part(**read_part(entry, keys["facts"]))
        entry.close()
        if part.text and not part.text.isdecimal():
            entry.error(f"“{part.text}” is not a number", "text")
        misconception = table.text("misconception")
        references.misconception(misconception, table, "misconception")
        return cls(**keys, parts=(part,), misconception=misconception)

    @property
    def misconceptions(self):
        return (self.misconception,)

    def version_payload(self):
        return [[self.parts[0].text]]

    def _given(self, response):
        return response.pairs.get(self.parts[0].id, "")

    def error_in(self, response):
        if response.unsure:
            return None
        if not response.pairs:
            return ResponseError.NOTHING
        return None if self._given(response).isdecimal() else ResponseError.UNKNOWN

    def grade(self, response):
        distance = abs(int(self._given(response)) - int(self.parts[0].text))
        score = {0: 1.0, 1: 0.5}.get(distance, 0.0)
        idea = None if score == 1 else self.misconception
        return Grade(score, unsure=False, parts=(PartGrade(self.parts[0].id, score == 1, idea),))

    def random_score(self):
        return 0.0

    def right_response(self):
        return Response(pairs={self.parts[0].id: self.parts[0].text})

    def near_miss(self, _draw, _rng):
        return Response(pairs={self.parts[0].id: str(int(self.parts[0].text) + 1)})

    def describe(self, response):
        return (Line(self._given(response)),)

    def marks(self, response):
        return (Mark(self.parts[0], self.parts[0].text, self._given(response)),)

    def on_paper(self, _shown):
        return (KeyEntry(self.parts[0]),)
