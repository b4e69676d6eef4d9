"""The deadline of a request, which bounds each wait; without one, each wait has its own limit."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from contextvars import ContextVar
from time import monotonic


class DeadlineError(Exception):
    """The wait was too long for the deadline of this page, which is shorter than that of others."""


_is_limited: ContextVar[bool] = ContextVar("is_limited", default=False)
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


def start(seconds: float) -> None:
    """Set the deadline, `seconds` from now, until `clear`."""
    _deadline.set(monotonic() + seconds)


def clear() -> None:
    """Remove the deadline."""
    _deadline.set(math.inf)


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Let the block wait no longer than `seconds`, or than the deadline around it."""
    before, was_limited = _deadline.get(), _is_limited.get()
    _deadline.set(min(before, monotonic() + seconds))
    _is_limited.set(True)
    try:
        yield
    finally:
        _deadline.set(before)
        _is_limited.set(was_limited)


def is_limited() -> bool:
    """Return whether this runs in a block of `at_most`."""
    return _is_limited.get()


def remaining(limit: float) -> float:
    """Return the seconds to wait for something with a `limit` of its own; may be infinite."""
    deadline = _deadline.get()
    return limit if deadline == math.inf else max(0.0, min(limit, deadline - monotonic()))
