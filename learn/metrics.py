"""Counts for Prometheus, of all workers together, at a port of their own.

Nothing of a person is in them: endpoints, statuses, durations, and sums. Unless they are turned on,
nothing is counted, and the library isn't imported.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

ANSWERS = "learn.answers"
"""Key in the `info` of a database session: answers that its commit will keep."""

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # read when the library is imported
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LIVE = re.compile(r"gauge_live\w+_(\d+)\.db")


class Meter:
    """What is counted, in files that all processes forked from this one share."""

    def __init__(self, folder: Path) -> None:
        os.environ[_FOLDER] = str(folder)
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415 - only if it is on
        from sqlalchemy import event  # noqa: PLC0415
        from sqlalchemy.orm import Session  # noqa: PLC0415

        self._requests = Counter(
            "learn_requests", "Requests answered, by endpoint and status.", ["endpoint", "status"]
        )
        self._seconds = Histogram(
            "learn_request_seconds",
            "Seconds in the application, by endpoint.",
            ["endpoint"],
            buckets=_SECONDS,
        )
        self._answers = Counter("learn_answers", "Answers to questions that were kept.")
        self._errors = Counter(
            "learn_database_errors",
            "Errors that show an outage, by what couldn't be done.",
            ["what"],
        )
        self._waiting = Gauge(
            "learn_requests_waiting", "Requests that wait in line.", multiprocess_mode="livesum"
        )
        event.listen(Session, "after_commit", self._count_answers)

    def request(self, endpoint: str | None, status: int, seconds: float) -> None:
        """Count a request."""
        name = endpoint or "none"
        self._requests.labels(name, status).inc()
        self._seconds.labels(name).observe(seconds)

    def database_error(self, what: str) -> None:
        """Count an error of the database."""
        self._errors.labels(what).inc()

    def waiting(self, count: int) -> None:
        """Note how many requests wait in this process."""
        self._waiting.set(count)

    def _count_answers(self, session: Any) -> None:
        if kept := session.info.pop(ANSWERS, 0):
            self._answers.inc(kept)


class _State:
    """The meter of this process, if it has one."""

    meter: Meter | None = None


def meter() -> Meter | None:
    """Return the meter; None unless they are turned on."""
    return _State.meter


class MetricsServer:
    """Serves the counts from a process of its own, until `stop` or the end of its parent."""

    def __init__(self, host: str, port: int, end_with: Callable[[int], None]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="learn-metrics-"))
        _State.meter = Meter(self._folder)
        parent = os.getpid()
        self._child = os.fork()
        if self._child == 0:
            end_with(parent)
            _serve(host, port, self._folder)

    def stop(self) -> None:
        """End the process, and delete the counts."""
        _State.meter = None
        os.kill(self._child, signal.SIGTERM)
        os.waitpid(self._child, 0)
        shutil.rmtree(self._folder, ignore_errors=True)


def _serve(host: str, port: int, folder: Path) -> None:
    """Serve the counts in this process, and never return."""
    from prometheus_client import start_http_server  # noqa: PLC0415

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, too
    try:
        start_http_server(port, host, _registry(folder))
        while True:
            signal.pause()
    finally:
        os._exit(1)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _registry(folder: Path) -> CollectorRegistry:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415
    from prometheus_client.multiprocess import (  # noqa: PLC0415
        MultiProcessCollector,
        mark_process_dead,
    )

    class Living(MultiProcessCollector):
        """Leaves out what waited in processes that are gone."""

        def collect(self) -> Any:
            for file in folder.iterdir():
                match = _LIVE.fullmatch(file.name)
                if match and not _is_alive(int(match[1])):
                    mark_process_dead(int(match[1]), str(folder))  # type: ignore[no-untyped-call]
            return super().collect()  # type: ignore[no-untyped-call]

    registry = CollectorRegistry()
    Living(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry
