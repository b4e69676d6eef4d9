"""Cells that spreadsheets show and never run as formulas."""

from __future__ import annotations

from typing import TypeVar

Cell = TypeVar("Cell")

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # first characters of a formula


def escape_formula(cell: Cell) -> Cell | str:
    """Return the cell, with an apostrophe before a text that a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell
