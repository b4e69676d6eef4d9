"""What throttled pages share: how long to wait, and whose attempts count together."""

from __future__ import annotations

import ipaddress

from flask import request
from limits import RateLimitItem

from learn import access, extensions
from learn.rate_limits import seconds_until


def seconds_to_wait(limit: RateLimitItem, *keys: str) -> int:
    """Return the seconds until the limit is reset for these keys: at least 1."""
    stats = extensions.limits().get_window_stats(limit, *keys)
    return seconds_until(stats.reset_time, access.now())


def client_address() -> str:
    """Return the client's IPv4 address, or its /64 network in IPv6; empty if it is unknown."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
