"""A row of the table: what was measured, and whether it is within what we want to reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.benchmarks import kept
from tests.benchmarks.kept import Kept


@dataclass(frozen=True)
class Row:
    name: str
    measured: float
    target: float | None  # none for what only has to be known
    unit: str
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.target is None or self.measured <= self.target


def table(rows: Iterable[Row], before: Mapping[str, Kept]) -> str:
    """Return the rows as text, each beside its goal and what was kept of it last."""
    lines = [("", "measured", "at most", "", "kept", "")]
    lines += [
        (
            row.name,
            written(row.measured, row.unit),
            goal(row),
            _judged(row),
            _beside(row, before.get(row.name)),
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


def keep(rows: Iterable[tuple[Row, str]]) -> None:
    """Write rows to the page, each with what it was measured on, in place of those of before."""
    new = {r.name: Kept(r.measured, r.unit, goal(r), kept.today(), on) for r, on in rows}
    kept.PAGE.write_text(kept.page(kept.kept_before() | new), encoding="utf-8")


def written(number: float, unit: str) -> str:
    return f"{number:.4g} {unit}".rstrip()


def goal(row: Row) -> str:
    return "" if row.target is None else written(row.target, row.unit)


def _judged(row: Row) -> str:
    if row.target is None:
        return ""
    return "ok" if row.ok else "NOT"


def _beside(row: Row, before: Kept | None) -> str:
    """Return what was kept, and how much more or less it is now; empty for a new row."""
    if before is None:
        return ""
    if before.unit != row.unit:
        return written(before.measured, before.unit)
    change = f" ({row.measured / before.measured - 1:+.0%})" if before.measured else ""
    return f"{before.measured:.4g}{change}"
