"""Who is behind an IP address, as limits count them: an address, or a whole network in IPv6."""

from __future__ import annotations

import ipaddress
import re

_WITH_PORT = re.compile(r"(?:\[(?P<six>[^]]+)\]|(?P<four>[\d.]+))(?::\d+)?")


def network_of(told: str) -> str:
    """Return an IPv4 address, or the /64 network of an IPv6 one; empty if it is neither.

    A socket for both gives IPv4 addresses as IPv6, and some proxies add the port.
    """
    with_port = _WITH_PORT.fullmatch(told)
    try:
        address = ipaddress.ip_address(with_port["six"] or with_port["four"] if with_port else told)
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address.ipv4_mapped or address) if address.version == 6 else str(address)
