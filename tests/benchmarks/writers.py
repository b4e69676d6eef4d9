"""Many learners who answer at once: how long they wait, and whether anything is lost."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles

from tests.benchmarks import serving
from tests.benchmarks.people import Connection, Learner
from tests.benchmarks.report import Row

_WRITERS = 16
_PATIENCE = 300  # seconds


def rows(folder: Path, *, learners: int) -> Iterator[Row]:
    """Each writer answers for `learners` people, one after the other."""
    data = folder / "writers"
    context = get_context("spawn")
    with (
        serving.learn(data, workers=2) as site,
        context.Pool(_WRITERS, _initialize, (context.Barrier(_WRITERS),)) as pool,
    ):
        results = pool.starmap(_write, [(site.port, learners)] * _WRITERS, chunksize=1)
        site.kill()  # what was acknowledged has to be there all the same
    waits = [seconds for answer_times, _, _, _ in results for seconds in answer_times]
    kept = sum(number for _, number, _, _ in results)
    errors = sum(number for _, _, number, _ in results)
    hundredths = quantiles(waits, n=100)
    seconds = max(end for *_, (_, end) in results) - min(start for *_, (start, _) in results)
    with sqlite3.connect(data / "learn.sqlite3") as database:
        there = database.execute("SELECT count(*) FROM item WHERE answered_at IS NOT NULL")
        lost = kept - there.fetchone()[0]
    database.close()
    note = f"{hundredths[49] * 1000:.1f} ms; {len(waits) / seconds:.0f} answers a second"
    yield Row("16 writers on 2 workers", hundredths[98] / hundredths[49], 4, "× p50", note)
    yield Row("16 writers: errors", errors, 0, "", f"of {len(waits)} answers")
    yield Row("16 writers: answers lost", lost, 0, "", f"of {kept} acknowledged")


_together: Barrier


def _initialize(barrier: Barrier) -> None:
    global _together  # noqa: PLW0603 - a barrier reaches a process only when it starts
    _together = barrier


def _write(port: int, learners: int) -> tuple[list[float], int, int, tuple[float, float]]:
    """How long each answer took, how many were acknowledged, the errors, and from when to when."""
    connection = Connection(port)
    ready = []
    for _ in range(learners):
        who = Learner(connection)
        ready += [(who, here, who.fill_in(who.send(here))) for here in who.begin()]
    _together.wait(_PATIENCE)
    waits, errors = [], 0
    start = time.time()
    for who, address, form in ready:
        before = time.perf_counter()
        errors += who.send(address, form).status != 303
        waits.append(time.perf_counter() - before)
    return waits, learners + len(waits) - errors, errors, (start, time.time())
