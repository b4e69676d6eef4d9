"""Names of our cookies: with a prefix over TLS, so that no other site can set them.

Browsers take a cookie named `__Host-…` only over TLS from the very host that reads it, without a
domain, and for all its paths; `__Secure-…` also for one path. A cookie of an earlier version, or
from before the site had TLS, has no prefix: it is read if there is no other one, and deleted in the
first response to a page. The prefix is part of the salt of the signature, so that another host of
the same domain can't set a copied cookie without it.
"""

from __future__ import annotations

from flask import Response, current_app, has_request_context, request


def current(base: str) -> str:
    """Return the name of a cookie at the address of this request."""
    return f"{_prefix()}{base}"


def _prefix() -> str:
    if not (has_request_context() and request.scheme == "https"):
        return ""
    return "__Host-" if path() == "/" else "__Secure-"


def current_salt(salt: str) -> str:
    """Return the salt for cookies under their current names."""
    return f"{_prefix()}{salt}"


def found_salt(base: str, salt: str) -> str:
    """Return the salt for the cookie that `find` returns."""
    prefix = _prefix()
    return f"{prefix}{salt}" if f"{prefix}{base}" in request.cookies else salt


def path() -> str:
    """Return the path of all our cookies."""
    return current_app.session_interface.get_cookie_path(current_app)


def find(base: str) -> str | None:
    """Return the value of a cookie, under its current name before its earlier one.

    Below a path, another site of the same domain can set a second cookie of that name for some of
    our pages. Nothing tells which one is ours, so two count as none.
    """
    cookies = request.cookies
    if not cookies:
        return None
    name = current(base)
    found = cookies.getlist(name)
    if len(found) > 1:
        return None
    return found[0] if found else cookies.get(base)


def has_earlier(base: str) -> bool:
    """Return whether the request has the cookie under the name of an earlier version."""
    return bool(_prefix()) and base in request.cookies


def delete_earlier(base: str, response: Response) -> None:
    """Delete the cookie under its earlier name, wherever a version before may have set it."""
    if has_earlier(base):
        for place in {"/", path()}:
            response.delete_cookie(base, path=place)
