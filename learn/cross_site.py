"""Detect requests that another site made.

Browsers send `Sec-Fetch-Site` with every request, and older ones `Origin` with forms. A client
that sends neither is not a browser, or so old that it has only the CSRF token. This is the rule
of Go's `http.CrossOriginProtection`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS = frozenset({"same-origin", "none"})  # none: the person themselves, as by a bookmark
_EMBEDDED = frozenset({"embed", "fencedframe", "frame", "iframe", "object"})
_PORTS = {"http": 80, "https": 443}


def is_unsafe(environ: Mapping[str, Any]) -> bool:
    """Return whether the request (a WSGI environ) may change something."""
    return environ["REQUEST_METHOD"] not in _SAFE


def is_from_another_site(environ: Mapping[str, Any]) -> bool:
    """Return whether another site made the request, other than by a link."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if is_unsafe(environ):
        if site is not None:
            return site not in _OURS
        origin = environ.get("HTTP_ORIGIN")
        return origin is not None and not _is_here(origin, environ)
    if site is None or site in _OURS:
        return False
    is_embedded = environ.get("HTTP_SEC_FETCH_DEST") in _EMBEDDED
    return is_embedded or environ.get("HTTP_SEC_FETCH_MODE") != "navigate"


def is_from_this_site(environ: Mapping[str, Any]) -> bool:
    """Return whether the browser says that a page of this very site sent the form.

    Pages that are the same for everybody have no CSRF token. A client that doesn't say is asked
    again, on a page with a token.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    origin = environ.get("HTTP_ORIGIN")
    return origin is not None and _is_here(origin, environ)


def _is_here(origin: str, environ: Mapping[str, Any]) -> bool:
    """Whether `origin` is exactly the origin of the host that was asked.

    Both schemes count on a site that speaks HTTP: a proxy may add TLS without telling.
    """
    scheme, _, named = origin.lower().partition("://")
    if scheme not in _PORTS or (environ["wsgi.url_scheme"] == "https" != scheme):
        return False
    host = (environ.get("HTTP_HOST") or "").lower()
    port = f":{_PORTS[scheme]}"
    return bool(host) and named.removesuffix(port) == host.removesuffix(port)
