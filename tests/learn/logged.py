"""The log, written to a file of a test's own."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from learn import logs


@contextlib.contextmanager
def logging_to(
    fd: int, format_name: str = logs.JSON, *, has_requests: bool = True
) -> Iterator[logs.StderrHandler]:
    """Log everything to this file, until the end of the block."""
    root = logging.getLogger()
    before = [*root.handlers], root.level, logging.getLogger("learn").level
    handler = logs.configure(format_name, fd, has_requests=has_requests)
    try:
        yield handler
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        logging.getLogger("learn").setLevel(before[2])
