"""An exclusive lock on a file, between threads and processes, with a deadline for waiting."""

from __future__ import annotations

import fcntl
import math
import os
import threading
from pathlib import Path


class FileLock:
    """A reentrant lock. The kernel wakes waiting processes in order, without polling.

    `flock` has no timeout, so a thread waits for a lock that is taken. After a timeout, the thread
    stays in the queue, and the next caller waits for the same thread.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._depth = 0
        self._handle = -1
        self._owner = 0
        self._waiter: _Waiter | None = None

    def acquire(self, seconds: float = math.inf) -> bool:
        """Wait for the lock for at most `seconds`; return whether it was acquired."""
        if not self._lock.acquire(timeout=-1 if seconds == math.inf else seconds):
            return False
        try:
            is_ours = self._file is None or self._depth > 0 or self._acquire_file(seconds)
        except BaseException:
            self._lock.release()
            raise
        if not is_ours:
            self._lock.release()
            return False
        self._depth += 1
        return True

    def release(self) -> None:
        """Give the lock back."""
        self._depth -= 1
        if self._depth == 0 and self._file is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        self._lock.release()

    def _acquire_file(self, seconds: float) -> bool:
        if self._file is not None and self._owner != os.getpid():
            # A handle inherited through a fork would share its lock with the parent.
            self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            self._owner = os.getpid()
            self._waiter = None
        if self._waiter is None:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._waiter = _Waiter(self._handle)
            else:
                return True
        if not self._waiter.take(seconds):
            return False
        self._waiter = None
        return True


class _Waiter:
    """A thread that waits for the lock on `handle`, and releases it if nobody takes it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._state = threading.Condition()
        self._is_wanted = True
        self._is_locked = False
        threading.Thread(target=self._wait, daemon=True).start()

    def take(self, seconds: float) -> bool:
        """Wait for the thread for at most `seconds`; return whether the lock is the caller's."""
        with self._state:
            self._is_wanted = True
            self._state.notify_all()  # the thread may have released the lock, and sleeps
            timeout = None if seconds == math.inf else seconds
            self._is_wanted = self._state.wait_for(lambda: self._is_locked, timeout)
            return self._is_wanted

    def _wait(self) -> None:
        while True:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            with self._state:
                if self._is_wanted:
                    self._is_locked = True
                    self._state.notify_all()
                    return
                fcntl.flock(self._handle, fcntl.LOCK_UN)
                self._state.wait_for(lambda: self._is_wanted)
