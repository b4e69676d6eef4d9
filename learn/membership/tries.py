"""How often codes may be guessed from one address. Codes that let somebody in are not counted."""

from __future__ import annotations

from limits import RateLimitItemPerMinute

from learn import extensions
from learn.tries import address, wait

_FROM_ONE_ADDRESS = RateLimitItemPerMinute(60, 15)  # a class may mistype from one


def begins() -> int:
    """The seconds to wait before a code is looked at, or 0."""
    keys = ("join", address())
    may = extensions.limits().test(_FROM_ONE_ADDRESS, *keys)
    return 0 if may else wait(_FROM_ONE_ADDRESS, *keys)


def missed() -> None:
    """The code lets nobody in."""
    extensions.limits().hit(_FROM_ONE_ADDRESS, "join", address())
