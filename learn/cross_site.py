"""Whether a request was made by another site, as browsers tell it.

Browsers of today send `Sec-Fetch-Site` with every request; older ones send `Origin` with forms.
What sends neither is no browser that another site could steer, or one so old that only the token
in our forms protects it. This is the rule of Go's `http.CrossOriginProtection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS = frozenset({"same-origin", "none"})  # none: the person themselves, as by a bookmark
_PORTS = {"http": 80, "https": 443}


def is_unsafe(environ: Mapping[str, Any]) -> bool:
    """Whether the request (a WSGI environ) may change something."""
    return environ["REQUEST_METHOD"] not in _SAFE


def is_from_another_site(environ: Mapping[str, Any]) -> bool:
    """Whether another site made the request, other than by a link that somebody followed."""
    told = environ.get("HTTP_SEC_FETCH_SITE")
    if is_unsafe(environ):
        if told is not None:
            return told not in _OURS
        origin = environ.get("HTTP_ORIGIN")
        return origin is not None and not _is_here(origin, environ)
    if told is None or told in _OURS:
        return False
    return environ.get("HTTP_SEC_FETCH_MODE") != "navigate"


def _is_here(origin: str, environ: Mapping[str, Any]) -> bool:
    """Whether `origin` names the host that was asked; the scheme is the proxy's affair."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return False
    host = (environ.get("HTTP_HOST") or "").lower()
    named = (parts.hostname or "").lower()
    if ":" in named:
        named = f"[{named}]"
    return bool(named) and (host == f"{named}:{port}" or (host == named and port in {80, 443}))
