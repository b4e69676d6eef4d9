"""Tables as CSV, with cells that spreadsheets show and never run as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

Cell = TypeVar("Cell")

_STARTS = r"=+\-@＝＋－＠"  # in some languages, the wide ones count, too
_RUNS = re.compile(rf"^(?=[{_STARTS}\t\r\n])|[;\t][\"' ]*(?=[{_STARTS}])")
"""Where a formula would begin. Where a comma separates decimals, a semicolon separates cells."""


def escape_formula(cell: Cell) -> Cell | str:
    """Return the cell, with an apostrophe before each text that a spreadsheet would run."""
    return _RUNS.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Return the rows as CSV in UTF-8, with the byte-order mark that spreadsheets need."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([escape_formula(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
