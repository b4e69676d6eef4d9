"""Throttle signing in, registration and recovery, for 15 minutes at most.

Attempts to sign in are counted by nickname and address, by address, and by nickname over all
addresses from which nobody has signed in with it. So guesses by others never lock the owner out
at home.
"""

from __future__ import annotations

import uuid

from flask import request

from learn import extensions, logs, rate_limits, throttling
from learn.rate_limits import Limit, Per
from learn.throttling import client_address

_TRUSTED_ADDRESS = Limit(
    "a sign-in makes an address trusted",
    1,
    30 * 24 * 60,
    Per.NICKNAME_AND_ADDRESS,  # by the account that has the nickname
    "Most people come back within a month.",
)


def count_sign_in_attempt(key: str, account: uuid.UUID | None) -> int:
    """Count an attempt for a nickname key; return the seconds to wait, or 0 to go on.

    `account` is the one with that nickname. Addresses are trusted by its random id: once it is
    deleted, nothing tells from where its nickname was used.

    Sign-ins that succeed count where they are written. They are checked here, too: a passphrase
    takes long to compare, so nobody may have it compared again and again, even the right one.
    """
    limiter = extensions.limiter()
    pair = f"{key} {client_address()}"
    limits = [
        (rate_limits.WRONG_PASSPHRASE_PER_IP, client_address()),
        (rate_limits.SIGNED_IN, client_address()),
    ]
    if not limiter.wait((_TRUSTED_ADDRESS, _trusted(account))):
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


def record_sign_in(key: str, account: uuid.UUID) -> None:
    """Reset the counts for this nickname and address, and trust the address for 30 days."""
    limiter = extensions.limiter()
    pair = f"{key} {client_address()}"
    trusted = _TRUSTED_ADDRESS, _trusted(account)
    limiter.clear((rate_limits.SIGN_IN_BURST, pair), (rate_limits.SIGN_IN, pair), trusted)
    limiter.hit(trusted)


def _trusted(account: uuid.UUID | None) -> str:
    return f"{account.hex if account else ''} {client_address()}"


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
