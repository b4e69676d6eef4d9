"""Throttle signing in, registration and recovery, for a quarter of an hour at most.

Attempts to sign in are counted by nickname and address, by address, and by nickname over all
addresses from which nobody has signed in with it. So guesses by others never lock the owner out
at home.
"""

from __future__ import annotations

from flask import request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from learn import extensions, logs
from learn.throttling import client_address, seconds_to_wait

_BY_PAIR_BURST = RateLimitItemPerMinute(5)
_BY_PAIR = RateLimitItemPerMinute(20, 15)
_BY_ADDRESS = RateLimitItemPerMinute(100, 15)
_BY_NICKNAME = RateLimitItemPerMinute(50, 15)
_REGISTRATIONS_BY_ADDRESS = RateLimitItemPerMinute(60, 15)  # a whole class at once
_RECOVERIES_BY_ADDRESS = RateLimitItemPerMinute(20, 15)
_TRUSTED_ADDRESS = RateLimitItemPerDay(1, 30)


def sign_in_delay(key: str) -> int:
    """Count an attempt for a nickname key; return the seconds to wait, or 0 to go on."""
    here, limits = client_address(), extensions.limits()
    wide: list[tuple[RateLimitItem, tuple[str, ...]]] = [(_BY_ADDRESS, ("sign-in", here))]
    if limits.test(_TRUSTED_ADDRESS, "home", key, here):
        wide.append((_BY_NICKNAME, ("sign-in", key)))
    exceeded = [(limit, keys) for limit, keys in wide if not limits.test(limit, *keys)]
    if not exceeded:
        # Counted before the passphrase is checked, so that simultaneous attempts count, too.
        pair = ("sign-in", key, here)
        exceeded = [(i, pair) for i in (_BY_PAIR_BURST, _BY_PAIR) if not limits.hit(i, *pair)]
    return max((seconds_to_wait(limit, *keys) for limit, keys in exceeded), default=0)


def record_failed_sign_in(key: str) -> None:
    """Count a wrong passphrase by address and by nickname."""
    logs.log_failure("sign-in", request.remote_addr)
    limits = extensions.limits()
    limits.hit(_BY_ADDRESS, "sign-in", client_address())
    limits.hit(_BY_NICKNAME, "sign-in", key)


def record_sign_in(key: str) -> None:
    """Reset the counts for this nickname and address, and trust the address for 30 days."""
    here, limits = client_address(), extensions.limits()
    for limit in (_BY_PAIR_BURST, _BY_PAIR):
        limits.clear(limit, "sign-in", key, here)
    limits.clear(_TRUSTED_ADDRESS, "home", key, here)
    limits.hit(_TRUSTED_ADDRESS, "home", key, here)


def registration_delay() -> int:
    """Count a registration or another nickname; return the seconds to wait, or 0."""
    keys = ("keep", client_address())
    is_allowed = extensions.limits().hit(_REGISTRATIONS_BY_ADDRESS, *keys)
    return 0 if is_allowed else seconds_to_wait(_REGISTRATIONS_BY_ADDRESS, *keys)


def recovery_delay() -> int:
    """Return the seconds to wait before a recovery code is looked up, or 0."""
    keys = ("recover", client_address())
    is_allowed = extensions.limits().test(_RECOVERIES_BY_ADDRESS, *keys)
    return 0 if is_allowed else seconds_to_wait(_RECOVERIES_BY_ADDRESS, *keys)


def record_failed_recovery() -> None:
    """Count a recovery code that no account has."""
    logs.log_failure("recovery", request.remote_addr)
    extensions.limits().hit(_RECOVERIES_BY_ADDRESS, "recover", client_address())
