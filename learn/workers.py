"""Granian, which replaces workers that die for as long as the site runs."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from typing import Any

from granian.server.mp import MPServer

_SOON = 5.0  # seconds; a worker that lived for less is replaced after a pause
_MAX_PAUSE = 2.0
_TICK = 0.05
_PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>


class Server(MPServer):
    """Granian gives up when a worker dies twice within 5.5 seconds; this one never does.

    Workers that die again at once are replaced after growing pauses.
    """

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        pause = 0.0
        while not self.interrupt_signal:
            self.main_loop_interrupt.wait()
            self.main_loop_interrupt.clear()
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            while self.interrupt_children and not self.interrupt_signal:
                number = self.interrupt_children.pop()
                lived = time.monotonic() - self.wrks[number].birth
                pause = min(2 * pause + _TICK, _MAX_PAUSE) if lived < _SOON else 0.0
                self._pause(pause)
                if not self.interrupt_signal:
                    self._respawn_workers([number], spawn_target, target_loader)

    def _pause(self, seconds: float) -> None:
        """Sleep, unless the server is to stop."""
        until = time.monotonic() + seconds
        while not self.interrupt_signal and time.monotonic() < until:
            time.sleep(_TICK)


def end_with_parent() -> None:
    """Make this worker stop when its parent is gone, however that ended (on Linux)."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        end_with(parent.pid)


def end_with(parent: int) -> None:
    """Make this process, which `parent` has forked, stop when that is gone (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before
            os.kill(os.getpid(), signal.SIGTERM)
