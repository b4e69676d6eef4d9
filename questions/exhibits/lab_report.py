"""`lab-report`: blood test results with their reference ranges."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from questions.exhibits.exhibit import (
    Exhibit,
    ExhibitKeys,
    Figures,
    Translate,
    spoken_unit,
)
from questions.reading import Table

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_BETWEEN = re.compile(rf"({_NUMBER.pattern})\s*(?:–|-|to)\s*({_NUMBER.pattern})")
_AT_MOST = re.compile(rf"(?:<|≤|below|under|up to)\s*({_NUMBER.pattern})")
_AT_LEAST = re.compile(rf"(?:>|≥|above|over|at least)\s*({_NUMBER.pattern})")


class Flag(StrEnum):
    """Whether a result is below, in, or above its reference range."""

    IN_RANGE = ""
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the report, as printed."""

    name: str
    value: str
    unit: str
    range: str
    flag: Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class LabReport(Exhibit):
    """Results in the order of the report."""

    kind: ClassVar[str] = "lab-report"

    rows: tuple[Result, ...]

    @classmethod
    def read(cls, table: Table, keys: ExhibitKeys, figures: Figures) -> Self:  # noqa: ARG003 - other kinds need it
        entries = table.tables("rows")
        if not entries:
            table.error("a lab report needs rows", "rows")
        return cls(**keys, rows=tuple(_read_result(entry) for entry in entries))

    def version_payload(self) -> list[Any]:
        return [[*astuple(row)] for row in self.rows]

    def describe(self, translate: Translate) -> tuple[str, ...]:
        return tuple(_describe(row, translate) for row in self.rows)

    @property
    def author_texts(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows)


def _describe(row: Result, translate: Translate) -> str:
    value = f"{row.value} {spoken_unit(row.unit, translate)}".strip()
    if row.flag is Flag.IN_RANGE:
        return translate(
            "%(name)s: %(value)s (range %(range)s)", name=row.name, value=value, range=row.range
        )
    return translate(
        "%(name)s: %(value)s, %(flag)s (range %(range)s)",
        name=row.name,
        value=value,
        flag=translate("low") if row.flag is Flag.LOW else translate("high"),
        range=row.range,
    )


def _read_result(entry: Table) -> Result:
    flag = entry.text("flag", default="")
    if flag not in set(Flag):
        entry.error(f"unknown flag “{flag}”: low, high, or none", "flag")
        flag = ""
    result = Result(
        name=entry.text("name"),
        value=entry.text("value"),
        unit=entry.text("unit", default=""),
        range=entry.text("range"),
        flag=Flag(flag),
    )
    right = _flag_of(result.value, result.range)
    if right is not None and right != result.flag:
        entry.error(
            f"{result.name}: {result.value} in the range {result.range} is "
            f"“{right or 'in range'}”, not “{flag or 'in range'}”",
            "flag",
        )
    entry.close()
    return result


def _flag_of(value: str, range_: str) -> Flag | None:
    """Return the flag of a value in a reference range; None if they aren't numbers."""
    if not _NUMBER.fullmatch(value):
        return None
    low, high = 0.0, float("inf")
    if match := _BETWEEN.fullmatch(range_):
        low, high = _number(match.group(1)), _number(match.group(2))
    elif match := _AT_MOST.fullmatch(range_):
        high = _number(match.group(1))
    elif match := _AT_LEAST.fullmatch(range_):
        low = _number(match.group(1))
    else:
        return None
    number = _number(value)
    return Flag.LOW if number < low else Flag.HIGH if number > high else Flag.IN_RANGE


def _number(text: str) -> float:
    return float(text.replace(",", ""))
