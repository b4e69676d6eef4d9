"""Throttle guesses of join codes by address. Codes that exist are not counted."""

from __future__ import annotations

from limits import RateLimitItemPerMinute

from learn import extensions
from learn.throttling import client_address, seconds_to_wait

_BY_ADDRESS = RateLimitItemPerMinute(60, 15)  # a whole class may mistype from one address


def join_delay() -> int:
    """Return the seconds to wait before a code is looked up, or 0."""
    keys = ("join", client_address())
    is_allowed = extensions.limits().test(_BY_ADDRESS, *keys)
    return 0 if is_allowed else seconds_to_wait(_BY_ADDRESS, *keys)


def record_wrong_code() -> None:
    """Count a code that no group has."""
    extensions.limits().hit(_BY_ADDRESS, "join", client_address())
