"""Delete what is over once a minute, in a thread of each worker, so that no request pays for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

PAUSE = 60.0
"""Seconds between two sweeps."""

_log = logging.getLogger(__name__)


def start(sweep: Callable[[], object], pause: float = PAUSE) -> Callable[[], None]:
    """Sweep now and after each pause, in a thread; return a function that stops it.

    Call it in the process that serves: threads are lost in a fork. While the database is away, the
    sweep is logged as failed and tried again after the next pause.
    """
    ended = threading.Event()

    def run() -> None:
        while True:
            try:
                sweep()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("the sweep failed: %s", type(error).__name__)
            if ended.wait(pause):
                return

    thread = threading.Thread(target=run, name="sweeper", daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        thread.join()

    return end
