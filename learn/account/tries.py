"""How often somebody may try, and how long they wait after that: a quarter of an hour at most.

Tries are counted by nickname and address together, by address, and by nickname for addresses from
which nobody has signed in with it: so others who guess never keep the owner out at home.
"""

from __future__ import annotations

import ipaddress

from flask import request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from learn import access, extensions
from learn.rate_limits import seconds_until

_IN_A_ROW = RateLimitItemPerMinute(5)
_FOR_ONE = RateLimitItemPerMinute(20, 15)
_FROM_ONE_ADDRESS = RateLimitItemPerMinute(100, 15)
_FOR_ONE_NICKNAME = RateLimitItemPerMinute(50, 15)
_KEPT_FROM_ONE_ADDRESS = RateLimitItemPerMinute(60, 15)  # a class may do it all at once
_CODES_FROM_ONE_ADDRESS = RateLimitItemPerMinute(20, 15)
_AT_HOME = RateLimitItemPerDay(1, 30)


def sign_in_begins(key: str) -> int:
    """Count a try for the nickname with this key; the seconds to wait, or 0 to go on."""
    address, limits = _address(), extensions.limits()
    wide: list[tuple[RateLimitItem, tuple[str, ...]]] = [(_FROM_ONE_ADDRESS, ("sign-in", address))]
    if limits.test(_AT_HOME, "home", key, address):
        wide.append((_FOR_ONE_NICKNAME, ("sign-in", key)))
    over = [(item, keys) for item, keys in wide if not limits.test(item, *keys)]
    if not over:
        # Counted before the passphrase is looked at: tries at once are tries, too.
        pair = ("sign-in", key, address)
        over = [(i, pair) for i in (_IN_A_ROW, _FOR_ONE) if not limits.hit(i, *pair)]
    return max((_wait(item, *keys) for item, keys in over), default=0)


def sign_in_missed(key: str) -> None:
    """It was not the passphrase."""
    limits = extensions.limits()
    limits.hit(_FROM_ONE_ADDRESS, "sign-in", _address())
    limits.hit(_FOR_ONE_NICKNAME, "sign-in", key)


def sign_in_done(key: str) -> None:
    """It was: earlier tries are forgotten, and for a while the address is the owner's."""
    address, limits = _address(), extensions.limits()
    for item in (_IN_A_ROW, _FOR_ONE):
        limits.clear(item, "sign-in", key, address)
    limits.clear(_AT_HOME, "home", key, address)
    limits.hit(_AT_HOME, "home", key, address)


def keeping() -> int:
    """Count that somebody wants to keep their progress; the seconds to wait, or 0."""
    return _counted(_KEPT_FROM_ONE_ADDRESS, "keep")


def recovery_begins() -> int:
    """The seconds to wait before a recovery code is looked at, or 0."""
    keys = ("recover", _address())
    may = extensions.limits().test(_CODES_FROM_ONE_ADDRESS, *keys)
    return 0 if may else _wait(_CODES_FROM_ONE_ADDRESS, *keys)


def recovery_missed() -> None:
    """Nobody has that recovery code."""
    extensions.limits().hit(_CODES_FROM_ONE_ADDRESS, "recover", _address())


def _counted(item: RateLimitItem, what: str) -> int:
    keys = (what, _address())
    return 0 if extensions.limits().hit(item, *keys) else _wait(item, *keys)


def _wait(item: RateLimitItem, *keys: str) -> int:
    return seconds_until(extensions.limits().get_window_stats(item, *keys).reset_time, access.now())


def _address() -> str:
    """Where the request comes from; a home has a whole network of new addresses in IPv6."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
