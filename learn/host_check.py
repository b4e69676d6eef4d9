"""Check for which host a request is, and let the application see the site's public address.

It runs before the application, so that links, redirects, cookies, and passkeys all rest on an
address that was checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from learn.public_url import PublicURL, is_host

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

REFUSED = "learn.refused_host"
"""Key in the environ of a request for another host: the status of its response."""

HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
"""What a load balancer asks for by IP address: any host is fine."""

_FOREIGN, _MISSHAPEN = 421, 400


class HostCheck:
    """WSGI middleware that refuses requests to other hosts than the public address.

    It rewrites the accepted ones to that address. Without a public address, the host only has to be
    well-formed.
    """

    def __init__(
        self, application: Application, public_url: PublicURL | None, *, trusts_proxy: bool
    ) -> None:
        self._application = application
        self._public_url = public_url
        self._trusts_proxy = trusts_proxy

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        status = self._refusal(environ)
        if self._public_url is not None:
            _pin(environ, self._public_url)
        elif status:
            environ["HTTP_HOST"] = "localhost"
        if status and environ["PATH_INFO"] not in HEALTH_PATHS:
            environ[REFUSED] = status
        return self._application(environ, start_response)

    def _refusal(self, environ: dict[str, Any]) -> int:
        host = environ.get("HTTP_HOST", "")
        if self._public_url is None:
            return 0 if not host or is_host(host) else _MISSHAPEN
        named = [host]
        if not self._trusts_proxy and "HTTP_X_FORWARDED_HOST" in environ:
            named += map(str.strip, environ["HTTP_X_FORWARDED_HOST"].split(","))
        return 0 if all(map(self._public_url.has_host, named)) else _FOREIGN


def _pin(environ: dict[str, Any], public_url: PublicURL) -> None:
    """Set scheme, host, and prefix; whether a proxy has removed the prefix makes no difference."""
    path = environ["PATH_INFO"]
    if public_url.prefix and f"{path}/".startswith(f"{public_url.prefix}/"):
        path = path[len(public_url.prefix) :] or "/"
    environ |= {
        "wsgi.url_scheme": public_url.scheme,
        "HTTP_HOST": public_url.host,
        "SCRIPT_NAME": public_url.prefix,
        "PATH_INFO": path,
    }
