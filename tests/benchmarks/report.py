"""A row of the table: what was measured, and whether it is within what we want to reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    name: str
    measured: float
    target: float
    unit: str
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.measured <= self.target


def table(rows: Iterable[Row]) -> str:
    lines = [("", "measured", "at most", "", "")]
    lines += [
        (r.name, f"{r.measured:.4g} {r.unit}", f"{r.target:g} {r.unit}", _word(r), r.note)
        for r in rows
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join(
        f"{a:{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d:{widths[3]}}  {e}".rstrip()
        for a, b, c, d, e in lines
    )


def _word(row: Row) -> str:
    return "ok" if row.ok else "NOT"
