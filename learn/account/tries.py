"""How often somebody may try, and how long they wait after that: a quarter of an hour at most.

Tries are counted by nickname and address together, by address, and by nickname for addresses from
which nobody has signed in with it: so others who guess never keep the owner out at home.
"""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from learn import extensions
from learn.tries import address, wait

_IN_A_ROW = RateLimitItemPerMinute(5)
_FOR_ONE = RateLimitItemPerMinute(20, 15)
_FROM_ONE_ADDRESS = RateLimitItemPerMinute(100, 15)
_FOR_ONE_NICKNAME = RateLimitItemPerMinute(50, 15)
_KEPT_FROM_ONE_ADDRESS = RateLimitItemPerMinute(60, 15)  # a class may do it all at once
_CODES_FROM_ONE_ADDRESS = RateLimitItemPerMinute(20, 15)
_AT_HOME = RateLimitItemPerDay(1, 30)


def sign_in_begins(key: str) -> int:
    """Count a try for the nickname with this key; the seconds to wait, or 0 to go on."""
    here, limits = address(), extensions.limits()
    wide: list[tuple[RateLimitItem, tuple[str, ...]]] = [(_FROM_ONE_ADDRESS, ("sign-in", here))]
    if limits.test(_AT_HOME, "home", key, here):
        wide.append((_FOR_ONE_NICKNAME, ("sign-in", key)))
    over = [(item, keys) for item, keys in wide if not limits.test(item, *keys)]
    if not over:
        # Counted before the passphrase is looked at: tries at once are tries, too.
        pair = ("sign-in", key, here)
        over = [(i, pair) for i in (_IN_A_ROW, _FOR_ONE) if not limits.hit(i, *pair)]
    return max((wait(item, *keys) for item, keys in over), default=0)


def sign_in_missed(key: str) -> None:
    """It was not the passphrase."""
    limits = extensions.limits()
    limits.hit(_FROM_ONE_ADDRESS, "sign-in", address())
    limits.hit(_FOR_ONE_NICKNAME, "sign-in", key)


def sign_in_done(key: str) -> None:
    """It was: earlier tries are forgotten, and for a while the address is the owner's."""
    here, limits = address(), extensions.limits()
    for item in (_IN_A_ROW, _FOR_ONE):
        limits.clear(item, "sign-in", key, here)
    limits.clear(_AT_HOME, "home", key, here)
    limits.hit(_AT_HOME, "home", key, here)


def keeping() -> int:
    """Count that somebody wants to keep their progress; the seconds to wait, or 0."""
    return _counted(_KEPT_FROM_ONE_ADDRESS, "keep")


def recovery_begins() -> int:
    """The seconds to wait before a recovery code is looked at, or 0."""
    keys = ("recover", address())
    may = extensions.limits().test(_CODES_FROM_ONE_ADDRESS, *keys)
    return 0 if may else wait(_CODES_FROM_ONE_ADDRESS, *keys)


def recovery_missed() -> None:
    """Nobody has that recovery code."""
    extensions.limits().hit(_CODES_FROM_ONE_ADDRESS, "recover", address())


def _counted(item: RateLimitItem, what: str) -> int:
    keys = (what, address())
    return 0 if extensions.limits().hit(item, *keys) else wait(item, *keys)
