"""Base class of kinds with options to tick."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from statistics import fmean
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any, ClassVar, Self

from questions.kinds.parsing import QuestionKeys, References, read_part, read_parts
from questions.model import Grade, PartGrade, Question, Response, ResponseError, Rules
from questions.parts import Fills, FormField, KeyEntry, Line, Mark, Part
from questions.reading import Table
from questions.wording import ALL_OF_THE_ABOVE, ANY_STATISTIC, find_matches

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = re.compile(rf"(?:(?:On|By|In) )?({'|'.join(_MONTHS)}) (\d{{1,2}})(?:, (\d{{4}}))?")
_MAX = 6  # more is too much for a phone


def _about_other_options(question: OptionQuestion) -> Iterator[str]:
    for option in question.parts:
        if ALL_OF_THE_ABOVE.search(option.text):
            yield f"“{option.text}” is about the other options"


def _disputed_key(question: OptionQuestion) -> Iterator[str]:
    yield from find_matches(ANY_STATISTIC, (o.text for o in question.parts if o.right))


def _option_lengths(question: OptionQuestion) -> Iterator[str]:
    lengths = sorted(len(o.text) for o in question.parts)
    if lengths and lengths[-1] > 2 * lengths[0]:
        yield f"the longest option has {lengths[-1]} letters, the shortest {lengths[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionQuestion(Question):
    """A question whose parts are options to tick."""

    fields: ClassVar[tuple[FormField, ...]] = (FormField("answer", Fills.CHOSEN),)
    part_noun: ClassVar[str] = "an option"
    longest_part: ClassVar[int] = 12
    counts_chosen: ClassVar[bool] = True
    lint_errors: ClassVar[Rules] = MappingProxyType(
        {"options-together": _about_other_options, "disputed-figure": _disputed_key}
    )
    lint_warnings: ClassVar[Rules] = MappingProxyType({"option-lengths": _option_lengths})

    @classmethod
    def read(cls, table: Table, keys: QuestionKeys, references: References) -> Self:
        """Read the options; `keys` has the common keys."""
        options = []
        for entry in read_parts(table, "option", least=2, most=_MAX):
            right = entry.flag("right")
            misconception = entry.text("misconception", default="")
            if right and misconception:
                entry.error("a right option shows no misconception", "misconception")
            if not right:
                references.misconception(misconception, entry, "misconception")
            options.append(
                Part(
                    **read_part(entry, keys["facts"]),
                    right=right,
                    misconception=misconception,
                    figure=references.figure(entry),
                )
            )
            entry.close()
        question = cls(**keys, parts=tuple(options))
        question.check_keys(table)
        return question

    @abstractmethod
    def check_keys(self, table: Table) -> None:
        """Add an error if this kind can't have this number of right options."""

    def version_payload(self) -> list[Any]:
        return [[o.id, o.text, o.right] for o in self.parts]

    def shown_order(self, rng: Random) -> tuple[str, ...]:
        """Shuffle the options; if all begin with numbers or are days, sort by these instead."""
        for size in (_number, _day):
            sizes = {option.id: size(option.text) for option in self.parts}
            if None not in sizes.values():
                return tuple(sorted(sizes, key=lambda option: sizes[option] or ()))
        return Question.shown_order(self, rng)

    def error_in(self, response: Response) -> ResponseError | None:
        unknown = {*response.chosen} - {o.id for o in self.parts}
        if unknown or response.pairs or response.places:
            return ResponseError.UNKNOWN
        if response.unsure:
            return ResponseError.UNSURE_AND_MORE if response.chosen else None
        return None if response.chosen else ResponseError.NOTHING

    def grade(self, response: Response) -> Grade:
        """Score (right chosen - wrong chosen) / right options, at least 0."""
        chosen, key = {*response.chosen}, {o.id for o in self.parts if o.right}
        parts = tuple(
            PartGrade(
                o.id,
                right=(o.id in chosen) == o.right,
                misconception=o.misconception if o.id in chosen and not o.right else None,
            )
            for o in self.parts
        )
        score = max(0.0, (len(chosen & key) - len(chosen - key)) / len(key))
        return Grade(score, unsure=False, parts=parts)

    def random_score(self) -> float:
        """Return the mean score over all choices of one option or more."""
        ids = [o.id for o in self.parts]
        chosen = (c for n in range(1, len(ids) + 1) for c in combinations(ids, n))
        return fmean(self.grade(Response(chosen=c)).score for c in chosen)

    def right_response(self) -> Response:
        return Response(chosen=tuple(o.id for o in self.parts if o.right))

    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:  # noqa: ARG002 - other kinds need it
        return Response(chosen=(self.wrong_option(draw),))

    def wrong_option(self, draw: Callable[[Sequence[str]], int]) -> str:
        """Return the id of a wrong option."""
        wrong = [o for o in self.parts if not o.right]
        return wrong[draw([o.misconception for o in wrong])].id

    def describe(self, response: Response) -> tuple[Line, ...]:
        return tuple(Line(o.text) for o in self.parts if o.id in response.chosen)

    def marks(self, response: Response) -> tuple[Mark, ...]:
        return tuple(
            Mark(o, o.id if o.right else "", o.id if o.id in response.chosen else "")
            for o in self.parts
        )

    def on_paper(self, shown: Sequence[str]) -> tuple[KeyEntry, ...]:
        options = [self.part(option) for option in shown]
        return tuple(
            KeyEntry(o, letter, misconceptions=(o.misconception,) if o.misconception else ())
            for letter, o in zip(ascii_uppercase, options, strict=False)
        )


def _number(text: str) -> tuple[float, ...] | None:
    """Return the number that a text begins with."""
    found = _NUMBER.match(text)
    return (float(found.group().replace(",", "")),) if found else None


def _day(text: str) -> tuple[float, ...] | None:
    """Return the year (0 if it isn't named), month, and day that are the whole text."""
    match = _DAY.fullmatch(text)
    return (int(match[3] or 0), _MONTHS.index(match[1]), int(match[2])) if match else None
