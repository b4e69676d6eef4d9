"""What was kept of earlier runs, in docs/benchmarks.md: a table with a line for each row."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"

_HEAD = """\
# What pages cost, and how fast the site is

`make bench` measures all of this, and prints it beside these lines. `make bench KEEP=1` writes what
it measured here. Costs are processor time, as a ratio to the plainest page there is: Flask with a
session cookie, on the same server, in the same minute. So they mean about the same on any machine,
but less on a busy one: its load is said. Seconds are that machine's own. `make bench-scale` shows
what a page costs with the answers of a health system, 1 and 10 million, by that with 10 thousand.

"""
_COLUMNS = ("What", "Measured", "At most", "Day", "Machine")
_NUMBER = re.compile(r"(\S+)(?: (.*))?")


@dataclass(frozen=True)
class Kept:
    """A line of the page; `day` and `machine` are where and when it was measured."""

    measured: float
    unit: str
    target: str
    day: str
    machine: str


def kept_before() -> dict[str, Kept]:
    """Return the lines of the page in the repository, if there is one."""
    return read(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}


def read(text: str) -> dict[str, Kept]:
    """Return the lines of the page by their names; a line that isn't one of them is passed over."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != len(_COLUMNS) or not line.startswith("|"):
            continue
        name, measured, *others = cells
        number, unit = _parsed(measured)
        if number is not None:
            found[name] = Kept(number, unit, *others)
    return found


def page(lines: Mapping[str, Kept]) -> str:
    """Return the page with these lines."""
    rows: Iterable[tuple[str, ...]] = (
        (name, f"{one.measured:.4g} {one.unit}".rstrip(), one.target, one.day, one.machine)
        for name, one in lines.items()
    )
    table = [_COLUMNS, ("---",) * len(_COLUMNS), *rows]
    return _HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in table)


def machine() -> str:
    """Say what this runs on, and how busy it is."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    version = platform.python_version()
    return f"{cores} cores, {platform.machine()}, Python {version}, load {load:.1f}"


def today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - the day where it runs


def _parsed(text: str) -> tuple[float | None, str]:
    match = _NUMBER.fullmatch(text)
    try:
        return (float(match[1]), match[2] or "") if match else (None, "")
    except ValueError:
        return None, ""
