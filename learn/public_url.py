"""The address at which people open the site: its scheme, host, and path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": "80", "https": "443"}
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(
    rf"(?=.{{1,260}}\Z)(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])(?::[0-9]{{1,5}})?"
)
_PREFIX = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


@dataclass(frozen=True, slots=True)
class PublicURL:
    """`host` is in lowercase, with the port unless it is the scheme's own; `prefix` may be empty.

    A prefix begins with a slash and doesn't end with one.
    """

    scheme: str
    host: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{self.prefix}"

    @property
    def root(self) -> str:
        """Return the address without the prefix, to put before a path that has it."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_safe(self) -> bool:
        """Return whether nobody on the way can read along: with TLS, or on this machine."""
        is_here = urlsplit(self.root).hostname in {"localhost", "127.0.0.1", "::1"}
        return self.scheme == "https" or is_here

    def has_host(self, host: str) -> bool:
        """Return whether `host`, as a browser sends it, is that of the site."""
        return is_host(host) and without_default_port(host, self.scheme) == self.host


def parse(address: str) -> PublicURL:
    """Return the parts of an address. Raises ValueError unless it is an http or https address."""
    parts = urlsplit(address)
    prefix = parts.path.rstrip("/")
    if parts.scheme not in _PORTS or parts.query or parts.fragment:
        raise ValueError(address)
    if not is_host(parts.netloc) or not _PREFIX.fullmatch(prefix) or (parts.port == 0):
        raise ValueError(address)
    return PublicURL(parts.scheme, without_default_port(parts.netloc, parts.scheme), prefix)


def is_host(text: str) -> bool:
    """Return whether it has the shape of a host name or an IP address, with or without a port."""
    return _HOST.fullmatch(text) is not None


def without_default_port(host: str, scheme: str) -> str:
    """Return the host in lowercase, without the port that its scheme has anyway."""
    return host.lower().removesuffix(f":{_PORTS[scheme]}")
