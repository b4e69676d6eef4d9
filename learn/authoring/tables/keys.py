"""Read the right options of items from a table of its own."""

from __future__ import annotations

from pathlib import Path

from learn.authoring.tables.errors import Remarks, TableError
from learn.authoring.tables.files import read_grid


def read_key(path: Path, remarks: Remarks) -> dict[str, frozenset[str]]:
    """Read the right options of each item, one in each row, from the columns “item” and “key”.

    Raises TableError or DocumentError.
    """
    grid = read_grid(path, remarks)
    names = [name.casefold() for name in grid.header]
    if names.count("item") != 1 or names.count("key") != 1:
        raise TableError(path, ["the first line must name the columns “item” and “key”."])
    items, keys = (grid.columns[names.index(name)] for name in ("item", "key"))
    errors: list[str] = []
    found: dict[str, frozenset[str]] = {}
    for number, item, key in zip(grid.numbers, items, keys, strict=True):
        if item and key:
            found[item] = found.get(item, frozenset()) | {key}
        else:
            errors.append(f"row {number}: the {'key' if item else 'item'} is missing.")
    if errors:
        raise TableError(path, errors)
    return found
