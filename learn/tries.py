"""How long somebody waits who has tried often, and where they are counted."""

from __future__ import annotations

import ipaddress

from flask import request
from limits import RateLimitItem

from learn import access, extensions
from learn.rate_limits import seconds_until


def wait(item: RateLimitItem, *keys: str) -> int:
    """The seconds until what was tried by these keys may be tried again: at least 1."""
    return seconds_until(extensions.limits().get_window_stats(item, *keys).reset_time, access.now())


def address() -> str:
    """Where the request comes from; a home has a whole network of new addresses in IPv6."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
