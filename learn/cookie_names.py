"""Names of our cookies: with a prefix over TLS, so that no other site can set them.

Browsers take a cookie named `__Host-…` only over TLS from the very host that reads it, without a
domain, and for all its paths; `__Secure-…` also for one path. A cookie of an earlier version has
no prefix: it is read as long as no other one came, and deleted in the first response to a page.
"""

from __future__ import annotations

from flask import Response, current_app, request


def current(base: str) -> str:
    """Return the name of a cookie at the address of this request."""
    if not request.is_secure:
        return base
    return f"{'__Host-' if path() == '/' else '__Secure-'}{base}"


def path() -> str:
    """Return the path of all our cookies."""
    return current_app.session_interface.get_cookie_path(current_app)


def find(base: str) -> str | None:
    """Return the value of a cookie, under its current name before its earlier one."""
    return request.cookies.get(current(base), request.cookies.get(base))


def has_earlier(base: str) -> bool:
    """Return whether the request has the cookie under the name of an earlier version."""
    return base in request.cookies and current(base) != base


def delete_earlier(base: str, response: Response) -> None:
    """Delete the cookie under its earlier name, wherever a version before may have set it."""
    if has_earlier(base):
        for place in {"/", path()}:
            response.delete_cookie(base, path=place)
