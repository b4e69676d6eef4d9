"""`match`: assign one of the targets to each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any, ClassVar, Self

from questions.kinds.parsing import QuestionKeys, References, read_part, read_parts
from questions.model import Grade, PartGrade, Question, Response, ResponseError, Rules
from questions.parts import Fills, FormField, KeyEntry, Line, Mark, Part
from questions.reading import Table
from questions.wording import DISPUTED, find_matches, find_repeated, too_long

_MAX_ROWS = 6  # more is too much for a phone
_MAX_TARGET_WORDS = 6  # words
_MAX_DROPDOWN_LENGTH = 20  # letters; a dropdown on a phone cuts off longer ones


def _doubled_targets(question: Match) -> Iterator[str]:
    yield from find_repeated(question.targets.values())


def _long_targets(question: Match) -> Iterator[str]:
    for target in question.targets.values():
        yield from too_long("a target", target, _MAX_TARGET_WORDS)


def _disputed_targets(question: Match) -> Iterator[str]:
    yield from find_matches(DISPUTED, question.targets.values())


def _two_target_skew(question: Match) -> Iterator[str]:
    if len(question.targets) == 2:
        targets = [row.target for row in question.parts]
        for target in question.targets:
            if targets.count(target) > 0.75 * len(targets):
                yield f"{targets.count(target)} of {len(targets)} rows belong to “{target}”"


@dataclass(frozen=True, slots=True)
class Row(Part):
    """A row with its right target and the misconceptions behind the wrong ones.

    `misconceptions` maps wrong targets to ids; `misconception` applies to all others.
    """

    target: str = ""
    misconceptions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def misconception_for(self, target: str) -> str:
        """Return the misconception behind assigning `target` to this row."""
        return self.misconceptions.get(target, self.misconception)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Question):
    """A matching question. The score is the share of rows with the right target.

    `targets` maps target ids to texts, in display order.
    """

    kind: ClassVar[str] = "match"
    fields: ClassVar[tuple[FormField, ...]] = (FormField("row-", Fills.PAIRS),)
    part_noun: ClassVar[str] = "a row"
    longest_part: ClassVar[int] = 15
    lint_errors: ClassVar[Rules] = MappingProxyType(
        {
            "doubled": _doubled_targets,
            "long-part": _long_targets,
            "disputed-figure": _disputed_targets,
        }
    )
    lint_warnings: ClassVar[Rules] = MappingProxyType({"two-target-skew": _two_target_skew})

    parts: tuple[Row, ...]
    targets: Mapping[str, str]

    @classmethod
    def read(cls, table: Table, keys: QuestionKeys, references: References) -> Self:
        """Read the rows and targets; `keys` has the common keys."""
        targets = table.table("targets").strings()
        rows = tuple(
            _read_row(entry, targets, keys["facts"], references)
            for entry in read_parts(table, "row", least=2, most=_MAX_ROWS)
        )
        for unused in sorted({*targets} - {r.target for r in rows}):
            table.error(f"no row has the target “{unused}”", "targets")
        return cls(**keys, parts=rows, targets=MappingProxyType(targets))

    @property
    def misconceptions(self) -> tuple[str, ...]:
        named = (m for r in self.parts for m in (r.misconception, *r.misconceptions.values()))
        return tuple(dict.fromkeys(m for m in named if m))

    @property
    def extra_texts(self) -> Mapping[str, str]:
        return {f"target {target}": text for target, text in self.targets.items()}

    @property
    def letters(self) -> Mapping[str, str]:
        """Letter of each target on paper."""
        return dict(zip(self.targets, ascii_uppercase, strict=False))

    @property
    def needs_buttons(self) -> bool:
        """Whether to show targets as buttons: there are two, or a dropdown would cut them off."""
        longest = max(map(len, self.targets.values()), default=0)
        return len(self.targets) == 2 or longest > _MAX_DROPDOWN_LENGTH

    def version_payload(self) -> list[Any]:
        rows = [[r.id, r.text, r.target] for r in self.parts]
        return [*rows, *([target, text] for target, text in self.targets.items())]

    def error_in(self, response: Response) -> ResponseError | None:
        rows = {r.id for r in self.parts}
        unknown = {*response.pairs} - rows or {*response.pairs.values()} - {*self.targets}
        if unknown or response.chosen or response.places:
            return ResponseError.UNKNOWN
        if response.unsure:
            return None
        if not response.pairs:
            return ResponseError.NOTHING
        return ResponseError.HALF_DONE if {*response.pairs} != rows else None

    def grade(self, response: Response) -> Grade:
        parts = tuple(
            PartGrade(r.id, right=True)
            if (chosen := response.pairs[r.id]) == r.target
            else PartGrade(r.id, right=False, misconception=r.misconception_for(chosen) or None)
            for r in self.parts
        )
        return Grade(sum(p.right for p in parts) / len(parts), unsure=False, parts=parts)

    def random_score(self) -> float:
        return 1 / len(self.targets)

    def right_response(self) -> Response:
        return Response(pairs={r.id: r.target for r in self.parts})

    def near_miss(self, draw: Callable[[Sequence[str]], int], rng: Random) -> Response:  # noqa: ARG002 - other kinds need it
        """Assign a wrong target to one row."""
        others = [(r, t) for r in self.parts for t in self.targets if t != r.target]
        row, target = others[draw([r.misconception_for(t) for r, t in others])]
        return Response(pairs={r.id: r.target for r in self.parts} | {row.id: target})

    def describe(self, response: Response) -> tuple[Line, ...]:
        return tuple(Line(r.text, self.targets[response.pairs[r.id]]) for r in self.parts)

    def marks(self, response: Response) -> tuple[Mark, ...]:
        return tuple(
            Mark(r, self.targets[r.target], self.targets.get(response.pairs.get(r.id, ""), ""))
            for r in self.parts
        )

    def on_paper(self, shown: Sequence[str]) -> tuple[KeyEntry, ...]:
        rows = {r.id: r for r in self.parts}
        return tuple(self._entry(rows[row_id]) for row_id in shown)

    def _entry(self, row: Row) -> KeyEntry:
        ideas = (row.misconception_for(t) for t in self.targets if t != row.target)
        return KeyEntry(
            row,
            self.letters[row.target],
            misconceptions=tuple(dict.fromkeys(i for i in ideas if i)),
        )


def _read_row(
    entry: Table, targets: Mapping[str, str], facts: tuple[str, ...], references: References
) -> Row:
    target = entry.text("target")
    if target and target not in targets:
        entry.error(f"unknown target “{target}”", "target")
    misconception = entry.text("misconception", default="")
    special = entry.table("misconceptions", required=False).strings()
    for wrong in sorted({*special} - {*targets}):
        entry.error(f"unknown target “{wrong}”", "misconceptions")
    for value in special.values():
        references.misconception(value, entry, "misconceptions")
    if misconception or {*targets} - {target} - {*special}:
        references.misconception(misconception, entry, "misconception")
    row = Row(
        **read_part(entry, facts),
        target=target,
        misconception=misconception,
        misconceptions=MappingProxyType(special),
    )
    entry.close()
    return row
