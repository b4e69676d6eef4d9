"""Cells that spreadsheets show and never run as formulas."""

from __future__ import annotations

import re
from typing import TypeVar

Cell = TypeVar("Cell")

_STARTS = r"=+\-@＝＋－＠"  # in some languages, the wide ones count, too
_RUNS = re.compile(rf"^(?=[{_STARTS}\t\r\n])|[;\t][\"' ]*(?=[{_STARTS}])")
"""Where a formula would begin. Where a comma separates decimals, a semicolon separates cells."""


def escape_formula(cell: Cell) -> Cell | str:
    """Return the cell, with an apostrophe before each text that a spreadsheet would run."""
    return _RUNS.sub(r"\g<0>'", cell) if isinstance(cell, str) else cell
