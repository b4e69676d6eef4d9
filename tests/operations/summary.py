"""What a run says at its end."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tests.operations.ledger import Tally

_MAX_FAILURES = 20


def summary(tally: Tally, options: argparse.Namespace) -> str:
    """The counts, what was cut off and how it came out, and the failures with the seed."""
    return "\n".join(_lines(tally, options))


def _lines(tally: Tally, options: argparse.Namespace) -> Iterator[str]:
    yield f"{options.database}, seed {options.seed}, {options.clients} clients"
    for name in ("answers acknowledged", "answers lost", "answers doubled"):
        yield f"  {name}: {tally.counts[name]}"
    for name, count in sorted(tally.counts.items()):
        if not name.startswith("answers"):
            yield f"  {name}: {count}"
    if tally.cut:
        yield "Cut off in the middle, and what became of it:"
    kinds = sorted({kind for kind, _ in tally.cut})
    for kind in kinds:
        outcomes = {o: n for (k, o), n in sorted(tally.cut.items()) if k == kind}
        yield f"  {kind}: " + ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items())
    if not tally.failures:
        yield "Nothing was lost, doubled, or half done."
        return
    yield f"FAILURES: {len(tally.failures)}. To try again: --seed {options.seed}"
    for failure in tally.failures[:_MAX_FAILURES]:
        yield f"  {failure}"
