"""The relying party (WebAuthn): the site for which a passkey is valid."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site as a browser knows it: its domain, and its origin with scheme and port."""

    id: str
    origin: str


def relying_party(scheme: str, host: str) -> RelyingParty | None:
    """Return the relying party of a request to `host`, which may have a port.

    None where browsers make no passkeys: at an IP address, or without TLS except on localhost.
    """
    try:
        domain = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    if not domain or _is_ip_address(domain):
        return None
    if scheme != "https" and domain != "localhost" and not domain.endswith(".localhost"):
        return None
    return RelyingParty(domain, f"{scheme}://{host.lower()}")


def _is_ip_address(domain: str) -> bool:
    try:
        ipaddress.ip_address(domain)
    except ValueError:
        return False
    return True
