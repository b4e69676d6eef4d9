"""How long a request may still wait; without a deadline, each wait has a limit of its own."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from contextvars import ContextVar
from time import monotonic


class ShortWaitError(Exception):
    """The wait was too long for this page, which could wait less than others can."""


_is_short: ContextVar[bool] = ContextVar("is_short", default=False)
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


def begin(seconds: float) -> None:
    """Let everything from here to `end` wait no longer than `seconds`."""
    _deadline.set(monotonic() + seconds)


def end() -> None:
    """Remove the deadline."""
    _deadline.set(math.inf)


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let the block wait no longer than `seconds`, or than the deadline around it."""
    before, was_short = _deadline.get(), _is_short.get()
    _deadline.set(min(before, monotonic() + seconds))
    _is_short.set(True)
    try:
        yield
    finally:
        _deadline.set(before)
        _is_short.set(was_short)


def is_short() -> bool:
    """Return whether this runs in a block of `at_most`."""
    return _is_short.get()


def left(limit: float) -> float:
    """Return the seconds to wait for something with a `limit` of its own; may be infinite."""
    deadline = _deadline.get()
    return limit if deadline == math.inf else max(0.0, min(limit, deadline - monotonic()))
