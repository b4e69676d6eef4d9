"""A row of the table: what was measured, and whether it is within what we want to reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.benchmarks.kept import Kept


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


def table(rows: Iterable[Row], kept: Mapping[str, Kept]) -> str:
    """Return the rows as text, each beside its goal and what was kept of it last."""
    lines = [("", "measured", "at most", "", "kept", "")]
    lines += [
        (
            row.name,
            written(row.measured, row.unit),
            written(row.target, row.unit),
            "ok" if row.ok else "NOT",
            _beside(row, kept.get(row.name)),
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join(
        f"{a:{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d:{widths[3]}}"
        f"  {e:>{widths[4]}}  {f}".rstrip()
        for a, b, c, d, e, f in lines
    )


def written(number: float, unit: str) -> str:
    return f"{number:.4g} {unit}".rstrip()


def _beside(row: Row, kept: Kept | None) -> str:
    """Return what was kept, and how much more or less it is now; empty for a new row."""
    if kept is None:
        return ""
    if kept.unit != row.unit:
        return written(kept.measured, kept.unit)
    change = f" ({row.measured / kept.measured - 1:+.0%})" if kept.measured else ""
    return f"{kept.measured:.4g}{change}"
