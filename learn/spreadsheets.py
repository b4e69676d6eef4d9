"""What a file needs so that a spreadsheet shows it, and never runs it."""

from __future__ import annotations

from typing import TypeVar

Cell = TypeVar("Cell")

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet take a text for a formula


def harmless(cell: Cell) -> Cell | str:
    """The cell; a text that a spreadsheet would run has an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell
