"""Measure, and print what was found beside what we want to reach and what was kept last."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import cost, groups, kept, room, search, size, writers
from tests.benchmarks.report import Row, keep, table


def main() -> None:
    options = _parser().parse_args()
    before = kept.kept_before()
    with tempfile.TemporaryDirectory() as place:
        found = [*_measure(Path(place), options)]
    if options.json:
        print(json.dumps([asdict(row) | {"ok": row.ok} for row, _ in found], indent=1))
    else:
        print(table((row for row, _ in found), before))
    if options.keep:
        keep(found)


def _measure(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Row, str]]:
    """Yield the rows, each with what it was measured on."""
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "cost": lambda: cost.rows(folder, rounds=options.rounds, learners=options.learners),
        "groups": lambda: groups.rows(folder, rounds=options.rounds),
        "room": lambda: room.rows(folder),
        "search": lambda: search.rows(folder),
        "writers": lambda: writers.rows(folder, learners=options.learners),
        "wire": lambda: size.wire(folder),
        "memory": lambda: size.memory(folder, requests=options.requests),
        "start": lambda: size.start(folder, times=options.rounds),
        "disk": lambda: size.answers_on_disk(folder, answers=options.answers),
        "install": size.installed,
    }
    for name in options.parts or parts:
        print(f"{name} …", file=sys.stderr)
        yield from ((row, kept.machine()) for row in parts[name]())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tests.benchmarks", description=__doc__)
    choices = ("cost", "groups", "room", "search", "writers", "wire", "memory", "start", "disk")
    choices += ("install",)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(choices)}")
    parser.add_argument("--keep", action="store_true", help="write the rows to docs/benchmarks.md")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rounds", type=int, default=5, help="of each ratio (%(default)s)")
    parser.add_argument("--learners", type=int, default=50, help="in a round (%(default)s)")
    parser.add_argument("--requests", type=int, default=20_000, help="for memory (%(default)s)")
    parser.add_argument("--answers", type=int, default=50_000, help="on disk (%(default)s)")
    return parser


if __name__ == "__main__":
    main()
