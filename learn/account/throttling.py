"""Throttle signing in, registration and recovery, for 15 minutes at most.

Attempts to sign in are counted by nickname and address, by address, and by nickname over all
addresses from which nobody has signed in with it. So guesses by others never lock the owner out
at home.
"""

from __future__ import annotations

from flask import request

from learn import extensions, logs, rate_limits, throttling
from learn.rate_limits import Limit, Per
from learn.throttling import client_address

_TRUSTED_ADDRESS = Limit(
    "a sign-in makes an address trusted",
    1,
    30 * 24 * 60,
    Per.NICKNAME_AND_ADDRESS,
    "Most people come back within a month.",
)


def count_sign_in_attempt(key: str) -> int:
    """Count an attempt for a nickname key; return the seconds to wait, or 0 to go on.

    Sign-ins that succeed count where they are written. They are checked here, too: a passphrase
    takes long to compare, so nobody may have it compared again and again, even the right one.
    """
    limiter = extensions.limiter()
    pair = f"{key} {client_address()}"
    limits = [
        (rate_limits.WRONG_PASSPHRASE_PER_IP, client_address()),
        (rate_limits.SIGNED_IN, client_address()),
    ]
    if not limiter.wait((_TRUSTED_ADDRESS, pair)):
        limits.append((rate_limits.WRONG_PASSPHRASE, key))
    if wait := limiter.wait(*limits):
        return wait
    # Counted before the passphrase is checked, so that simultaneous attempts count, too.
    return limiter.hit((rate_limits.SIGN_IN_BURST, pair), (rate_limits.SIGN_IN, pair))


def record_failed_sign_in(key: str) -> None:
    """Count a wrong passphrase by address and by nickname."""
    logs.log_failure("sign-in", request.remote_addr)
    extensions.limiter().hit(
        (rate_limits.WRONG_PASSPHRASE_PER_IP, client_address()), (rate_limits.WRONG_PASSPHRASE, key)
    )


def record_sign_in(key: str) -> None:
    """Reset the counts for this nickname and address, and trust the address for 30 days."""
    limiter = extensions.limiter()
    pair = f"{key} {client_address()}"
    limiter.clear(
        (rate_limits.SIGN_IN_BURST, pair), (rate_limits.SIGN_IN, pair), (_TRUSTED_ADDRESS, pair)
    )
    limiter.hit((_TRUSTED_ADDRESS, pair))


def count_registration() -> int:
    """Count a registration or another nickname; return the seconds to wait, or 0."""
    return throttling.record(rate_limits.REGISTRATION)


def recovery_delay() -> int:
    """Return the seconds to wait before a recovery code is looked up, or 0."""
    return throttling.delay(rate_limits.WRONG_RECOVERY_CODE)


def record_failed_recovery() -> None:
    """Count a recovery code that no account has."""
    logs.log_failure("recovery", request.remote_addr)
    throttling.record(rate_limits.WRONG_RECOVERY_CODE)
