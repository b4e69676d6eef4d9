"""At which address a passkey is good: it belongs to the name of one site, and to no other."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Place:
    """The site, as a browser knows it: its name, and its origin with scheme and port."""

    domain: str
    origin: str


def place(scheme: str, host: str) -> Place | None:
    """The place of a request to `host`, which may have a port.

    None where browsers make no passkeys: at a bare number, or without TLS (this machine apart).
    """
    try:
        domain = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    if not domain or _is_number(domain):
        return None
    if scheme != "https" and domain != "localhost" and not domain.endswith(".localhost"):
        return None
    return Place(domain, f"{scheme}://{host.lower()}")


def _is_number(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True
