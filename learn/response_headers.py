"""Headers of every response: what browsers may do with a page, and whether they keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-ancestors 'none'"
)
FIXED = [
    *{
        "Content-Security-Policy": _POLICY,
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }.items()
]
"""Headers that every response has, whatever it is: the middleware adds them."""


P = ParamSpec("P")


def indexable(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a page that search engines may list: it is public, and says the same to everybody."""
    view.is_indexable = True  # type: ignore[attr-defined]
    return view


def add(app: Flask) -> None:
    """Add the headers that depend on the request to every response."""

    @app.after_request
    def _harden(response: Response) -> Response:
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        view = current_app.view_functions.get(request.endpoint or "")
        if response.status_code >= 400 or not getattr(view, "is_indexable", False):
            response.headers["X-Robots-Tag"] = "noindex"
        if "Cache-Control" not in response.headers:
            personal = g.get("personal", False) or response.status_code >= 400
            response.headers["Cache-Control"] = "no-store" if personal else "private, no-cache"
        return response
